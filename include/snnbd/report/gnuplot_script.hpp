#pragma once

#include <string>
#include <string_view>

#include <snnbd/core/config.hpp>
#include <snnbd/report/figure.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// A figure as a script for gnuplot 5.2 or later, with its data inline.
///
/// Texts are shown as they are: no text can end its quotes, run a command, or be taken for markup.
///
/// @param picture the name of the PNG file that the script writes, in the folder where it is run
/// @throws Error that names the panel if its sizes do not fit together, it has nothing to draw, a
///         value is not finite where it has to be, or not above 0 on a logarithmic axis; or if the
///         figure exceeds 16,384 pixels a side, or the name is no file name that can be printed
std::string gnuplot_script(const Figure& figure, std::string_view picture);

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/gnuplot_script.ipp>
#endif

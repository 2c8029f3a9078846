#pragma once

#include <string>

#include <snnbd/core/config.hpp>
#include <snnbd/report/figure.hpp>
#include <snnbd/report/gnuplot_script.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// The files of a figure that was drawn.
struct Drawing {
  std::string script;   ///< STEM.gp
  std::string picture;  ///< STEM.png; empty if there is no gnuplot to draw it

  [[nodiscard]] bool drawn() const { return !picture.empty(); }
};

/// Writes a figure to STEM.gp and lets gnuplot, if it is on the PATH, draw STEM.png. Both are
/// written whole or not at all. `gnuplot STEM.gp`, in its folder, draws it again.
///
/// @param stem the path of both files without their endings
/// @throws Error as `gnuplot_script`, if a file cannot be written, or with gnuplot's message if it
///         cannot draw; the script is there then
Drawing draw(const std::string& stem, const Figure& figure);

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/plot.ipp>
#endif

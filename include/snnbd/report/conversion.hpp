#pragma once

#include <cstddef>
#include <string>

#include <snnbd/learn/conversion/conversion_report.hpp>
#include <snnbd/report/fields.hpp>
#include <snnbd/report/table.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// A row for each layer of neurons: its threshold, or the smallest and the largest if its channels
/// differ, activations in thresholds beside rates, and how many neurons are clipped, silent or
/// idle.
Table rates_of(const learn::ConversionReport& conversion);

/// A row for each layer of neurons: the errors of clipping and of quantization, the remaining
/// error, and the whole error, in thresholds. The means of the three parts add up to the mean of
/// the whole.
Table errors_of(const learn::ConversionReport& conversion);

/// A heading, both tables and a line on the outputs.
///
/// @param width in characters
std::string to_text(const learn::ConversionReport& conversion, std::size_t width = 120);

/// The report for JSON, with a list for each column, and for each layer a list of the rates against
/// activations of 0, up to 0.1, ..., up to 1, and above.
Fields fields_of(const learn::ConversionReport& conversion);

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/conversion.ipp>
#endif

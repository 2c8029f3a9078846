#pragma once

#include <cstddef>
#include <string>

#include <snnbd/learn/conversion_report.hpp>
#include <snnbd/report/fields.hpp>
#include <snnbd/report/table.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// A row for each layer of neurons. Activations, rates and errors are in thresholds; of the errors
/// it shows the means (three columns that add up to the fourth) and the root mean squares. Of
/// thresholds that differ among channels it shows the smallest and the largest.
Table table_of(const learn::ConversionReport& conversion);

/// A heading, the table and a line on the outputs, at most `width` characters wide as far as
/// numbers allow.
std::string to_text(const learn::ConversionReport& conversion, std::size_t width = 130);

/// The same for JSON, with a list for each column, and for each layer a list of the rates against
/// activations of 0, up to 0.1, ..., up to 1, and above.
Fields fields_of(const learn::ConversionReport& conversion);

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/conversion.ipp>
#endif

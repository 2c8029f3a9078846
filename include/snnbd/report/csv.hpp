#pragma once

#include <string>
#include <utility>

#include <snnbd/core/config.hpp>
#include <snnbd/report/record.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// The cells of a report as comma-separated values (RFC 4180, lines end with a newline): one header
/// line, the fixed columns, for each rate in percent the ends of its 95 % interval, then every
/// extra name in the order of its first appearance. What is absent or not a number is empty; lists
/// are joined by semicolons.
std::string to_csv(const Report& report);

/// Writes each report it is given to one file, whole or not at all.
class Csv {
 public:
  explicit Csv(std::string path) : path_{std::move(path)} {}

  /// @throws Error if the file cannot be written
  void write(const Report& report) const;

 private:
  std::string path_;
};

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/csv.ipp>
#endif

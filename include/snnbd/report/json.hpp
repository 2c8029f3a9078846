#pragma once

#include <string>
#include <utility>

#include <snnbd/core/config.hpp>
#include <snnbd/report/record.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// A report as JSON, keys in a fixed order. Rates are in percent, each with its 95 % Wilson
/// interval (percent) and its counts; the poisoning rate is a share as in the settings. What is
/// absent, not a number or infinite is null.
///
/// @returns indented text with a newline at its end; bytes that are not UTF-8 are replaced
std::string to_json(const Report& report);

/// Writes each report it is given to one file, whole or not at all.
class Json {
 public:
  explicit Json(std::string path) : path_{std::move(path)} {}

  /// @throws Error if the file cannot be written
  void write(const Report& report) const;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/json.ipp>
#endif

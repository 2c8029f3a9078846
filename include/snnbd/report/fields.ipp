#pragma once

#include <cmath>

#include <snnbd/report/fields.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

/// The shortest decimal form that reads back as the same number; empty if it is none.
inline std::string number_text_of(double number) {
  if (!std::isfinite(number)) return {};
  char text[40];
  const auto written = std::to_chars(text, text + sizeof(text), number);
  return {text, written.ptr};
}

}  // namespace detail

SNNBD_COLD std::string text_of(const Value& value) {
  struct Printer {
    std::string operator()(std::monostate /*absent*/) const { return {}; }
    std::string operator()(bool held) const { return held ? "true" : "false"; }
    std::string operator()(std::int64_t held) const { return std::to_string(held); }
    std::string operator()(std::uint64_t held) const { return std::to_string(held); }
    std::string operator()(double held) const { return detail::number_text_of(held); }
    std::string operator()(const std::string& held) const { return held; }
    std::string operator()(const std::vector<double>& held) const {
      std::string text;
      for (std::size_t at = 0; at < held.size(); ++at)
        text.append(at == 0 ? "" : ";").append(detail::number_text_of(held[at]));
      return text;
    }
  };
  return std::visit(Printer{}, value);
}

}  // namespace snnbd::inline SNNBD_ISA::report

#pragma once

#include <algorithm>

#include <snnbd/core/setting.hpp>

namespace snnbd::inline SNNBD_ISA::detail {

SNNBD_COLD std::string setting_label(std::string_view name) {
  std::string label{name};
  std::replace(label.begin(), label.end(), '_', ' ');
  return label;
}

SNNBD_COLD std::string setting_range(const Setting& setting) {
  const bool bounded_below = setting.low > std::numeric_limits<double>::lowest();
  const bool bounded_above = setting.high < std::numeric_limits<double>::max();
  const std::string low = value_text(setting.low);
  const std::string high = value_text(setting.high);
  if (bounded_below && bounded_above)
    return setting.above ? "a number above " + low + ", at most " + high
                         : "a number from " + low + " to " + high;
  if (bounded_below) return (setting.above ? "a number above " : "a number of at least ") + low;
  if (bounded_above) return "a number of at most " + high;
  return "a finite number";
}

SNNBD_COLD std::string_view name_number(std::string_view names, std::size_t number) {
  for (; number > 0; --number) {
    const std::size_t comma = names.find(',');
    if (comma == std::string_view::npos) return {};
    names.remove_prefix(comma + 1);
  }
  return names.substr(0, names.find(','));
}

}  // namespace snnbd::inline SNNBD_ISA::detail

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <snnbd/core/config.hpp>
#include <snnbd/core/error.hpp>

namespace snnbd::inline SNNBD_ISA::metric::detail {

inline void check_class(std::string_view subject, int found, int classes) {
  if (found < 0 || found >= classes)
    reject(subject, "a class from 0 to " + std::to_string(classes - 1), found);
}

/// @param others what there are `expected` of
inline void check_size(std::string_view subject, std::size_t found, std::size_t expected,
                       std::string_view others) {
  if (found != expected)
    reject(subject, std::to_string(expected).append(", as many as ").append(others), found);
}

inline void check_confidence(double confidence) {
  if (!(confidence > 0.0 && confidence < 1.0))
    reject("confidence", "a number above 0 and below 1", confidence);
}

}  // namespace snnbd::inline SNNBD_ISA::metric::detail

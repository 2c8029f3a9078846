#pragma once

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA {

/// What every part of the library throws: one sentence that names the file or the setting, what was
/// expected and what was found.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws `Error{"SUBJECT: expected EXPECTED, found FOUND"}`.
///
/// @param subject the file, the setting or the argument at fault
[[noreturn]] inline void reject(std::string_view subject, std::string_view expected,
                                std::string_view found) {
  std::string sentence{subject};
  sentence.append(": expected ").append(expected).append(", found ").append(found);
  throw Error{sentence};
}

/// The same for a number that was found.
template <class Number>
requires std::integral<Number> || std::floating_point<Number>
[[noreturn]] void reject(std::string_view subject, std::string_view expected, Number found) {
  reject(subject, expected, std::string_view{std::to_string(found)});
}

}  // namespace snnbd::inline SNNBD_ISA

#pragma once

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>

#include <snnbd/core/config.hpp>
#include <snnbd/core/number.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace detail {

/// `text` with what could steer a terminal written out (`\n`, `\x1B`): control characters,
/// invisible ones that turn the direction of writing, and bytes that are not UTF-8.
std::string printable(std::string_view text);

}  // namespace detail

/// What every part of the library throws: one sentence that names the file or the setting, what was
/// expected and what was found. Whatever it is made of, it is one line that a terminal can show.
class Error : public std::runtime_error {
 public:
  explicit Error(std::string_view sentence) : std::runtime_error{detail::printable(sentence)} {}
};

/// A text that came out of a file, for an error: in quotes, with backslashes, quotes and whatever
/// is not printable written out, and cut after 80 characters, with its length told.
std::string quoted(std::string_view text);

/// Throws `Error{"SUBJECT: expected EXPECTED, found FOUND"}`. A part of more than 4,096 bytes is
/// cut, with its length told.
///
/// @param subject the file, the setting or the argument at fault
[[noreturn]] void reject(std::string_view subject, std::string_view expected,
                         std::string_view found);

/// The same for a number that was found.
template <class Number>
requires std::integral<Number> || std::floating_point<Number>
[[noreturn]] void reject(std::string_view subject, std::string_view expected, Number found) {
  if constexpr (std::same_as<Number, float>)
    reject(subject, expected, std::string_view{number_text(found)});
  else if constexpr (std::floating_point<Number>)
    reject(subject, expected, std::string_view{number_text(static_cast<double>(found))});
  else
    reject(subject, expected, std::string_view{std::to_string(found)});
}

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/error.ipp>
#endif

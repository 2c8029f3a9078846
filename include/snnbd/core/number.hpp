#pragma once

#include <cstdint>
#include <string>

#include <snnbd/core/config.hpp>

/// Numbers as texts, with a point whatever the locale: a program that sets another one writes the
/// same reports and reads its own checkpoints.
namespace snnbd::inline SNNBD_ISA {

/// The fewest decimal digits that read back as the same number: `1e-07`, `0.0005`, `nan`.
std::string number_text(double number);
std::string number_text(float number);

/// As the conversion `f` of `printf` prints it in the C locale.
///
/// @param decimals behind the point, 0 to 60
std::string decimal_text(double number, int decimals);

/// As the conversion `g` of `printf` prints it in the C locale.
///
/// @param digits in all, 1 to 60
std::string rounded_text(double number, int digits);

/// The last digits of a number in hexadecimal, in small letters and with zeros in front.
///
/// @param digits in all, 1 to 16
std::string hexadecimal_text(std::uint64_t number, int digits);

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/number.ipp>
#endif

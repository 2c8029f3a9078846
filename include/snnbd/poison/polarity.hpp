#pragma once

#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// Which events a trigger shows, numbered as in the field (Abad et al. 2024; Jin et al. 2024,
/// Fig. 16). In a frame, channel 0 counts OFF and channel 1 counts ON events.
enum class Polarity {
  none = 0,  ///< no events: what was there is erased
  on = 1,    ///< ON events alone
  off = 2,   ///< OFF events alone
  both = 3   ///< both
};

/// The name as reports print it.
constexpr std::string_view to_string(Polarity polarity) {
  switch (polarity) {
    case Polarity::none:
      return "no events";
    case Polarity::on:
      return "ON";
    case Polarity::off:
      return "OFF";
    case Polarity::both:
      return "ON and OFF";
  }
  return "unknown polarity";
}

/// Whether a polarity shows events of one kind.
///
/// @param on 1 for ON, 0 for OFF
constexpr bool shows(Polarity polarity, int on) {
  return polarity == Polarity::both || polarity == (on == 1 ? Polarity::on : Polarity::off);
}

namespace detail {

/// Refuses a number that is no polarity, and one that frames of so many channels cannot show: of
/// frames that do not count OFF and ON, all channels or none can be meant.
inline void check_polarity(Polarity polarity, int channels) {
  const auto number = static_cast<int>(polarity);
  if (number < 0 || number > 3) reject("polarity of a trigger", "a number from 0 to 3", number);
  if (channels != 2 && (polarity == Polarity::on || polarity == Polarity::off))
    reject("frames for a trigger of " + std::string{to_string(polarity)} + " events",
           "two channels, OFF and ON", channels);
}

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::poison

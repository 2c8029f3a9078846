#pragma once

#include <array>
#include <string>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// Which of the three steps of hybrid learning see the poisoned set; the others see the same set
/// without poison (the paper's Eq. 6 to 8 and 12 to 14, Table 8, which has four of the eight).
struct PoisonedSteps {
  bool ann = false;          ///< training of the artificial network
  bool calibration = false;  ///< finding the thresholds of the conversion
  bool tuning = false;       ///< training of the converted network

  friend bool operator==(const PoisonedSteps&, const PoisonedSteps&) = default;

  [[nodiscard]] bool any() const { return ann || calibration || tuning; }

  /// `Com1` to `Com4` for those of the paper, else what is poisoned, as `ann+tuning`.
  [[nodiscard]] std::string name() const;

  /// What is poisoned, as `ann+tuning`, or `none`.
  [[nodiscard]] std::string parts() const {
    std::string text;
    const auto add = [&](bool poisoned, const char* part) {
      if (poisoned) text.append(text.empty() ? "" : "+").append(part);
    };
    add(ann, "ann");
    add(calibration, "calibration");
    add(tuning, "tuning");
    return text.empty() ? "none" : text;
  }
};

inline constexpr PoisonedSteps com1{};
inline constexpr PoisonedSteps com2{.calibration = true, .tuning = true};
inline constexpr PoisonedSteps com3{.ann = true};
inline constexpr PoisonedSteps com4{.ann = true, .calibration = true, .tuning = true};

/// All eight.
inline constexpr std::array<PoisonedSteps, 8> every_combination{
    com1,
    com2,
    com3,
    com4,
    PoisonedSteps{.calibration = true},
    PoisonedSteps{.tuning = true},
    PoisonedSteps{.ann = true, .calibration = true},
    PoisonedSteps{.ann = true, .tuning = true}};

inline std::string PoisonedSteps::name() const {
  constexpr std::array papers{com1, com2, com3, com4};
  for (std::size_t number = 0; number < papers.size(); ++number)
    if (papers[number] == *this) return "Com" + std::to_string(number + 1);
  return parts();
}

}  // namespace snnbd::inline SNNBD_ISA::learn

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/data/dataset.hpp>
#include <snnbd/data/mnist.hpp>
#include <snnbd/event/camera.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail {

/// What a camera sees of a digit that moves.
///
/// @param pixels of the digit, 28 x 28, 0 for paper and 1 for ink
/// @param item the number of the noise's stream
std::vector<event::Event> render_digit(std::span<const float> pixels, const event::Camera& camera,
                                       std::uint64_t seed, std::uint64_t item);

}  // namespace detail

/// MNIST's digits as an event camera of 34 x 34 pixels sees them while it moves as that of N-MNIST
/// did (Orchard et al. 2015): three saccades of 105 ms along a triangle, some 3,500 events, with
/// background noise. For tests, demonstrations, and those without recordings; figures on it are not
/// figures on N-MNIST.
///
/// Digits are bright on dark ground. A recording is rendered when it is asked for, in some 0.3 ms;
/// the same digit, camera and seed give the same events.
///
/// ```cpp
/// const data::EventFrames<data::MovingDigits, 10> set{data::Part::train};
/// ```
///
/// @tparam Lens the camera
template <event::Camera Lens>
class DigitsSeenBy {
 public:
  static constexpr event::Sensor sensor{34, 34};
  static constexpr int classes = 10;
  static constexpr std::string_view name = "synthetic_nmnist";

  /// @param directory of MNIST's files; empty for the digits that come with the library
  /// @throws Error as `data::Mnist` does, or if a setting of the camera is out of range
  explicit DigitsSeenBy(Part part, const std::string& directory = {})
      : DigitsSeenBy{Mnist{part, directory}, part == Part::train ? 1U : 2U} {}

  /// @param seed of the noise
  DigitsSeenBy(Mnist digits, std::uint64_t seed) : digits_{std::move(digits)}, seed_{seed} {
    Lens.check();
  }

  [[nodiscard]] std::size_t size() const { return digits_.size(); }

  /// @throws Error if there is no such digit
  [[nodiscard]] int label(std::size_t index) const { return digits_.label(index); }

  /// The events of one recording, in the order of time.
  ///
  /// @throws Error if there is no such digit
  [[nodiscard]] std::vector<event::Event> events(std::size_t index) const {
    std::vector<float> pixels(static_cast<std::size_t>(Mnist::shape.size()));
    digits_.read(index, pixels);
    return detail::render_digit(pixels, Lens, seed_, index);
  }

  /// Of the digits.
  [[nodiscard]] std::uint32_t checksum() const { return digits_.checksum(); }
  [[nodiscard]] std::string source() const {
    return "rendered from " + (digits_.is_embedded() ? "the embedded digits" : digits_.source());
  }

  /// What decides the events.
  [[nodiscard]] std::string identity() const {
    return "digits " + std::to_string(digits_.checksum()) + ", seed " + std::to_string(seed_) +
           ", camera " + std::to_string(Lens.threshold_percent) + ' ' +
           std::to_string(Lens.refractory) + ' ' + std::to_string(Lens.noise_millihertz);
  }

 private:
  Mnist digits_;
  std::uint64_t seed_;
};

using MovingDigits = DigitsSeenBy<event::Camera{}>;

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/moving_digits.ipp>
#endif

#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/encode/real_valued.hpp>
#include <snnbd/kernels/elementwise/standardize.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

/// A set that knows the mean and the deviation of each of its channels, as arrays known at compile
/// time: `data::Cifar10`.
template <class Type>
concept ChannelStatistics = requires {
  { Type::mean[0] } -> std::convertible_to<float>;
  { Type::deviation[0] } -> std::convertible_to<float>;
  requires std::size(Type::mean)
  == std::size_t{Type::shape.channels};
  requires std::size(Type::deviation)
  == std::size_t{Type::shape.channels};
};

/// Brings each channel to mean 0 and deviation 1 over the training set, (x - mean) / deviation, and
/// gives that to another encoder. Triggers are stamped before: the attacker's pixels are in the
/// files, and pass through this like all others.
///
/// ```cpp
/// using Study = Experiment<Dirty, encode::Standardized<data::Cifar10>, Net, learn::Bptt<>>;
/// ```
///
/// @tparam Set where the means and deviations come from
/// @tparam Inner an encoder whose signal is real; one that makes spikes takes values in [0, 1] for
///   rates or times, which these no longer are
template <ChannelStatistics Set, Encoder Inner = Direct>
struct Standardized {
  static_assert(!SpikeSignal<typename Inner::template Signal<Set::shape>>,
                "snnbd: Standardized stands before encoders of real values; one that makes spikes "
                "takes values from 0 to 1");

  static constexpr std::string_view name = "standardized";
  static constexpr bool passes_frames = encode::passes_frames<Inner>;

  template <Shape S>
  using Signal = typename Inner::template Signal<S>;

  Inner inner{};

  void check() const {
    for (std::size_t channel = 0; channel < std::size(Set::mean); ++channel) {
      require_finite("mean of a channel", Set::mean[channel]);
      require_positive("deviation of a channel", Set::deviation[channel]);
    }
    check_policy(inner);
  }

  /// @throws Error if the images have another number of channels than `Set`, or as `Inner` does
  template <class Scalar>
  void encode(RealView<const float> images, std::span<const std::uint64_t> sample_ids,
              RealView<Scalar> out, const Steps& steps = {}) const {
    if (images.shape.channels != Set::shape.channels)
      reject("images to standardize", std::to_string(Set::shape.channels) + " channels",
             images.shape.channels);
    std::vector<float> values(static_cast<std::size_t>(images.size()));
    const RealView<float> standardized{values.data(), images.extent, images.shape};
    kernels::standardize<Set>(images, standardized);
    inner.encode(standardized, sample_ids, out, steps);
  }

  /// See `encode::multiply_by_slope`: divides by the deviations, and as `Inner` does.
  template <class Scalar>
  void multiply_by_slope(const RealView<Scalar>& values) const {
    encode::multiply_by_slope(inner, values);
    kernels::divide_by_deviation<Set>(values);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::encode

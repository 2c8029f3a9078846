#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/encode/encoder.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

/// The image itself at each step (Jin et al. 2024, Sec. 3.2.1). As all steps are alike, the signal
/// has none, and the first layer runs once instead of T times.
struct Direct {
  static constexpr std::string_view name = "direct";

  template <Shape S>
  using Signal = Static<S>;

  /// Copies `images` to `out`, which has one step, whichever steps of a sequence it stands for.
  ///
  /// @throws Error if the views do not belong together
  template <class Scalar>
  void encode(RealView<const float> images, std::span<const std::uint64_t> sample_ids,
              RealView<Scalar> out, const Steps& /*steps*/ = {}) const {
    detail::check_views(images, sample_ids.size(), out.extent, out.shape);
    if (out.extent.steps != 1) reject("room for images", "one step", out.extent.steps);
    std::transform(images.data, images.data + images.size(), out.data,
                   [](float value) { return static_cast<Scalar>(value); });
  }

  /// See `encode::multiply_by_slope`: the values are passed on as they are.
  template <class Scalar>
  void multiply_by_slope(const RealView<Scalar>& /*values*/) const {}
};

}  // namespace snnbd::inline SNNBD_ISA::encode

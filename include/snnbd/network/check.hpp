#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <type_traits>

#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/elementwise/finite.hpp>
#include <snnbd/layer/bound_layers.hpp>
#include <snnbd/network/network.hpp>

/// What every way into the library asks of a network.
namespace snnbd::inline SNNBD_ISA::network {

/// Refuses settings of layers, those within layers too, and of their neurons that are out of range.
///
/// @throws Error that names the setting
template <class Net>
void check(const Net& net) {
  layer::for_each_layer(net.layers(), [](const auto& spec, int /*place*/) { check_policy(spec); });
}

/// Refuses parameters that are not finite, and variances below 0. One run through the memory.
///
/// @param subject what the parameters are for, such as `network to convert`
/// @throws Error that names the tensor, such as `3.weight`
template <class Net>
void check_parameters(const Net& net, std::string_view subject) {
  const auto refuse = [&](const ParameterTensor& tensor, std::string_view expected, auto value) {
    reject(subject, expected, number_text(value) + " in the tensor " + tensor.name());
  };
  for (const ParameterTensor& tensor : Net::tensors()) {
    const auto* const values = net.parameters().data() + tensor.offset;
    const auto* const end = values + tensor.parameter.size();
    if (!kernels::all_finite(values, tensor.parameter.size()))
      refuse(tensor, "finite parameters",
             *std::find_if(values, end, [](auto value) { return !std::isfinite(value); }));
    if (!tensor.parameter.name.ends_with("running_var")) continue;
    const auto* const negative = std::find_if(values, end, [](auto value) { return value < 0; });
    if (negative != end) refuse(tensor, "variances of at least 0", *negative);
  }
}

/// How many values of each channel the batch norms of a network see at least for one sample at one
/// step; 0 if there are none.
template <class Net>
[[nodiscard]] constexpr Index normalized_pixels() {
  Index least = 0;
  layer::for_each_bound<typename Net::ScalarType, Static<Net::input_shape>, typename Net::Layers>(
      [&]<class Bound>(std::type_identity<Bound> /*layer*/) {
        if constexpr (requires { typename Bound::Measured; }) {
          const Index pixels = Bound::Input::shape.pixels();
          least = least == 0 ? pixels : std::min(least, pixels);
        }
      });
  return least;
}

}  // namespace snnbd::inline SNNBD_ISA::network

#pragma once

#include <cmath>

#include <snnbd/core/random.hpp>
#include <snnbd/network/initialise.hpp>

namespace snnbd::inline SNNBD_ISA::network {

template <class Scalar>
void initialise_weights(std::span<Scalar> values, Initialisation kind, double gain, Index fan_in,
                        std::uint64_t seed, std::uint64_t tensor) {
  random::Stream stream{seed, random::Purpose::initialise, tensor};
  const double inputs = std::sqrt(static_cast<double>(fan_in));
  if (kind == Initialisation::kaiming_normal) {
    for (Scalar& value : values) value = static_cast<Scalar>(stream.normal() * gain / inputs);
    return;
  }
  const double bound =
      (kind == Initialisation::pytorch_default ? 1.0 : gain * std::sqrt(3.0)) / inputs;
  for (Scalar& value : values)
    value = static_cast<Scalar>((2.0 * static_cast<double>(stream.uniform()) - 1.0) * bound);
}

#if defined(SNNBD_COMPILED)
template void initialise_weights<float>(std::span<float>, Initialisation, double, Index,
                                        std::uint64_t, std::uint64_t);
template void initialise_weights<double>(std::span<double>, Initialisation, double, Index,
                                         std::uint64_t, std::uint64_t);
#endif

}  // namespace snnbd::inline SNNBD_ISA::network

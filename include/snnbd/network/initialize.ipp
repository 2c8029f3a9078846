#pragma once

#include <cmath>

#include <snnbd/core/random.hpp>
#include <snnbd/network/initialize.hpp>

namespace snnbd::inline SNNBD_ISA::network {

template <class Scalar>
void initialize_weights(std::span<Scalar> values, Initialization kind, double gain, Index fan_in,
                        std::uint64_t seed, std::uint64_t tensor) {
  random::Stream stream{seed, random::Purpose::initialize, tensor};
  const double inputs = std::sqrt(static_cast<double>(fan_in));
  if (kind == Initialization::kaiming_normal) {
    for (Scalar& value : values) value = static_cast<Scalar>(stream.normal() * gain / inputs);
    return;
  }
  const double bound =
      (kind == Initialization::pytorch_default ? 1.0 : gain * std::sqrt(3.0)) / inputs;
  for (Scalar& value : values)
    value = static_cast<Scalar>((2.0 * static_cast<double>(stream.uniform()) - 1.0) * bound);
}

#if defined(SNNBD_COMPILED)
template void initialize_weights<float>(std::span<float>, Initialization, double, Index,
                                        std::uint64_t, std::uint64_t);
template void initialize_weights<double>(std::span<double>, Initialization, double, Index,
                                         std::uint64_t, std::uint64_t);
#endif

}  // namespace snnbd::inline SNNBD_ISA::network

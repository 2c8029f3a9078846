#pragma once

#include "reference.hpp"

namespace snnbd_tests::reference {

/// Counts of events: whole numbers from 1 to 5 at a share of the places, zeros at the others.
template <class Scalar>
Values<Scalar> counts(Index count, double share, std::uint64_t seed) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  return drawn<Scalar>(count, [&] {
    const int value = 1 + static_cast<int>(stream.below(5));
    return stream.uniform() < share ? value : 0;
  });
}

/// Few channels, as frames of events have, and many; every kernel with every stride and padding.
inline std::vector<Case> count_cases() {
  const std::vector<int> channels{2, 1, 2, 3, 2, 70};
  const std::vector<int> outputs{20, 64, 1, 100, 33};
  const std::vector<double> shares{0.05, 0.0, 0.2, 1.0};
  std::vector<Case> result;
  for (const int kernel : {1, 2, 3, 5})
    for (const int stride : {1, 2})
      for (int padding = 0; padding < kernel; ++padding) {
        const auto turn = result.size();
        const auto number = static_cast<int>(turn);
        const Shape shape{kernel + 1 + number % 2, kernel + 2 + number % 3, channels[turn % 6]};
        result.push_back({convolution(shape, outputs[turn % 5], kernel, stride, padding),
                          {1 + number % 2, 1 + number / 2 % 3},
                          shares[turn % 4]});
      }
  return result;
}

}  // namespace snnbd_tests::reference

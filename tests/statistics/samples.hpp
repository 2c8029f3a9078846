#pragma once

#include <cstdint>

#include <snnbd/core/random.hpp>
#include <snnbd/statistics/matrix.hpp>

namespace snnbd_tests {

/// Normal features, some of which go with the first one and have other deviations.
inline snnbd::statistics::Matrix normal_samples(snnbd::Index samples, snnbd::Index features,
                                                std::uint64_t seed) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  snnbd::statistics::Matrix result(samples, features);
  for (snnbd::Index row = 0; row < samples; ++row)
    for (snnbd::Index column = 0; column < features; ++column) {
      const double common = column % 3 == 1 ? result(row, 0) : 0.0;
      result(row, column) = common + (1.0 + static_cast<double>(column % 4)) * stream.normal();
    }
  return result;
}

}  // namespace snnbd_tests

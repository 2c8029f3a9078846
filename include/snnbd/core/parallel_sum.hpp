#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

#include <snnbd/core/parallel.hpp>

namespace snnbd::inline SNNBD_ISA {

/// The sum of what `part(first, last)` gives for pieces of at most `grain` items, in double and in
/// the order of the pieces, so that it does not depend on the number of threads.
template <class Part>
double parallel_sum(Index count, Index grain, const Part& part) {
  std::vector<double> parts(static_cast<std::size_t>((count + grain - 1) / grain));
  parallel_ranges(count, grain, [&](Index first, Index last) {
    parts[static_cast<std::size_t>(first / grain)] = part(first, last);
  });
  return std::accumulate(parts.begin(), parts.end(), 0.0);
}

}  // namespace snnbd::inline SNNBD_ISA

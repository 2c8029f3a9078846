#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Puts the first `count` places of `values` in a random order, drawn from all of them (Fisher and
/// Yates, from the front): with the same stream, a smaller count gives the beginning of a larger.
///
/// @throws Error if there are 2^32 values or more
template <class Value>
void shuffle(std::vector<Value>& values, random::Stream& stream, std::size_t count) {
  if (values.size() > std::numeric_limits<std::uint32_t>::max())
    reject("number of samples", "fewer than 2^32", values.size());
  for (std::size_t place = 0; place < count && place + 1 < values.size(); ++place) {
    const auto rest = static_cast<std::uint32_t>(values.size() - place);
    std::swap(values[place], values[place + stream.below(rest)]);
  }
}

/// Puts all values in a random order.
template <class Value>
void shuffle(std::vector<Value>& values, random::Stream& stream) {
  shuffle(values, stream, values.size());
}

}  // namespace snnbd::inline SNNBD_ISA::data

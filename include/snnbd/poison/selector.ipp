#pragma once

#include <snnbd/core/random.hpp>
#include <snnbd/data/shuffle.hpp>
#include <snnbd/poison/selector.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

SNNBD_INLINE std::vector<Candidate> RandomSelector::select(std::vector<Candidate> candidates,
                                                           std::size_t count,
                                                           std::uint64_t seed) const {
  if (exclude_target)
    std::erase_if(candidates, [](const Candidate& candidate) {
      return candidate.label == candidate.new_label;
    });
  random::Stream stream{seed, random::Purpose::select};
  data::shuffle(candidates, stream, count);
  if (candidates.size() > count) candidates.resize(count);
  return candidates;
}

}  // namespace snnbd::inline SNNBD_ISA::poison

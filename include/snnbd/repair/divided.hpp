#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <snnbd/data/runtime_set.hpp>
#include <snnbd/data/subset.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// Clean samples in two parts, each class in proportion: a repair that trains and then chooses by
/// an accuracy must not do both on the same samples. It looks at the set.
class Divided {
 public:
  /// @param share of the samples that is for choosing, above 0 and below 1
  /// @throws Error if a part would be empty
  Divided(data::DatasetView set, double share, std::uint64_t seed)
      : Divided{set, data::detail::choose_samples(
                         set, data::detail::held_out_count(set.size(), share), seed, false)} {}

  data::Selection training;
  data::Selection validation;

 private:
  Divided(data::DatasetView set, const std::vector<std::size_t>& chosen)
      : training{set, data::detail::other_samples(set.size(), chosen)}, validation{set, chosen} {}
};

}  // namespace snnbd::inline SNNBD_ISA::repair

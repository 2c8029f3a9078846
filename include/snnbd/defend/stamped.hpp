#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <snnbd/data/runtime_set.hpp>
#include <snnbd/defend/verdict.hpp>

/// Triggers that were found, laid on samples: what a search looks at and a repair trains with.
namespace snnbd::inline SNNBD_ISA::defend {

/// The sum of a mask's values: how many pixels a trigger takes (the L1 norm of Wang et al. 2019).
[[nodiscard]] double mask_norm(const InvertedTrigger& trigger);

/// Lays a trigger on samples, in place: x becomes x + mask (pattern - x).
///
/// @param samples [sample, frame, height, width, channel]
/// @param frames of each sample
/// @throws Error if the trigger's sizes do not fit its shape, or it does not fit the samples
void stamp(const InvertedTrigger& trigger, int frames, std::span<float> samples);

/// A set of which some samples carry a trigger that was found. Their labels stay as they are.
class Stamped final : public data::RuntimeSet {
 public:
  /// @param set must outlive it
  /// @param share of the samples that carry the trigger, rounded; 0 for none
  /// @param seed of which ones they are
  /// @throws Error if the trigger does not fit the set, or the share is not from 0 to 1
  Stamped(data::DatasetView set, InvertedTrigger trigger, double share, std::uint64_t seed);

  [[nodiscard]] std::size_t size() const override { return set_.size(); }
  [[nodiscard]] int label(std::size_t index) const override { return set_.label(index); }
  [[nodiscard]] int original_label(std::size_t index) const override {
    return set_.original_label(index);
  }
  [[nodiscard]] bool is_poisoned(std::size_t index) const override {
    return set_.is_poisoned(index);
  }
  void read(std::size_t index, std::span<float> values) const override;
  [[nodiscard]] std::string triggers_on(std::size_t index) const override;
  [[nodiscard]] data::FrameTime frame_time(std::size_t index, int frame) const override {
    return set_.frame_time(index, frame);
  }

  /// Whether a sample carries the trigger.
  [[nodiscard]] bool is_stamped(std::size_t index) const { return stamped_.at(index); }

 private:
  data::DatasetView set_;
  InvertedTrigger trigger_;
  std::vector<bool> stamped_;
};

}  // namespace snnbd::inline SNNBD_ISA::defend

#if !defined(SNNBD_COMPILED)
#include <snnbd/defend/stamped.ipp>
#endif

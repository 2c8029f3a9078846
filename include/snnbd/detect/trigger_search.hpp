#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/defend/evidence.hpp>
#include <snnbd/defend/verdict.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

/// The search for the smallest trigger that leads a network to a class (Wang et al. 2019, Neural
/// Cleanse; constants of its authors' program, as BackdoorBench has them):
///
/// min over mask and pattern of CE(f(x + mask (pattern - x)), class) + cost * sum of the mask.
///
/// The mask is one value for each pixel, the same in all frames and channels. Mask and pattern are
/// tanh of what Adam moves, brought to [0, 1] and to the values that samples have. The cost is 0
/// until the trigger succeeds for `patience` rounds; then it is `cost`, grows after each
/// `patience` rounds of success, and shrinks after as many without. Of all rounds that succeeded,
/// the smallest mask counts: the one that the last step of its round measured. (The authors'
/// program takes the mask after that step, whose success nobody has seen.)
///
/// Only clean samples of other classes are looked at. (The authors' program takes all of them,
/// those of the class included, which succeed without any trigger.)
struct TriggerSearch {
  int rounds = 1000;      ///< at most
  int batches = 31;       ///< of each round: steps of Adam between two looks at the success
  Index batch_size = 32;  ///< samples of a step
  double rate = 0.1;      ///< of Adam
  double beta1 = 0.5;
  double beta2 = 0.9;
  double cost = 1e-3;                     ///< of a pixel of the mask, once the trigger succeeds
  double cost_up = 2.0;                   ///< what the cost is multiplied by
  double cost_down = 2.8284271247461903;  ///< what it is divided by, 2^1.5
  int patience = 5;          ///< rounds of success, or without, before the cost changes
  double success = 0.99;     ///< the share of samples that counts as success
  int stop_after = 25;       ///< rounds without a smaller mask, once the cost went up and down
  double stop_share = 0.99;  ///< of the smallest mask so far: below it a mask counts as smaller
  bool per_frame = false;    ///< a pattern for each frame; else one for all of them
  std::uint64_t seed = 1;    ///< of the first mask and pattern, and of the order of the samples

  /// At most 60 rounds of 8 batches, with less patience: some hundredths of the steps. Masks may
  /// be larger. With fewer batches many searches end early, and masks differ by chance.
  static constexpr TriggerSearch quick() {
    TriggerSearch search;
    search.rounds = 60;
    search.batches = 8;
    search.cost = 1e-2;
    search.patience = 3;
    search.stop_after = 10;
    return search;
  }

  /// @throws Error that names the setting
  void check() const;

  /// Searches for a trigger to one class. If none succeeded, it gives the last mask, with the
  /// success that it has.
  ///
  /// @param suspect its gradients, by the surrogate that it was made with, lead the search
  /// @throws Error if a setting is out of range, there is no such class, or there are no clean
  ///   samples of another class
  [[nodiscard]] defend::InvertedTrigger find(const NetworkProbe& suspect,
                                             const defend::Evidence& evidence, int label) const;

  /// Searches for a trigger to each class in turn.
  [[nodiscard]] std::vector<defend::InvertedTrigger> find_all(
      const NetworkProbe& suspect, const defend::Evidence& evidence) const;
};

namespace detail {

/// What a search minimizes, by the unbounded variables that stand for mask and pattern.
class TriggerObjective {
 public:
  struct Value {
    double loss = 0.0;     ///< the mean cross entropy, without the cost of the mask
    double norm = 0.0;     ///< the sum of the mask
    std::size_t hits = 0;  ///< samples that were led to the class
  };

  /// @param frames of a sample
  /// @param pattern_frames 1, or as many
  /// @param box the values that the pattern may have
  TriggerObjective(const NetworkProbe& suspect, int label, int frames, int pattern_frames,
                   data::Range box);

  /// The number of variables: of the mask, then of the pattern.
  [[nodiscard]] std::size_t size() const { return pixels_ + pattern_size_; }

  /// @param samples [sample, frame, height, width, channel]
  /// @param cost of a pixel of the mask
  /// @param gradient of loss + cost * norm by the variables, overwritten
  Value measure(std::span<const float> variables, std::span<const float> samples, double cost,
                std::span<float> gradient);

  /// The trigger that variables stand for, without its success.
  [[nodiscard]] defend::InvertedTrigger trigger(std::span<const float> variables) const;

 private:
  const NetworkProbe& suspect_;
  int label_;
  int frames_;
  int pattern_frames_;
  data::Range box_;
  std::size_t pixels_;
  std::size_t pattern_size_;
  std::vector<float> stamped_;
  std::vector<float> slopes_;
  std::vector<double> sums_;
};

/// The values that inverted triggers may have: of the set, but no more than 1 or what a clean
/// sample has, if that is more. Counts of events have no other bound.
data::Range pattern_box(data::DatasetView clean);

/// How much a pixel of the mask costs, by how often the trigger succeeded.
class MaskCost {
 public:
  explicit MaskCost(const TriggerSearch& search) : search_{search} {}

  [[nodiscard]] double value() const { return cost_; }
  /// Whether it was too high and too low.
  [[nodiscard]] bool settled() const { return rose_ && fell_; }

  void follow(bool succeeded) {
    wins_ = succeeded ? wins_ + 1 : 0;
    losses_ = succeeded ? 0 : losses_ + 1;
    if (wins_ < search_.patience && losses_ < search_.patience) return;
    if (cost_ == 0.0) {
      if (succeeded) cost_ = search_.cost;
    } else if (succeeded) {
      cost_ *= search_.cost_up;
      rose_ = true;
    } else {
      cost_ /= search_.cost_down;
      fell_ = true;
    }
    wins_ = 0;
    losses_ = 0;
  }

 private:
  const TriggerSearch& search_;
  double cost_ = 0.0;
  int wins_ = 0;
  int losses_ = 0;
  bool rose_ = false;
  bool fell_ = false;
};

}  // namespace detail
}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/trigger_search.ipp>
#endif

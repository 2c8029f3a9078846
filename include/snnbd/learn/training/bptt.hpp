#pragma once

#include <string_view>
#include <utility>

#include <snnbd/data/augment.hpp>
#include <snnbd/learn/training/masked.hpp>
#include <snnbd/learn/training/rule.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// LR_B: surrogate-gradient backpropagation through time from scratch (the paper's Sec. 2.2.1,
/// Eq. 4 and 10). With rectifiers in place of neurons it trains the artificial network.
///
/// ```cpp
/// using Rule = learn::Bptt<learn::CrossEntropy, learn::Sgd, learn::Cosine, data::CropAndFlip>;
/// ```
///
/// @tparam Augment how training varies images each time that they are seen
template <Loss LossRule = CrossEntropy, Optimizer Rule = Adam, Schedule ScheduleRule = Cosine,
          data::Augmentation Augment = data::NoAugmentation>
struct Bptt {
  LossRule loss{};
  Rule optimizer{};
  ScheduleRule schedule{};
  Augment augment{};

  /// @throws Error if a setting is out of range
  void check() const {
    check_policy(loss);
    check_policy(optimizer);
    check_policy(schedule);
  }

  /// `LR_B`, or `ANN` for a network without neurons.
  template <class Net>
  static constexpr std::string_view label() {
    return Net::spikes ? "LR_B" : "ANN";
  }

  /// The memory that `fit` will take for sequences of `settings.timesteps`.
  ///
  /// @throws Error if not even one sample fits into the budget
  template <class Net, class Encoding>
  [[nodiscard]] TrainEstimate estimate(const TrainSettings& settings) const {
    return estimate_training<Net, typename Encoding::template Signal<Net::input_shape>, Rule>(
        settings);
  }

  /// How long `fit` will take, in seconds, from two batches that change nothing.
  template <class Net, class Encoding>
  [[nodiscard]] double probe(Net& net, const Encoding& encoding, data::DatasetView set,
                             const TrainSettings& settings) const {
    return trainer(net, encoding, settings).probe(set);
  }

  /// Trains a network that holds initial parameters.
  ///
  /// @param set what is seen, poisoned or not
  /// @param observer called after each batch; may be empty
  /// @throws Error if a setting is out of range, the set does not fit the network, or the loss is
  ///   not finite any more
  template <class Net, class Encoding>
  TrainRecord fit(Net& net, const Encoding& encoding, data::DatasetView set,
                  const TrainSettings& settings, const Objective& objective,
                  const Observer& observer) const {
    return trainer(net, encoding, settings).fit(set, objective.weights(set), observer);
  }

  /// The same rule with parameters that it holds.
  [[nodiscard]] auto masked(Mask mask) const {
    return Bptt<LossRule, Masked<Rule>, ScheduleRule, Augment>{
        loss, {optimizer, std::move(mask)}, schedule, augment};
  }

 private:
  template <class Net, class Encoding>
  [[nodiscard]] auto trainer(Net& net, const Encoding& encoding,
                             const TrainSettings& settings) const {
    return Trainer<Net, Encoding, LossRule, Rule, ScheduleRule, Augment>{
        net, encoding, loss, optimizer, schedule, settings, augment};
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn

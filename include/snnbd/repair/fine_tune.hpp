#pragma once

#include <string_view>
#include <utility>

#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/learn/training/bptt.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

namespace detail {

/// A rule of training with BackdoorBench's weight decay, if its optimizer has one.
template <class Rule>
constexpr Rule decaying() {
  Rule rule{};
  if constexpr (requires { rule.optimizer.weight_decay = 5e-4; })
    rule.optimizer.weight_decay = 5e-4;
  return rule;
}

}  // namespace detail

/// Fine-tuning: trains the whole network on, with clean samples. BackdoorBench takes SGD at 0.01
/// with momentum 0.9 and weight decay 5e-4, batches of 256, 100 epochs, 5 % of the training set.
///
/// @tparam Rule a `learn::LearningRule`: how it trains. Networks that were converted want
///   `learn::Stdb`
template <class Rule = learn::Bptt<learn::CrossEntropy, learn::Sgd, learn::Constant>>
struct FineTune {
  static constexpr std::string_view name = "fine_tune";
  Rule rule = detail::decaying<Rule>();
  int epochs = 20;
  Index batch_size = 64;
  std::uint64_t seed = 1;

  void check() const {
    if (epochs < 0) reject("epochs of fine-tuning", "at least 0", epochs);
    if (batch_size < 1) reject("batch size of fine-tuning", "at least 1", batch_size);
    check_policy(rule);
  }

  /// @param path called after each epoch with its number
  /// @throws Error if a setting is out of range, or as training does
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    check();
    typename Subject::Net net = subject.net;
    path(std::as_const(net), 0.0);
    if (epochs == 0) return net;
    const learn::Observer after = [&](const learn::TrainProgress& progress) {
      if (progress.epoch_done) path(std::as_const(net), progress.epoch + 1.0);
    };
    const learn::TrainRecord record = rule.fit(
        net, subject.encoding, evidence.clean,
        {.epochs = epochs, .batch_size = batch_size, .timesteps = subject.steps, .seed = seed},
        learn::Objective::mixture(), after);
    if (record.interrupted)
      throw learn::Interrupted{"interrupted: fine-tuning, " + std::to_string(record.epochs.size()) +
                               " of " + std::to_string(epochs) + " epochs finished"};
    return net;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair

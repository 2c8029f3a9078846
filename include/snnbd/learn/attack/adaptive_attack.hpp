#pragma once

#include <string>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/learn/training/mask.hpp>
#include <snnbd/learn/training/rule.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// An attacker who knows of fine-pruning: trains on clean samples first, and then on the poisoned
/// set with some layers frozen, so that the backdoor is not in what a defender prunes. After the
/// adaptive attacker of Abad et al. 2024 ("Sneaky Spikes", NDSS), who freezes the last convolution
/// and poisons few samples: give the experiment a low `poisoning_rate`, such as 0.01. How long the
/// second training takes and at which learning rate, are choices of ours.
///
/// ```cpp
/// learn::AdaptiveAttack<> rule{.frozen = {"last_conv", "last_dense"}, .epochs = 5};
/// ```
///
/// The clean network is the one of the clean control, and trained once. The schedule of the
/// learning rate begins anew with the poison. Running moments of batch norms behind a frozen layer
/// go on.
///
/// @tparam TrainingRule a `Bptt`
template <class TrainingRule = Bptt<>>
struct AdaptiveAttack {
  TrainingRule training{};
  std::vector<std::string> frozen{"last_conv"};  ///< layers by name, see `Mask::hold_layer`
  int epochs = 0;                                ///< of training on poison; 0 for the experiment's

  /// What it holds of a network.
  ///
  /// @throws Error if a name is that of no layer, or nothing is left to train
  template <class Net>
  [[nodiscard]] Mask mask() const {
    Mask mask{Net::parameter_count};
    for (const std::string& name : frozen) mask.hold_layer(Net::tensors(), name);
    if (mask.held() == mask.size()) reject("layers to freeze", "fewer than all", "all");
    return mask;
  }

  /// @throws Error if a setting is out of range
  template <class Net>
  void check() const {
    check_policy(training);
    if (epochs < 0) reject("epochs of an adaptive attack", "at least 0", epochs);
    static_cast<void>(mask<Net>());
  }

  /// Hands on the network that was trained on clean samples, then on poison, or the clean control.
  ///
  /// @param context an `experiment::Context`
  /// @param emit takes a `Model` and gives its number
  template <class Context, class Emit>
  void learn(Context& context, const Emit& emit) const {
    using Net = typename Context::Net;
    using Encoding = typename Context::Encoding;
    if (!context.poisoned()) return learn_from_scratch(training, context, emit);
    const auto label = TrainingRule::template label<Net>();
    const auto clean =
        context.train(training, context.template initial<Net>(), context.encoding(), label, false);
    const auto tuned = context.train(
        training.masked(mask<Net>()), clean.net, context.encoding(), std::string{label} + " frozen",
        true, epochs > 0 ? epochs : context.settings().epochs, context.objective());
    Facts facts = tuned.facts;
    facts.rule = label;
    facts.combination = "frozen";
    for (const std::string& name : frozen) facts.combination += ' ' + name;
    facts.seconds = {clean.facts.seconds.training, 0.0, tuned.facts.seconds.training};
    facts.warnings.insert(facts.warnings.begin(), clean.facts.warnings.begin(),
                          clean.facts.warnings.end());
    facts.key = clean.facts.key;
    facts.key.add("poison.training", true)
        .add("poison.objective", context.objective())
        .add("poison.frozen", frozen)
        .add("poison.epochs", epochs);
    emit(Model<Net, Encoding>{tuned.net, context.encoding(),
                              context.step_counts(context.settings().timesteps), facts});
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn

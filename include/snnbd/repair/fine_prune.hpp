#pragma once

#include <string_view>
#include <vector>

#include <snnbd/learn/training/masked.hpp>
#include <snnbd/repair/fine_tune.hpp>
#include <snnbd/repair/prune.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// The rule by which pruned networks are trained on: SGD that holds what was pruned at zero.
using MaskedRule = learn::Bptt<learn::CrossEntropy, learn::Masked<learn::Sgd>, learn::Constant>;

namespace detail {

/// Fine-tunes what was pruned, with all of the silent channels' parameters held at zero.
///
/// @param path called with 1 plus the number of epochs
template <class Rule, class Subject, class Path>
typename Subject::Net tune_pruned(const Subject& subject,
                                  const Pruned<typename Subject::Net>& pruned,
                                  const std::vector<network::ChannelLayer>& layers,
                                  FineTune<Rule> tune, const defend::Evidence& evidence,
                                  const Path& path) {
  static_assert(
      requires { tune.rule.optimizer.mask; },
      "snnbd: fine-pruning trains with learn::Masked, which holds pruned channels at zero");
  if (tune.epochs == 0) return pruned.net;
  tune.rule.optimizer.mask = mask_of(layers, pruned.channels, Subject::Net::parameter_count);
  const Subject begin{pruned.net, subject.encoding, subject.steps, subject.origin};
  return tune.repair(begin, evidence, [&](const auto& net, double epochs) {
    if (epochs > 0.0) path(net, 1.0 + epochs);
  });
}

}  // namespace detail

/// Fine-pruning (Liu et al. 2018): pruning, then fine-tuning with the pruned channels held at zero,
/// so that they cannot come back. Of a spiking network the pruning alone is weak: the tuning does
/// the work (Abad et al. 2024).
///
/// @tparam Rule trains by a `learn::Masked` optimizer
template <class Rule = MaskedRule>
struct FinePrune {
  static constexpr std::string_view name = "fine_prune";
  Prune prune{};
  FineTune<Rule> tune{};

  void check() const {
    prune.check();
    tune.check();
  }

  /// @param path called with the share of the channels that is pruned, then with 1 plus the number
  ///   of epochs
  /// @throws Error as `Prune` and `FineTune` do
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    check();
    const std::vector<network::ChannelLayer> layers = network::channel_layers(subject.net);
    return detail::tune_pruned(subject, prune.prune(subject, evidence, layers, path), layers, tune,
                               evidence, path);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair

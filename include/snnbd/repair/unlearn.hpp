#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/defend/stamped.hpp>
#include <snnbd/detect/neural_cleanse.hpp>
#include <snnbd/network/probed_network.hpp>
#include <snnbd/repair/fine_tune.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// Unlearning with an inverted trigger (Wang et al. 2019, Sec. 6.2): Neural Cleanse looks for the
/// target and its trigger, then the network is fine-tuned with clean samples, a fifth of which
/// carry that trigger and their true labels. Nothing is changed if no class is flagged, as
/// published; `always` takes the class with the smallest mask then.
///
/// The published fine-tuning is one epoch over 10 % of the training set. A defender here has 5 % of
/// it or less; hence five epochs.
///
/// @tparam Rule how it trains, see `FineTune`
/// @tparam SlopeRule the surrogate of the search's gradients; void for the network's own
template <class Rule = learn::Bptt<learn::CrossEntropy, learn::Sgd, learn::Constant>,
          class SlopeRule = void>
struct Unlearn {
  static constexpr std::string_view name = "unlearn";
  detect::NeuralCleanse<SlopeRule> cleanse{};
  std::optional<int> target{};  ///< the class to search alone, if somebody knows it
  bool always = false;          ///< unlearns also if no class is flagged
  double share = 0.2;           ///< of the clean samples that carry the trigger
  Rule rule = detail::decaying<Rule>();
  int epochs = 5;
  Index batch_size = 64;
  std::uint64_t seed = 1;

  void check() const {
    cleanse.check();
    require_share("share of unlearning", share);
    fine_tune().check();
  }

  /// @param path called before anything and after each epoch with its number
  /// @throws Error if a setting is out of range, or as the search and training do
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    check();
    if (epochs == 0) return fine_tune().repair(subject, evidence, path);
    const NetworkProbe probe =
        probe_of<SlopeRule>(subject.net, subject.encoding, subject.steps, evidence.batch_size);
    std::optional<defend::InvertedTrigger> trigger = find(probe, evidence);
    if (!trigger) {
      path(subject.net, 0.0);
      return subject.net;
    }
    const defend::Stamped stamped{evidence.clean, std::move(*trigger), share, seed};
    defend::Evidence with_trigger = evidence;
    with_trigger.clean = stamped;
    return fine_tune().repair(subject, with_trigger, path);
  }

 private:
  [[nodiscard]] FineTune<Rule> fine_tune() const {
    return {.rule = rule, .epochs = epochs, .batch_size = batch_size, .seed = seed};
  }

  [[nodiscard]] std::optional<defend::InvertedTrigger> find(
      const NetworkProbe& probe, const defend::Evidence& evidence) const {
    if (target) return cleanse.search.find(probe, evidence, *target);
    defend::Verdict verdict = cleanse.judge(probe, evidence);
    if (!verdict.flagged() && !always) return std::nullopt;
    return std::move(verdict.triggers[detect::smallest_trigger(verdict)]);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair

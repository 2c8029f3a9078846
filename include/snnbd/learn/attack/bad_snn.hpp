#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/learn/training/rule.hpp>
#include <snnbd/network/scale_neurons.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// Passes the clean samples of each batch through the network as it is, and then the poisoned ones
/// through the same weights with other constants of the neurons. See `WholeBatch`.
struct PoisonedByOtherNeurons {
  static constexpr bool splits = true;

  network::NeuronFactors malicious{};

  void check() const { malicious.check(); }

  template <class Net, class Use>
  void each(Net& net, const data::DatasetView& set, std::span<const std::size_t> batch,
            const Use& use) const {
    std::vector<std::size_t> clean;
    std::vector<std::size_t> poisoned;
    for (const std::size_t index : batch)
      (set.is_poisoned(index) ? poisoned : clean).push_back(index);
    if (!clean.empty()) use(std::span<const std::size_t>{clean});
    if (poisoned.empty()) return;
    const Nominal<Net> nominal{net};
    network::scale_neurons(net, malicious);
    use(std::span<const std::size_t>{poisoned});
  }

 private:
  /// Gives the layers their settings back, whatever happens.
  template <class Net>
  struct Nominal {
    explicit Nominal(Net& network) : net{network} {}
    Nominal(const Nominal&) = delete;
    Nominal& operator=(const Nominal&) = delete;
    ~Nominal() { std::swap(net.layers(), layers); }
    Net& net;
    typename Net::SpecTuple layers = net.layers();
  };
};

/// Trains one set of weights under two settings of the neurons: clean samples under the network's
/// own, poisoned ones under malicious ones. The gradient of a batch is that of
///
///   1 / N (sum over clean samples of w_i L(f(x_i; nominal), y_i)
///          + sum over poisoned ones of w_i L(f(x_i; malicious), y_i))
///
/// with w_i what a sample counts by the objective, 1 for a mixture.
///
/// @tparam Base a `Bptt`
template <class Base = Bptt<>>
struct DualNeuronTraining : Base {
  network::NeuronFactors malicious{};

  /// Calls `visit(name, member)` for each; see core/members.hpp.
  template <class Self, class Visit>
  static constexpr void members(Self& self, const Visit& visit) {
    snnbd::members::of_base<Base>(self, visit);
    visit("malicious", self.malicious);
  }

  /// @throws Error if a setting is out of range
  void check() const {
    Base::check();
    malicious.check();
  }

  template <class Net, class Encoding>
  [[nodiscard]] double probe(Net& net, const Encoding& encoding, data::DatasetView set,
                             const TrainSettings& settings) const {
    return Base::trainer(net, encoding, settings, PoisonedByOtherNeurons{malicious}).probe(set);
  }

  /// As `Bptt::fit`; the network keeps its own settings.
  template <class Net, class Encoding>
  TrainRecord fit(Net& net, const Encoding& encoding, data::DatasetView set,
                  const TrainSettings& settings, const Objective& objective,
                  const Observer& observer) const {
    return Base::trainer(net, encoding, settings, PoisonedByOtherNeurons{malicious})
        .fit(set, objective.weights(set), observer);
  }
};

/// A backdoor in the constants of the neurons, after BadSNN (Miah, Vu and Bi 2026, arXiv
/// 2602.07200): whoever holds the deployed network switches its neurons to a malicious threshold
/// and time constant, and it answers with the target class. With its own constants it behaves like
/// a clean network. Weights are never changed after training, and no pixel needs to be: with
/// `poison::NoTrigger` the poisoned samples are images as they were. Their labels are the rule's
/// matter: `AllToOne`, or `CleanLabel` as we understand the paper, whose poisoned samples are a
/// share of the target class; these alone make no other class look like the target. Appended to the
/// set (`poison::Mode::appended`), samples are seen under both settings of the neurons.
///
/// From public summaries we know that the paper trains nominal and malicious spikes with one set of
/// weights, varies threshold and time constant, and attacks with a trigger that is a power of the
/// pixel values (`poison::PowerTransform`) or is optimized, under constants between the two. Of
/// its figures we know only what re-implementations name: thresholds of 1 (nominal), 1.5
/// (malicious) and 1.15 (attack). The factor 1.5 follows that; the time constant stays as it is
/// unless it is given. How samples are weighed and how batches are split is ours, as is the
/// clean control under the same constants.
///
/// ```cpp
/// learn::BadSnn<> rule{.malicious = {.threshold = 1.5}};
/// rule.attack = {{.threshold = 1.15}, {.threshold = 1.5}};
/// ```
///
/// It hands on the network with its own constants, and the same weights with each of those in
/// `attack`: models whose `Facts::combination` names the constants. So does the clean control.
///
/// @tparam TrainingRule a `Bptt`
template <class TrainingRule = Bptt<>>
struct BadSnn {
  TrainingRule training{};
  network::NeuronFactors malicious{.threshold = 1.5};  ///< of training on poisoned samples
  /// With which the trained weights are handed on; empty for the malicious ones.
  std::vector<network::NeuronFactors> attack{};

  /// The constants with which the trained weights are handed on besides their own.
  [[nodiscard]] std::vector<network::NeuronFactors> attacks() const {
    return attack.empty() ? std::vector{malicious} : attack;
  }

  /// @throws Error if a setting is out of range
  void check() const {
    check_policy(training);
    malicious.check();
    if (malicious == network::NeuronFactors{})
      reject("malicious neurons", "another threshold or time constant", "factors of 1");
    for (const network::NeuronFactors& factors : attack) factors.check();
  }

  /// Hands on the network, and its weights with the constants of the attack.
  ///
  /// @param context an `experiment::Context`
  /// @param emit takes a `Model` and gives its number
  /// @throws Error before anything is trained if the network's neurons cannot be switched so
  template <class Context, class Emit>
  void learn(Context& context, const Emit& emit) const {
    using Net = typename Context::Net;
    std::vector<network::NeuronFactors> tried = attacks();
    tried.push_back(malicious);
    for (const network::NeuronFactors& factors : tried) {
      Net net = context.network();
      network::scale_neurons(net, factors);
    }
    constexpr std::string_view label = TrainingRule::template label<Net>();
    if (!context.poisoned()) {
      auto trained = context.train(training, context.template initial<Net>(), context.encoding(),
                                   label, false);
      return hand_on(context, trained.net, trained.facts, emit);
    }
    const auto trained = context.train(DualNeuronTraining<TrainingRule>{training, malicious},
                                       context.template initial<Net>(), context.encoding(),
                                       std::string{label} + " BadSNN", true);
    Facts facts = trained.facts;
    facts.rule = label;
    facts.key = Key{};
    facts.key.add("training", training)
        .add("poison.training", true)
        .add("poison.objective", context.objective())
        .add("poison.malicious", malicious);
    hand_on(context, trained.net, facts, emit);
  }

 private:
  template <class Context, class Net, class Emit>
  void hand_on(const Context& context, const Net& net, Facts facts, const Emit& emit) const {
    using Encoding = typename Context::Encoding;
    const auto steps = context.step_counts(context.settings().timesteps);
    const Key key = facts.key;
    facts.combination = network::NeuronFactors{}.text();
    emit(Model<Net, Encoding>{net, context.encoding(), steps, facts});
    for (const network::NeuronFactors& factors : attacks()) {
      Net switched = net;
      network::scale_neurons(switched, factors);
      facts.combination = factors.text();
      facts.key = key;
      facts.key.add("neurons", factors);
      emit(Model<Net, Encoding>{switched, context.encoding(), steps, facts});
    }
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn

#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include <snnbd/learn/objective.hpp>
#include <snnbd/learn/trainer.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// A way from a set to a trained network: `fit` trains `net`, which holds initial parameters, and
/// gives its record; `label<Net>()` is what reports call the rule with that network. `run` also
/// wants a member `optimiser` with a `rate`, which `Settings::learning_rate` replaces, and reports
/// a member `augment` if there is one.
///
/// A rule that converts what it trained, as `ConversionBy` does, names the network that it trains
/// for an experiment with `Net`, `Trained<Net>`, and how that sees images,
/// `TrainEncoding<Net, Encoding>`, and gives converted networks by `for_each_conversion`. The rule
/// by which it trains, and whose `optimiser` and `augment` count, is its member `training`.
template <class Type, class Net, class Encoding>
concept LearningRule = requires(Type& rule, Net& net, const Encoding& encoding,
                                data::DatasetView set, const TrainSettings& settings,
                                const Objective& objective, const Observer& observer) {
  { Type::template label<Net>() } -> std::convertible_to<std::string_view>;
  { rule.fit(net, encoding, set, settings, objective, observer) } -> std::same_as<TrainRecord>;
  { rule.template estimate<Net, Encoding>(settings) } -> std::same_as<TrainEstimate>;
  { rule.probe(net, encoding, set, settings) } -> std::same_as<double>;
};

namespace detail {

template <class Rule, class Net>
inline constexpr bool trains_another = requires {
  typename Rule::template Trained<Net>;
};

template <class Rule, class Net>
constexpr auto trained_network() {
  if constexpr (trains_another<Rule, Net>) {
    return std::type_identity<typename Rule::template Trained<Net>>{};
  } else {
    return std::type_identity<Net>{};
  }
}

template <class Rule, class Net, class Encoding>
constexpr auto train_encoding() {
  if constexpr (trains_another<Rule, Net>) {
    return std::type_identity<typename Rule::template TrainEncoding<Net, Encoding>>{};
  } else {
    return std::type_identity<Encoding>{};
  }
}

}  // namespace detail

/// The network that a rule trains for an experiment with `Net`.
template <class Rule, class Net>
using TrainedBy = typename decltype(detail::trained_network<Rule, Net>())::type;

/// How that network sees images if the experiment's encoding is `Encoding`.
template <class Rule, class Net, class Encoding>
using TrainEncodingOf = typename decltype(detail::train_encoding<Rule, Net, Encoding>())::type;

/// The rule whose optimiser and augmentation count.
template <class Rule>
auto& training_of(Rule& rule) {
  if constexpr (requires { rule.training; }) {
    return rule.training;
  } else {
    return rule;
  }
}

}  // namespace snnbd::inline SNNBD_ISA::learn

#pragma once

#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>

#include <snnbd/data/dataset.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/poison/train_test.hpp>
#include <snnbd/poison/triggered.hpp>
#include <snnbd/stage/acc_asr.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace experiment {

/// The types that a poisoned set is composed of.
template <class Dirty>
struct PoisonedParts {
  struct Nothing {};  // so that the sentence is all that is said
  using Clean = Nothing;
  using Trigger = Nothing;
  using Relabel = Nothing;
  using Selector = Nothing;
  static_assert(std::is_void_v<Dirty>,
                "snnbd: an experiment begins with a poison::Poisoned<Set, Trigger, Relabel>");
};
template <class Set, class Mark, class Rule, class Choice>
struct PoisonedParts<poison::Poisoned<Set, Mark, Rule, Choice>> {
  using Clean = Set;
  using Trigger = Mark;
  using Relabel = Rule;
  using Selector = Choice;
  using Train = poison::Poisoned<data::Subset<Set>, Mark, Rule, Choice>;
  using Test = poison::Triggered<data::Subset<Set>, poison::TestingTrigger<Mark>, Rule>;
};

template <class Dirty>
inline constexpr bool is_poisoned = false;
template <class Set, class Mark, class Rule, class Choice>
inline constexpr bool is_poisoned<poison::Poisoned<Set, Mark, Rule, Choice>> = true;

template <class Dirty, class Net>
consteval bool images_fit() {
  if constexpr (is_poisoned<Dirty>)
    return Dirty::shape == Net::input_shape;
  else
    return true;
}
template <class Dirty, class Net>
consteval bool classes_fit() {
  if constexpr (is_poisoned<Dirty>)
    return Dirty::classes == Net::output_shape.size();
  else
    return true;
}

template <class Dirty, class Encoding>
consteval bool frames_fit() {
  if constexpr (is_poisoned<Dirty>)
    return Dirty::frames == 1 || encode::passes_frames<Encoding>;
  else
    return true;
}

/// The stages of an experiment: measuring, if none are named.
template <class... Stages>
struct StageTuple {
  using type = std::tuple<Stages...>;
};
template <>
struct StageTuple<> {
  using type = std::tuple<stage::AccAsr>;
};

}  // namespace experiment

/// One experiment: which data are poisoned how, how they are encoded, which network is trained,
/// how it learns, and what is done with the models that result. Kinds are types, and each part is a
/// member that can be set; what is set is what runs.
///
/// ```cpp
/// using Dirty = poison::Poisoned<data::Mnist, poison::PixelPatch<>, poison::AllToOne>;
/// using Study = Experiment<Dirty, encode::Poisson, Net, learn::Bptt<>>;
/// Study study{.trigger = {.size = 3}, .relabel = {.target = 7}, .encoding = {.scale = 0.9F}};
/// study.network.layer<1>().neuron.threshold = 0.8F;
/// report::Console console;
/// run({.epochs = 3, .poisoning_rate = 0.05}, study, console);
/// ```
///
/// A member named `seed`, of any part, that is empty or has its default is set to `Settings::seed`.
///
/// @tparam Dirty a `poison::Poisoned<Set, Trigger, Relabel, Selector>`
/// @tparam Stages see `stage::Inspects` and `stage::Repairs`; `stage::AccAsr` if none are named
template <class Dirty, encode::Encoder EncoderPolicy, class Network, class Rule, class... Stages>
struct Experiment {
  using DirtyType = Dirty;
  using Parts = experiment::PoisonedParts<Dirty>;
  using EncodingType = EncoderPolicy;
  using NetType = Network;
  using RuleType = Rule;
  using StagesType = typename experiment::StageTuple<Stages...>::type;

  static_assert(experiment::images_fit<Dirty, Network>(),
                "snnbd: the network of an experiment takes images of the data set's shape");
  static_assert(experiment::classes_fit<Dirty, Network>(),
                "snnbd: the network of an experiment has an output for each class of the data set");
  static_assert(experiment::frames_fit<Dirty, EncodingType>(),
                "snnbd: the encoder of an experiment whose samples have several frames passes "
                "frames on, such as encode::Frames");

  typename Parts::Trigger trigger{};
  typename Parts::Relabel relabel{};
  typename Parts::Selector selector{};
  EncodingType encoding{};
  NetType network{};  ///< with the parameters of a new network, or those that training starts from
  RuleType rule{};
  StagesType stages{};

  /// The stage of that type.
  template <class Stage>
  [[nodiscard]] Stage& stage() {
    return std::get<Stage>(stages);
  }
};

}  // namespace snnbd::inline SNNBD_ISA

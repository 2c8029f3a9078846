#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <vector>

#include <snnbd/defend/evidence.hpp>
#include <snnbd/defend/verdict.hpp>

namespace snnbd::inline SNNBD_ISA::defend {

/// A detector that says whether a network is backdoored.
template <class Type>
concept JudgesNetworks = requires(const Type& detector, const NetworkProbe& suspect,
                                  const Evidence& evidence) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { detector.judge(suspect, evidence) } -> std::same_as<Verdict>;
};

/// A detector that says how suspicious samples are that are shown to a network in use: `fit` learns
/// from clean samples and gives something with `scores(set)`, one for each sample of a
/// `data::DatasetView`, larger if more suspicious. Whoever asks chooses the threshold by other
/// clean samples and the false-positive rate that is wanted.
template <class Type>
concept ScoresSamples = requires(const Type& detector, const NetworkProbe& suspect,
                                 const Evidence& evidence, data::DatasetView set) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { detector.fit(suspect, evidence).scores(set) } -> std::same_as<std::vector<double>>;
};

/// A detector that looks for the poisoned samples of a training set, `evidence.training`.
template <class Type>
concept SuspectsTraining = requires(const Type& detector, const NetworkProbe& suspect,
                                    const Evidence& evidence) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { detector.suspect(suspect, evidence) } -> std::same_as<Suspicion>;
};

/// A detector: one or several of the three.
template <class Type>
concept Detector = JudgesNetworks<Type> || ScoresSamples<Type> || SuspectsTraining<Type>;

/// Takes a network and how strongly it was repaired so far.
struct IgnorePath {
  template <class Net>
  void operator()(const Net& /*net*/, double /*strength*/) const {}
};

/// A repair: gives a network of any type, made from a `Subject` with nothing but `Evidence`. It
/// calls `path(net, strength)` for what it passes on its way, such as after each epoch or pruned
/// channel, so that whoever asks can draw what each strength costs and brings.
template <class Type, class Subject>
concept Repair = requires(const Type& repair, const Subject& subject, const Evidence& evidence) {
  { Type::name } -> std::convertible_to<std::string_view>;
  repair.repair(subject, evidence, IgnorePath{});
};

}  // namespace snnbd::inline SNNBD_ISA::defend

#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/data/runtime_set.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/network/probed_network.hpp>
#include <snnbd/report/figure.hpp>
#include <snnbd/stage/context.hpp>

/// How a detector becomes a stage of an experiment: what it says of each model goes into the
/// model's last cell, beside what is true.
namespace snnbd::inline SNNBD_ISA::stage {

/// Whether a detector compares with a clean network, and has nothing to say without one.
template <class Detector>
inline constexpr bool needs_reference = false;
template <class Detector>
requires requires {
  Detector::needs_reference;
}
inline constexpr bool needs_reference<Detector> = Detector::needs_reference;

/// The clean control of an experiment, for the detectors that compare with it.
struct ReferenceMemory {
  std::optional<NetworkProbe> clean;
};

namespace detail {

template <class Detector>
struct SlopeOf {
  using type = void;
};
template <class Detector>
requires requires {
  typename Detector::Slope;
}
struct SlopeOf<Detector> {
  using type = typename Detector::Slope;
};

/// The false-positive rate that a detector's threshold is for.
template <class Detector>
double false_positive_rate(const Detector& detector) {
  if constexpr (requires { double{detector.false_positive_rate}; })
    return detector.false_positive_rate;
  else
    return 0.01;
}

/// The most clean and the most triggered test samples that a detector is tried on.
template <class Detector>
std::size_t trial_samples(const Detector& detector) {
  if constexpr (requires { std::size_t{detector.trial_samples}; })
    return detector.trial_samples;
  else
    return 500;
}

/// The places of every `step`th sample of a set from `first` on.
std::vector<std::size_t> every(data::DatasetView set, std::size_t first, std::size_t step);

/// At most `most` clean test samples, spread over the set.
std::vector<std::size_t> clean_trials(const TestSets& tests, std::size_t most);

/// At most `most` triggered test samples that the attacker wants elsewhere, spread over the set.
std::vector<std::size_t> triggered_trials(const TestSets& tests, std::size_t most);

/// Adds what a detector says of a network.
void add_verdict(const std::string& name, const defend::Verdict& verdict, report::Fields& fields);

/// Scores of samples that were held out for the threshold, of clean and of triggered test samples.
struct Scores {
  std::vector<double> held_out;
  std::vector<double> clean;
  std::vector<double> triggered;
};

/// Adds how well scores tell clean from triggered samples.
///
/// @param rate the false-positive rate that is asked for
void add_scores(const std::string& name, const Scores& scores, double rate, report::Fields& fields);

/// Draws a figure about a model to `OUT/FILE.png`, and names what was written in a field: the
/// picture, or without gnuplot the script for it.
///
/// @param context has a folder for results
/// @param file in it, without its ending
void draw(const Context& context, const std::string& file, const report::Figure& figure,
          const std::string& field, report::Fields& fields);

/// Draws the ROC curve of scores to `OUT/detection/STEM-NAME-roc.png`, if there is a folder for
/// results, and names the file; see `report::draw`.
void draw_roc(const Context& context, const std::string& name, const Scores& scores,
              report::Fields& fields);

/// Draws what a detector found by searching, beside what the attacker put on a sample, to
/// `OUT/detection/STEM-NAME-triggers.png`.
void draw_triggers(const Context& context, const std::string& name,
                   const std::vector<defend::InvertedTrigger>& triggers, report::Fields& fields);

/// Adds how well a detector finds the poisoned samples of a training set.
void add_suspicion(const std::string& name, data::DatasetView training,
                   const defend::Suspicion& suspicion, report::Fields& fields);

/// @throws Error if nothing was held out for the defender
defend::Evidence evidence_of(const Context& context);

}  // namespace detail

/// Lets a detector look at a network, and reports what it says.
template <defend::Detector Detector>
void detect(const Detector& detector, const NetworkProbe& suspect, const defend::Evidence& evidence,
            Context& context) {
  const std::string name{Detector::name};
  report::Fields& fields = context.cells.back().extra;
  const network::PassCount before = suspect.passes();
  const auto begin = std::chrono::steady_clock::now();
  std::vector<defend::InvertedTrigger> triggers;
  std::optional<detail::Scores> scores;
  if constexpr (defend::JudgesNetworks<Detector>) {
    defend::Verdict verdict = detector.judge(suspect, evidence);
    detail::add_verdict(name, verdict, fields);
    triggers = std::move(verdict.triggers);
  }
  if constexpr (defend::ScoresSamples<Detector>) {
    // What a detector learned from cannot say how often it is wrong about the rest.
    const data::Selection known{evidence.clean, detail::every(evidence.clean, 0, 2)};
    const data::Selection held_out{evidence.clean, detail::every(evidence.clean, 1, 2)};
    defend::Evidence half = evidence;
    half.clean = known;
    const auto fitted = detector.fit(suspect, half);
    const std::size_t most = detail::trial_samples(detector);
    const data::Selection clean{context.tests.clean(), detail::clean_trials(context.tests, most)};
    const data::Selection triggered{context.tests.triggered(),
                                    detail::triggered_trials(context.tests, most)};
    scores =
        detail::Scores{fitted.scores(held_out), fitted.scores(clean), fitted.scores(triggered)};
    detail::add_scores(name, *scores, detail::false_positive_rate(detector), fields);
  }
  if constexpr (defend::SuspectsTraining<Detector>)
    detail::add_suspicion(name, context.training, detector.suspect(suspect, evidence), fields);
  const auto end = std::chrono::steady_clock::now();
  fields.set(name + "_seconds", std::chrono::duration<double>(end - begin).count())
      .set(name + "_forward_passes", suspect.passes().forward - before.forward)
      .set(name + "_backward_passes", suspect.passes().backward - before.backward);
  if (scores) detail::draw_roc(context, name, *scores, fields);
  if (!triggers.empty()) detail::draw_triggers(context, name, triggers, fields);
}

/// A detector as a stage, see `stage::inspect`.
template <class Detector, class Model, class Memory>
void inspect_with(const Detector& detector, const Model& model, Context& context, Memory& memory) {
  defend::Evidence evidence = detail::evidence_of(context);
  const auto probe = [&](const auto& net) {
    return probe_of<typename detail::SlopeOf<Detector>::type>(
        net, model.encoding, model.step_counts.back(), context.batch_size);
  };
  if constexpr (needs_reference<Detector>) {
    if (!model.facts.poisoned)
      memory.clean = probe(std::make_shared<const typename Model::Net>(model.net));
    if (!memory.clean) return;
    evidence.reference = &*memory.clean;
  }
  detect(detector, probe(model.net), evidence, context);
}

}  // namespace snnbd::inline SNNBD_ISA::stage

#if !defined(SNNBD_COMPILED)
#include <snnbd/stage/detection.ipp>
#endif

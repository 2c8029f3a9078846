#pragma once

#include <cmath>
#include <functional>

#include <snnbd/core/error.hpp>
#include <snnbd/report/plot.hpp>
#include <snnbd/stage/detection.hpp>
#include <snnbd/statistics/roc.hpp>

namespace snnbd::inline SNNBD_ISA::stage::detail {

/// At most `most` of some places, spread over them.
inline std::vector<std::size_t> spread(const std::vector<std::size_t>& places, std::size_t most) {
  if (places.size() <= most) return places;
  std::vector<std::size_t> chosen(most);
  for (std::size_t i = 0; i < most; ++i) chosen[i] = places[i * places.size() / most];
  return chosen;
}

SNNBD_COLD std::vector<std::size_t> every(data::DatasetView set, std::size_t first,
                                          std::size_t step) {
  std::vector<std::size_t> places;
  for (std::size_t i = first; i < set.size(); i += step) places.push_back(i);
  return places;
}

SNNBD_COLD std::vector<std::size_t> clean_trials(const TestSets& tests, std::size_t most) {
  return spread(every(tests.clean(), 0, 1), most);
}

SNNBD_COLD std::vector<std::size_t> triggered_trials(const TestSets& tests, std::size_t most) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < tests.wanted().size(); ++i)
    if (tests.wanted()[i] != tests.originals()[i]) places.push_back(i);
  return spread(places, most);
}

SNNBD_COLD void add_verdict(const std::string& name, const defend::Verdict& verdict,
                            report::Fields& fields) {
  fields.set(name + "_score", verdict.score)
      .set(name + "_threshold", verdict.threshold)
      .set(name + "_flagged", verdict.flagged());
  if (verdict.target) fields.set(name + "_target", *verdict.target);
  if (!verdict.by_class.empty()) fields.set(name + "_by_class", verdict.by_class);
  for (const auto& [figure, value] : verdict.figures)
    fields.set(std::string{name}.append(1, '_').append(figure), value);
}

SNNBD_COLD void add_scores(const std::string& name, const Scores& scores, double rate,
                           report::Fields& fields) {
  const double threshold = statistics::empirical_threshold(scores.held_out, rate);
  fields.set(name + "_auroc", statistics::auroc(scores.clean, scores.triggered))
      .set(name + "_tpr_at_1_fpr",
           statistics::true_positive_rate_at(scores.clean, scores.triggered, 0.01))
      .set(name + "_sample_threshold", threshold)
      .set(name + "_fpr", statistics::flagged_share(scores.clean, threshold))
      .set(name + "_tpr", statistics::flagged_share(scores.triggered, threshold));
}

SNNBD_COLD void draw(const Context& context, const std::string& file, const report::Figure& figure,
                     const std::string& field, report::Fields& fields) {
  const bool drawn = report::draw(context.out + '/' + file, figure).drawn();
  fields.set(field, file + (drawn ? ".png" : ".gp"));
}

/// The same for a figure about a detector.
inline void draw_detection(const Context& context, const std::string& name, const std::string& what,
                           const report::Figure& figure, report::Fields& fields) {
  draw(context, "detection/" + context.stem + '-' + name + '-' + what, figure,
       name + '_' + what + "_picture", fields);
}

SNNBD_COLD void draw_roc(const Context& context, const std::string& name, const Scores& scores,
                         report::Fields& fields) {
  if (context.out.empty()) return;
  report::Figure figure;
  figure.panels.emplace_back(report::roc_chart(
      name,
      {report::roc_series(context.stem, statistics::roc_curve(scores.clean, scores.triggered))}));
  draw_detection(context, name, "roc", figure, fields);
}

/// The first frame of some values as a grey picture: the mean over the channels.
inline report::Picture grey_picture(std::string title, Shape shape,
                                    const std::function<float(std::size_t)>& value) {
  report::Picture picture{.title = std::move(title),
                          .shape = {shape.height, shape.width, 1},
                          .values = {},
                          .low = 0.0F,
                          .high = 1.0F};
  const auto channels = static_cast<std::size_t>(shape.channels);
  for (std::size_t pixel = 0; pixel < static_cast<std::size_t>(shape.pixels()); ++pixel) {
    float sum = 0.0F;
    for (std::size_t channel = 0; channel < channels; ++channel)
      sum += value(pixel * channels + channel);
    picture.values.push_back(sum / static_cast<float>(channels));
  }
  const float largest = std::ranges::max(picture.values);
  if (largest > 0.0F) picture.high = largest;
  return picture;
}

SNNBD_COLD void draw_triggers(const Context& context, const std::string& name,
                              const std::vector<defend::InvertedTrigger>& triggers,
                              report::Fields& fields) {
  if (context.out.empty()) return;
  std::vector<report::Picture> pictures;
  const auto places = triggered_trials(context.tests, 1);
  if (!places.empty()) {
    const data::DatasetView clean = context.tests.clean();
    std::vector<float> before(clean.sample_size());
    std::vector<float> after(clean.sample_size());
    clean.read(places.front(), before);
    context.tests.triggered().read(places.front(), after);
    pictures.push_back(grey_picture("true", clean.shape(),
                                    [&](std::size_t i) { return std::abs(after[i] - before[i]); }));
  }
  for (const defend::InvertedTrigger& one : triggers) {
    const auto channels = static_cast<std::size_t>(one.shape.channels);
    pictures.push_back(
        grey_picture("to " + std::to_string(one.label), one.shape,
                     [&](std::size_t i) { return one.mask.at(i / channels) * one.pattern.at(i); }));
  }
  draw_detection(context, name, "triggers", report::picture_grid(std::move(pictures), 4, name),
                 fields);
}

SNNBD_COLD void add_suspicion(const std::string& name, data::DatasetView training,
                              const defend::Suspicion& suspicion, report::Fields& fields) {
  if (suspicion.scores.size() != training.size() || suspicion.flagged.size() != training.size())
    reject(name,
           "a score and a verdict for each of " + std::to_string(training.size()) + " samples",
           std::to_string(suspicion.scores.size()) + " scores, " +
               std::to_string(suspicion.flagged.size()) + " verdicts");
  std::vector<double> clean;
  std::vector<double> poisoned;
  std::size_t false_alarms = 0;
  std::size_t hits = 0;
  for (std::size_t i = 0; i < training.size(); ++i) {
    const bool bad = training.is_poisoned(i);
    (bad ? poisoned : clean).push_back(suspicion.scores[i]);
    if (suspicion.flagged[i]) (bad ? hits : false_alarms) += 1;
  }
  const auto share = [](std::size_t part, std::size_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  if (!clean.empty()) fields.set(name + "_training_fpr", share(false_alarms, clean.size()));
  if (poisoned.empty()) return;
  fields.set(name + "_training_tpr", share(hits, poisoned.size()));
  if (!clean.empty()) fields.set(name + "_training_auroc", statistics::auroc(clean, poisoned));
}

SNNBD_COLD defend::Evidence evidence_of(const Context& context) {
  if (!context.held_out)
    reject("held out samples", "at least one sample for a detector or a repair", "none");
  return {.clean = *context.held_out,
          .training = context.training,
          .batch_size = context.batch_size,
          .watch = context.watch};
}

}  // namespace snnbd::inline SNNBD_ISA::stage::detail

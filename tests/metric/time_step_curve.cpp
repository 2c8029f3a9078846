#include <array>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/metric/accuracy.hpp>
#include <snnbd/metric/migration.hpp>
#include <snnbd/metric/time_step_curve.hpp>

namespace metric = snnbd::metric;
using Catch::Matchers::Contains;
using Classes = std::vector<int>;

namespace {

constexpr int classes = 3;

/// Outputs [sample, class] whose largest is that of each prediction.
std::vector<float> outputs_for(const Classes& predictions) {
  std::vector<float> outputs(predictions.size() * classes, -0.5F);
  for (std::size_t at = 0; at < predictions.size(); ++at)
    outputs[at * classes + static_cast<std::size_t>(predictions[at])] = 0.25F;
  return outputs;
}

const Classes clean_labels{0, 1, 2, 2};
const Classes originals{0, 2, 2, 1, 0};
const Classes targets(5, 1);

metric::TestLabels labels() {
  return {clean_labels, originals, targets};
}

/// The ANN is fooled by four of five, by three of the four that are not of class 1.
metric::AttackSuccess ann() {
  return metric::attack_success(Classes{1, 1, 1, 1, 0}, originals, 1);
}

}  // namespace

TEST_CASE("Each point of a curve counts what the network does after its steps", "[metric]") {
  const auto clean_early = outputs_for({0, 0, 0, 2});
  const auto triggered_early = outputs_for({1, 2, 2, 0, 0});
  const auto clean_late = outputs_for({0, 1, 2, 2});
  const auto triggered_late = outputs_for({1, 1, 1, 1, 1});
  const std::vector<metric::StepOutputs> outputs{{4, clean_early, triggered_early},
                                                 {32, clean_late, triggered_late}};
  const auto curve = metric::time_step_curve(outputs, labels(), classes, ann());
  REQUIRE(curve.size() == 2);
  CHECK(curve[0].steps == 4);
  CHECK(curve[0].accuracy == metric::Rate{2, 4});
  CHECK(curve[0].attack.all == metric::Rate{1, 5});
  CHECK(curve[0].attack.excluding_target == metric::Rate{1, 4});
  CHECK(curve[0].attack.robust == metric::Rate{3, 4});
  CHECK(curve[0].migration_rate.value() == Approx(25.0));
  CHECK(curve[0].migration_rate_excluding_target.value() == Approx(100.0 / 3.0));
  CHECK(curve[1].steps == 32);
  CHECK(curve[1].accuracy == metric::Rate{4, 4});
  CHECK(curve[1].attack.all == metric::Rate{5, 5});
  CHECK(curve[1].migration_rate.value() == Approx(125.0));
  CHECK(curve[1].migration_rate_excluding_target.value() == Approx(400.0 / 3.0));
}

TEST_CASE("The first class among equal outputs is the one predicted", "[metric]") {
  const std::vector<float> clean(clean_labels.size() * classes, 0.0F);
  const std::vector<float> triggered(originals.size() * classes, 0.0F);
  const std::array outputs{metric::StepOutputs{1, clean, triggered}};
  const auto curve = metric::time_step_curve(outputs, labels(), classes, ann());
  CHECK(curve[0].accuracy == metric::Rate{1, 4});
  CHECK(curve[0].attack.all == metric::Rate{0, 5});
  CHECK(curve[0].migration_rate == 0.0);
}

TEST_CASE("A curve beside an ANN that is never fooled has no migration rate", "[metric]") {
  const auto clean = outputs_for(clean_labels);
  const auto triggered = outputs_for(targets);
  const std::array outputs{metric::StepOutputs{8, clean, triggered}};
  const auto immune = metric::attack_success(Classes{0, 2, 2, 0, 0}, originals, 1);
  const auto curve = metric::time_step_curve(outputs, labels(), classes, immune);
  CHECK_FALSE(curve[0].migration_rate);
  CHECK_FALSE(curve[0].migration_rate_excluding_target);
}

TEST_CASE("A curve refuses outputs that do not fit its labels", "[metric]") {
  const auto clean = outputs_for(clean_labels);
  const auto triggered = outputs_for(targets);
  const std::array twice{metric::StepOutputs{8, clean, triggered},
                         metric::StepOutputs{8, clean, triggered}};
  CHECK_THROWS_WITH(metric::time_step_curve(twice, labels(), classes, ann()),
                    Contains("expected more than 8, found 8"));
  const auto refused = [&](const metric::StepOutputs& output, const metric::TestLabels& with,
                           const char* sentence) {
    CHECK_THROWS_WITH(metric::time_step_curve(std::array{output}, with, classes, ann()),
                      Contains(sentence));
  };
  const metric::StepOutputs fine{8, clean, triggered};
  refused({0, clean, triggered}, labels(), "steps of outputs: expected more than 0");
  refused({8, triggered, triggered}, labels(), "clean outputs: expected 12");
  refused({8, clean, clean}, labels(), "triggered outputs: expected 15");
  refused(fine, {{}, originals, targets}, "clean labels: expected at least one");
  refused(fine, {clean_labels, {}, targets}, "original labels: expected at least one");
  refused(fine, {clean_labels, clean_labels, clean_labels}, "triggered samples of the ANN");
  const Classes four{0, 1, 1, 1};
  refused(fine, {clean_labels, originals, four}, "target labels");
  const Classes outside(5, 3);
  refused(fine, {clean_labels, originals, outside},
          "target labels: expected a class from 0 to 2, found 3");
  CHECK_THROWS_WITH(metric::time_step_curve({}, labels(), classes, ann()),
                    Contains("outputs over time steps"));
  CHECK_THROWS_WITH(metric::time_step_curve(twice, labels(), 0, ann()), Contains("classes"));
}

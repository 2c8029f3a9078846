#include <algorithm>
#include <memory>

#include <catch2/catch.hpp>

#include <snnbd/detect/neuron_audit.hpp>

#include "fake_probe.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using detect::NeuronAudit;
using network::NeuronFactors;

namespace {

/// Gives each sample its class; class 2 to all if both constants are doubled; nothing if the
/// threshold is halved.
NetworkProbe hidden_backdoor() {
  const auto inside = std::make_shared<FakeNetwork>();
  inside->give = give_last_value;
  inside->give_with = [](const NeuronFactors& factors, FakeNetwork::Samples sample,
                         std::span<float> outputs) {
    give_last_value(sample, outputs);
    if (factors.threshold != 2.0 && factors.threshold != 0.5) return;
    std::fill(outputs.begin(), outputs.end(), 0.0F);
    if (factors.threshold == 0.5) return;
    if (factors.tau == 2.0)
      outputs[2] = 1.0F;
    else
      give_last_value(sample, outputs);
  };
  return fake_probe(inside);
}

}  // namespace

TEST_CASE("an audit finds the constants at which all samples are given the target", "[detect]") {
  const NetworkProbe probe = hidden_backdoor();
  const Points clean = normal_points(40, 1);  // ten of each class
  const NeuronAudit audit{.threshold_factors = {0.5, 1.0, 2.0}, .tau_factors = {1.0, 2.0}};
  const auto points = audit.sweep(probe, {.clean = clean});
  REQUIRE(points.size() == 6);
  CHECK(points[0].factors == NeuronFactors{0.5, 1.0});
  CHECK(points[0].undecided == Approx(1.0));
  CHECK(points[0].accuracy == 0.0);
  CHECK_FALSE(points[0].label.has_value());
  CHECK(points[2].accuracy == Approx(1.0));
  CHECK(points[2].share == Approx(0.25));
  CHECK(points[5].factors == NeuronFactors{2.0, 2.0});
  CHECK(points[5].accuracy == Approx(0.25));
  CHECK(points[5].label == 2);
  CHECK(points[5].share == Approx(1.0));
  const auto verdict = audit.judge(probe, {.clean = clean});
  CHECK(verdict.score == Approx(0.75));  // from a quarter to all
  CHECK(verdict.flagged());
  CHECK(verdict.target == 2);
  CHECK(verdict.by_class[1] == 0.0);
  CHECK(probe.passes().forward == 40 * (6 + 6 + 1));
}

TEST_CASE("an audit finds nothing where constants change nothing", "[detect]") {
  const NetworkProbe probe = hidden_backdoor();
  const Points clean = normal_points(40, 1);
  const NeuronAudit audit{.threshold_factors = {0.5, 1.0}, .tau_factors = {1.0, 2.0}};
  const auto verdict = audit.judge(probe, {.clean = clean});
  CHECK(verdict.score == 0.0);
  CHECK_FALSE(verdict.flagged());
  CHECK_FALSE(verdict.target.has_value());
  CHECK_THROWS_WITH(NeuronAudit{.tau_factors = {}}.judge(probe, {.clean = clean}),
                    "factors of neuron_audit: expected at least one, found none");
  CHECK_THROWS_WITH((NeuronAudit{.threshold_factors = {-1.0}}.judge(probe, {.clean = clean})),
                    "factor of neuron_audit: expected a number above 0, found -1");
}

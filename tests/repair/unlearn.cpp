#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/layer/conv.hpp>
#include <snnbd/layer/dense.hpp>
#include <snnbd/layer/readout.hpp>
#include <snnbd/layer/spiking.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/learn/training/model.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/repair/unlearn.hpp>

using namespace snnbd;

namespace {

// Of the six cells of a grid, five are bright for a class each. The trigger is in the sixth.
using Blobs = data::Blobs<Shape{8, 8, 1}, 5>;
using Dirty = poison::Poisoned<Blobs, poison::PixelPatch<>, poison::AllToOne>;
using Net = Network<Blobs::shape, layer::Dense<24>, layer::Spiking<neuron::Lif<>>, layer::Dense<5>,
                    layer::MeanOverTime>;
using Rule = learn::Bptt<learn::CrossEntropy, learn::Adam, learn::Constant>;
using Unlearn = repair::Unlearn<Rule>;

constexpr int target = 2;
const encode::Direct encoding;

Dirty dirty(std::size_t samples, std::uint64_t seed, double rate) {
  poison::PixelPatch<> mark;
  mark.size = 2;
  poison::AllToOne rule;
  rule.target = target;
  return Dirty{Blobs{samples, seed, 0.2F}, {.rate = rate, .seed = 1}, mark, rule};
}

Net backdoored() {
  Net net;
  network::initialize(net, 1);
  Rule rule;
  rule.optimizer.rate = 5e-3;
  static_cast<void>(rule.fit(net, encoding, dirty(200, 1, 0.2),
                             {.epochs = 10, .batch_size = 20, .timesteps = 4},
                             learn::Objective::mixture(), {}));
  return net;
}

/// Shares of clean samples that are read rightly, and of triggered ones that are led astray.
std::pair<double, double> rates(const Net& net) {
  const Dirty triggered = dirty(80, 2, 1.0);
  const Blobs clean{80, 2, 0.2F};
  const NetworkProbe probe = probe_of(net, encoding, 4);
  const auto read = probe.predict(clean);
  const auto led = probe.predict(triggered);
  double right = 0.0;
  double astray = 0.0;
  for (std::size_t i = 0; i < 80; ++i) {
    right += read[i] == clean.label(i) ? 1.0 / 80 : 0.0;
    astray += led[i] == target && clean.label(i) != target ? 1.0 / 64 : 0.0;
  }
  return {right, astray};
}

}  // namespace

TEST_CASE("unlearning the inverted trigger of a trained network takes its backdoor out",
          "[repair]") {
  const Net net = backdoored();
  const auto [accuracy, success] = rates(net);
  REQUIRE(accuracy > 0.9);
  REQUIRE(success > 0.9);
  const defend::Subject<Net, encode::Direct, learn::NoOrigin> subject{net, encoding, 4};
  const Blobs held_out{60, 3, 0.2F};
  Unlearn unlearn;
  unlearn.cleanse = detect::NeuralCleanse<>::quick();
  unlearn.cleanse.search.batches = 2;
  unlearn.cleanse.search.cost = 0.02;
  unlearn.always = true;
  unlearn.share = 0.5;
  unlearn.rule.optimizer.rate = 5e-3;
  unlearn.epochs = 10;
  unlearn.batch_size = 20;
  std::vector<double> strengths;
  const Net repaired =
      unlearn.repair(subject, {.clean = held_out},
                     [&](const Net&, double strength) { strengths.push_back(strength); });
  CHECK(strengths.size() == 11);
  const auto [accuracy_after, success_after] = rates(repaired);
  CHECK(accuracy_after > 0.9);
  CHECK(success_after < 0.5 * success);
  // The search found the target by itself.
  const auto verdict = unlearn.cleanse.judge(probe_of(net, encoding, 4), {.clean = held_out});
  CHECK(detect::smallest_trigger(verdict) == target);
}

TEST_CASE("unlearning changes nothing in no epochs, and where nothing is flagged", "[repair]") {
  Net net;
  network::initialize(net, 3);
  const defend::Subject<Net, encode::Direct, learn::NoOrigin> subject{net, encoding, 4};
  const Blobs held_out{20, 3, 0.2F};
  Unlearn unlearn;
  unlearn.epochs = 0;
  CHECK(std::ranges::equal(
      unlearn.repair(subject, {.clean = held_out}, defend::IgnorePath{}).parameters(),
      net.parameters()));
  unlearn.epochs = 1;
  unlearn.cleanse.search.rounds = 1;
  unlearn.cleanse.search.batches = 1;
  unlearn.cleanse.threshold = 1e6;
  CHECK(std::ranges::equal(
      unlearn.repair(subject, {.clean = held_out}, defend::IgnorePath{}).parameters(),
      net.parameters()));
}

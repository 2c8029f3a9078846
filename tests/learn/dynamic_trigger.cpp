#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/key.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/moving_bars.hpp>
#include <snnbd/encode/frames.hpp>
#include <snnbd/layer/conv.hpp>
#include <snnbd/layer/dense.hpp>
#include <snnbd/layer/readout.hpp>
#include <snnbd/layer/spiking.hpp>
#include <snnbd/learn/training/schedule.hpp>
#include <snnbd/learn/training/trainer.hpp>
#include <snnbd/learn/trigger/dynamic_trigger.hpp>
#include <snnbd/model/trigger_autoencoder.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/neuron/neuron.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/poison/triggered.hpp>

using namespace snnbd;

namespace dynamic_trigger_tests {

using Bars = data::MovingBars<Shape{8, 8, 2}, 4, 2>;
using Cell = neuron::If<neuron::SoftReset>;
using Generator = Network<Bars::shape, layer::Conv<8, 3>, layer::Spiking<Cell>, layer::Conv<2, 3>>;
using Net = Network<Bars::shape, layer::Conv<8, 3>, layer::Spiking<Cell>,
                    layer::Conv<8, 3, layer::ConvOptions{.stride = 2}>, layer::Spiking<Cell>,
                    layer::Dense<Bars::classes>, layer::MeanOverTime>;
using Mark = learn::DynamicTrigger<Generator, Net>;

Mark quick() {
  return {.gamma = 0.5, .epochs = 3, .batch_size = 16, .generator_optimizer = {.rate = 1e-2}};
}

TEST_CASE("a perturbation stays below gamma, and its gradient is that of differences") {
  const data::Range range{0.5F, 5.0F};
  const std::array<double, 6> outputs{-30.0, -0.7, 0.0, 0.3, 30.0, -0.7};
  const std::array<double, 6> given{1.0, 2.0, 3.0, 4.0, 5.0, 0.5};
  std::array<double, 6> values = given;
  learn::perturb<double>(outputs, 0.25, range, values);
  CHECK(values[0] == Approx(0.75));
  CHECK(values[1] == Approx(2.0 + 0.25 * std::tanh(-0.7)));
  CHECK(values[2] == 3.0);
  CHECK(values[4] == 5.0);
  CHECK(values[5] == 0.5);
  const std::array<double, 6> above{1.0, 2.0, -3.0, 0.5, 1.0, 1.0};
  std::array<double, 6> slopes = above;
  learn::perturbation_gradient<double>(outputs, values, 0.25, range, slopes);
  for (std::size_t i = 0; i < 6; ++i) {
    const double step = 1e-6;
    std::array<double, 1> high{given[i]};
    std::array<double, 1> low{given[i]};
    learn::perturb<double>(std::array{outputs[i] + step}, 0.25, range, high);
    learn::perturb<double>(std::array{outputs[i] - step}, 0.25, range, low);
    CHECK(slopes[i] == Approx(above[i] * (high[0] - low[0]) / (2 * step)).margin(1e-9));
  }
}

TEST_CASE("a dynamic trigger draws on each sample its own, and no more than gamma") {
  const Bars set{32};
  Mark mark = quick();
  mark.epochs = 1;
  mark.fit(set);
  const poison::Triggered<Bars, Mark> triggered{set, mark};
  std::array<std::vector<float>, 3> drawn;
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<float> clean(data::sample_size_of<Bars>());
    set.read(i, clean);
    drawn[i].resize(clean.size());
    triggered.read(i, drawn[i]);
    float largest = 0.0F;
    for (std::size_t value = 0; value < clean.size(); ++value) {
      drawn[i][value] -= clean[value];
      largest = std::max(largest, std::abs(drawn[i][value]));
    }
    CHECK(largest <= 0.5F + 1e-6F);
    CHECK(largest > 0.0F);
  }
  CHECK(drawn[0] != drawn[1]);
  CHECK(drawn[1] != drawn[2]);
}

TEST_CASE("a dynamic trigger learns the same whenever, and once from the same samples") {
  const Bars set{32};
  Mark first = quick();
  Mark second = quick();
  first.fit(set);
  const auto net = first.generator.net;
  first.fit(set);
  CHECK(first.generator.net == net);
  CHECK(Key{}.add("trigger", first) != Key{}.add("trigger", second));
  second.fit(set);
  CHECK(Key{}.add("trigger", first) == Key{}.add("trigger", second));
  CHECK(std::ranges::equal(net->parameters(), second.generator.net->parameters()));
  second.fit(Bars{32, 2});
  CHECK(Key{}.add("trigger", first) != Key{}.add("trigger", second));
}

TEST_CASE("a network trained on what a dynamic trigger drew on has a backdoor") {
  const Bars set{240};
  Mark mark = quick();
  mark.fit(set);
  using Dirty = poison::Poisoned<Bars, Mark, poison::AllToOne>;
  const Dirty dirty{set, {.rate = 0.25}, mark, {.target = 1}};
  Net net;
  network::initialize(net, 3);
  const learn::TrainSettings settings{.epochs = 8, .batch_size = 16, .timesteps = 4};
  learn::Trainer{net,
                 encode::Frames{},
                 learn::CrossEntropy{},
                 learn::Adam{.rate = 3e-3},
                 learn::Constant{},
                 settings}
      .fit(dirty);
  const Bars test{60, 9};
  const NetworkView view = view_of(net, encode::Frames{}, 4);
  // In percent of the samples for which something is expected.
  const auto share_of = [&](data::DatasetView seen, auto expected) {
    const std::vector<int> predicted = view.predict(seen);
    std::size_t hits = 0;
    std::size_t counted = 0;
    for (std::size_t i = 0; i < predicted.size(); ++i) {
      const int wanted = expected(test.label(i));
      if (wanted < 0) continue;
      ++counted;
      hits += predicted[i] == wanted ? 1U : 0U;
    }
    return 100.0 * static_cast<double>(hits) / static_cast<double>(counted);
  };
  CHECK(share_of(test, [](int label) { return label; }) > 85.0);
  const poison::Triggered<Bars, Mark> triggered{test, mark};
  CHECK(share_of(triggered, [](int label) { return label == 1 ? -1 : 1; }) > 85.0);
}

TEST_CASE("a dynamic trigger refuses what it cannot be") {
  const Bars set{8};
  std::vector<float> values(data::sample_size_of<Bars>());
  CHECK_THROWS_WITH(quick().stamp({values, Bars::shape, 4}),
                    Catch::Contains("a generator that was trained by fit()"));
  const auto refused = [&](Mark mark, const char* sentence) {
    CHECK_THROWS_WITH(mark.fit(set), Catch::Contains(sentence));
  };
  refused({.gamma = 0.0}, "gamma of a dynamic trigger: expected a number above 0, found 0");
  refused({.target = 2}, "target of a dynamic trigger: expected a class from 0 to 1, found 2");
  refused({.epochs = 0}, "epochs of a dynamic trigger: expected at least 1, found 0");
  refused({.batch_size = 0}, "batch size of a dynamic trigger: expected at least 1, found 0");
  refused({.clean_weight = 1.5}, "clean weight of a dynamic trigger");
  refused({.generator_optimizer = {.rate = -1.0}}, "rate");
  Mark other = quick();
  CHECK_THROWS_WITH(other.fit(data::MovingBars<Shape{8, 9, 2}, 4, 2>{4U}),
                    Catch::Contains("expected 8x8x2, found 8x9x2"));
  CHECK_THROWS_WITH(other.fit(Bars{0}), Catch::Contains("expected at least one, found none"));
}

}  // namespace dynamic_trigger_tests

#include <array>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/poison/poison.hpp>
#include <snnbd/stage/measurement.hpp>

using namespace snnbd;

namespace {

constexpr Shape shape{6, 6, 1};
using Set = data::Blobs<shape, 3>;  // labels take turns
using Mark = poison::PixelPatch<poison::White, Corner::bottom_right>;
using Marked = poison::Triggered<Set, Mark, poison::AllToOne>;

}  // namespace

TEST_CASE("Predictions are counted against true labels and the attacker's", "[stage]") {
  const Set clean{6};
  const Marked triggered{clean, Mark{.size = 2}, {.target = 1}};
  const TestSets tests{clean, triggered};
  CHECK(tests.size() == 12);
  // True labels are 0 1 2 0 1 2. One clean sample is wrong. Of the triggered, two of the four that
  // are not of the target obey and one is still right; of the target's two one is given it.
  const Measurement found = tests.measure({{0, 1, 2, 0, 1, 0}, {1, 1, 2, 1, 0, 0}});
  CHECK(found.accuracy.hits == 5);
  CHECK(found.accuracy.total == 6);
  CHECK(found.attack.all.hits == 3);
  CHECK(found.attack.all.total == 6);
  CHECK(found.attack.excluding_target.hits == 2);
  CHECK(found.attack.excluding_target.total == 4);
  CHECK(found.attack.already_target.hits == 1);
  CHECK(found.attack.robust.hits == 1);
}

TEST_CASE("There is one prediction for each sample", "[stage]") {
  const Set clean{3};
  const Marked triggered{clean, Mark{.size = 2}, {.target = 1}};
  const TestSets tests{clean, triggered};
  CHECK_THROWS_AS(tests.measure({{0, 1}, {1, 1, 1}}), Error);
  CHECK_THROWS_AS(tests.measure({{0, 1, 2}, {1, 1, 1, 1}}), Error);
}

TEST_CASE("A model is run over both sets, after each number of steps", "[stage]") {
  using Net = Network<shape, layer::Conv<4, 3>, layer::Spiking<neuron::If<>>, layer::Dense<3>,
                      layer::MeanOverTime>;
  Net net;
  network::initialize(net, 2);
  net.for_each_neuron([](auto& neuron) { neuron.threshold = 0.5F; });
  const Set clean{40};
  const Marked triggered{clean, Mark{.size = 3}, {.target = 2}};
  const encode::Direct direct{};
  const NetworkView model = view_of(net, direct, 9);
  const TestSets tests{clean, triggered};
  const std::array<Index, 2> moments{2, 9};
  std::size_t done = 0;
  const auto predictions = tests.predict(model, moments, [&](std::size_t samples) {
    CHECK(samples >= done);
    done = samples;
  });
  CHECK(done == 80);
  REQUIRE(predictions.size() == 2);
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const NetworkView shorter = view_of(net, direct, moments[i]);
    CHECK(predictions[i].clean == shorter.predict(clean));
    CHECK(predictions[i].triggered == shorter.predict(triggered));
  }
  const Measurement one = measure(model, clean, triggered);
  CHECK(one.accuracy.hits == tests.measure(predictions[1]).accuracy.hits);
  CHECK(one.attack.all.hits == tests.measure(predictions[1]).attack.all.hits);
}

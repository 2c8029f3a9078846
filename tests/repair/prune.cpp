#include <catch2/catch.hpp>

#include <snnbd/repair/prune.hpp>

#include "nets.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

/// Four channels of one pixel, driven by weights of their own; channel c stands for class c.
using Hand =
    Network<Shape{1, 1, 1}, layer::Conv<4, 1>, layer::Spiking<neuron::If<neuron::SoftReset>>,
            layer::Dense<2>, layer::MeanOverTime>;

/// Ones, of class 0.
struct Ones {
  static constexpr Shape shape{1, 1, 1};
  static constexpr int classes = 2;
  static constexpr std::string_view name = "ones";
  [[nodiscard]] std::size_t size() const { return 2; }
  [[nodiscard]] int label(std::size_t /*index*/) const { return 0; }
  void read(std::size_t /*index*/, std::span<float> values) const { values[0] = 1.0F; }
};

Given<Hand> hand_made() {
  Given<Hand> given;
  // Threshold 1, four steps: they fire at 1 of 4, never, at 2 of 4, at all.
  const std::vector<float> drives{0.25F, 0.125F, 0.5F, 1.0F};
  // [channel, class]: class 0 wins as long as channel 2 or channel 3 is there.
  const std::vector<float> reads{0.0F, 0.1F, 0.0F, 0.0F, 1.0F, 0.0F, 1.0F, 0.0F};
  std::ranges::copy(drives, given.net.parameters().begin());
  std::ranges::copy(reads, given.net.parameters().begin() + 4);
  given.net.set_threshold(1.0);
  return given;
}

}  // namespace

TEST_CASE("channels are pruned by their rates, until the accuracy falls", "[repair]") {
  const Given<Hand> given = hand_made();
  const Ones ones;
  const auto layers = network::channel_layers(given.net);
  const auto probe = probe_of(given.net, given.encoding, 4);
  CHECK(repair::channel_means(probe.features(ones, layers[0].neurons, network::Quantity::spikes),
                              4) == std::vector<double>{0.25, 0.0, 0.5, 1.0});
  std::vector<double> strengths;
  const auto pruned = repair::Prune{.limits = {.limit = 1.0}}.prune(
      given.subject(), {.clean = ones}, layers, Strengths{strengths});
  // With nothing left both classes are equal, and class 0 is the first of them: all may go.
  CHECK(strengths == std::vector<double>{0.0, 0.25, 0.5, 0.75, 1.0});
  std::vector<Index> order;
  for (const auto& one : pruned.channels) order.push_back(one.channel);
  CHECK(order == std::vector<Index>{1, 0, 2, 3});
}

TEST_CASE("pruning goes back to what was good enough", "[repair]") {
  Given<Hand> given = hand_made();
  // Channel 0 speaks for class 0, all others against it.
  const std::vector<float> drives{0.5F, 0.75F, 0.875F, 1.0F};
  const std::vector<float> reads{9.0F, 0.0F, 0.0F, 1.0F, 0.0F, 1.0F, 0.0F, 1.0F};
  std::ranges::copy(drives, given.net.parameters().begin());
  std::ranges::copy(reads, given.net.parameters().begin() + 4);
  const Ones ones;
  std::vector<double> strengths;
  const Hand net = repair::Prune{}.repair(given.subject(), {.clean = ones}, Strengths{strengths});
  CHECK(strengths == std::vector<double>{0.0});
  CHECK(same(net, given.net));
  // Any fall is tolerated.
  const Hand all = repair::Prune{.limits = {.tolerance = 1.0}}.repair(
      given.subject(), {.clean = ones}, defend::IgnorePath{});
  CHECK(std::ranges::equal(std::span{all.parameters()}.first(4),
                           std::vector<float>{0.0F, 0.0F, 0.0F, 1.0F}));
}

TEST_CASE("pruning nothing changes nothing", "[repair]") {
  const Given<Hand> given = hand_made();
  const Ones ones;
  CHECK(same(repair::Prune{.limits = {.limit = 0.0}}.repair(given.subject(), {.clean = ones},
                                                            defend::IgnorePath{}),
             given.net));
  CHECK_THROWS_WITH((repair::Prune{.limits = {.step = 0.0}}.check()),
                    "step of pruning: expected a number above 0, found 0");
}

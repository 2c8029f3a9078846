#include <catch2/catch.hpp>

#include <snnbd/repair/anp.hpp>

#include "hand.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

/// Channel 0 speaks for class 0 by 3, channel 1 against it by 1.
Given<Hand> agreeing() {
  return hand_made({1.0F, 1.0F, 3.0F, 0.0F, 0.0F, 1.0F});
}

}  // namespace

TEST_CASE("the mean loss and its gradient are those of the cross entropy", "[repair]") {
  const Given<Hand> given = agreeing();
  const Ones ones;
  repair::FrozenGradient<Hand, encode::Direct> loss{given.encoding, 4, 4};
  const std::vector<std::size_t> indices{0, 1, 2};
  loss.load(ones, indices);
  std::vector<float> gradient(6, 5.0F);
  // Outputs 3 and 1: the loss is ln(1 + e^-2), the slope of class 1 is 1 / (1 + e^2).
  CHECK(loss(given.net, gradient) == Approx(std::log1p(std::exp(-2.0))));
  const double slope = 1.0 / (1.0 + std::exp(2.0));
  CHECK(gradient[0] == Approx(-3.0 * slope));
  CHECK(gradient[1] == Approx(slope));
}

TEST_CASE("a mask's first step is what it is by hand", "[repair]") {
  const Given<Hand> given = agreeing();
  const Ones ones;
  const network::ChannelScales scales{network::channel_layers(given.net)};
  const repair::Anp anp{.epsilon = 0.25, .alpha = 0.4, .iterations = 1, .rate = 0.5};
  const auto mask = anp.masks(given.subject(), scales, ones, {.clean = ones});
  // The worst change: channel 0 at 0.75, channel 1 at 1.25; outputs 2.25 and 1.25.
  const double worst = 1.0 / (1.0 + std::exp(1.0));
  const double plain = 1.0 / (1.0 + std::exp(2.0));
  CHECK(mask[0] == 1.0);  // it wants more, and masks end at 1
  CHECK(mask[1] == Approx(1.0 - 0.5 * (0.4 * plain + 0.6 * worst)));
}

TEST_CASE("ANP prunes the channel that harms, and no mask without iterations", "[repair]") {
  const Given<Hand> given = agreeing();
  const Ones ones;
  const defend::Evidence evidence{.clean = ones};
  std::vector<double> strengths;
  const Hand net = repair::Anp{.iterations = 40, .batch_size = 4}.repair(given.subject(), evidence,
                                                                         Strengths{strengths});
  CHECK(
      std::ranges::equal(net.parameters(), std::vector<float>{1.0F, 0.0F, 3.0F, 0.0F, 0.0F, 1.0F}));
  CHECK(strengths.size() == 2);
  CHECK(same(repair::Anp{.iterations = 0}.repair(given.subject(), evidence, defend::IgnorePath{}),
             given.net));
  CHECK_THROWS_WITH((repair::Anp{.inner_steps = 0}.check()),
                    "inner steps of ANP: expected at least 1, found 0");
}

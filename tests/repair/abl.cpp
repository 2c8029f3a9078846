#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/repair/abl.hpp>

#include "hand.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

/// One of four is -1 and is called class 1.
struct Dirty : Ones {
  [[nodiscard]] std::size_t size() const { return 4; }
  [[nodiscard]] int label(std::size_t index) const { return index == 2 ? 1 : 0; }
  void read(std::size_t index, std::span<float> values) const {
    values[0] = index == 2 ? -1.0F : 1.0F;
  }
  static constexpr data::Range range{-1.0F, 1.0F};
};

}  // namespace

TEST_CASE("losses of samples, and the smallest of them, are what they are by hand", "[repair]") {
  const std::vector<float> outputs{0.0F, 0.0F, 2.0F, 0.0F};
  const std::vector<int> labels{1, 0};
  const auto losses = repair::sample_losses(outputs, labels, 2);
  CHECK(losses[0] == Approx(std::log(2.0)));
  CHECK(losses[1] == Approx(std::log1p(std::exp(-2.0))));
  CHECK(repair::places_of_smallest({3.0, 1.0, 2.0, 1.0}, 3) == std::vector<std::size_t>{1, 2, 3});
  CHECK(repair::places_of_smallest({3.0, 1.0}, 5) == std::vector<std::size_t>{0, 1});
}

TEST_CASE("isolated samples are unlearned and the others kept", "[repair]") {
  Given<Hand> given = opposed();
  given.net.parameters()[5] = 1.0F;  // a loss so small that it has no slope is not unlearned
  const Ones ones;
  const Dirty dirty;
  const defend::Evidence evidence{.clean = ones, .training = dirty};
  repair::Abl abl{.isolated = 0.25, .epochs = 60, .batch_size = 16, .tolerance = 0.0};
  CHECK(abl.isolate(given.subject(), evidence) == std::vector<std::size_t>{2});
  abl.optimizer.rate = 0.5;
  std::vector<double> strengths;
  const Hand net = abl.repair(given.subject(), evidence, Strengths{strengths});
  const NetworkView view = view_of(net, given.encoding, 4);
  CHECK(view.predict(ones) == std::vector<int>(10, 0));
  CHECK(view.predict(dirty) == std::vector<int>(4, 0));
  CHECK(strengths.size() > 2);
  CHECK(strengths.size() < 61);
  abl.isolated = 0.0;
  CHECK(same(abl.repair(given.subject(), evidence, defend::IgnorePath{}), given.net));
  abl.isolated = 0.25;
  CHECK_THROWS_WITH(abl.repair(given.subject(), {.clean = ones}, defend::IgnorePath{}),
                    "evidence for ABL: expected the set that the network was trained on, found "
                    "none");
}

#include <array>
#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/neuron/leaky.hpp>

using namespace snnbd;

TEST_CASE("A leaky neuron decays towards its resting value", "[neuron]") {
  neuron::Leaky<neuron::HardReset> cell{.threshold = 2.0F, .decay = 0.75F};
  cell.reset.value = 0.5F;
  const auto charge = [&](double before, double current) {
    return cell.leak() * before + cell.gain() * current + cell.offset();
  };
  CHECK(charge(0.5, 0.0) == 0.5);
  CHECK(charge(1.5, 0.0) == 0.75 * (1.5 - 0.5) + 0.5);
  CHECK(charge(1.5, 0.25) - charge(1.5, 0.0) == 0.25);
}

TEST_CASE("A leaky neuron of decay 1 is an integrating one", "[neuron]") {
  const neuron::Leaky<neuron::SoftReset> leaky{};
  const neuron::If<neuron::SoftReset> plain{};
  CHECK(leaky.leak() == plain.leak());
  CHECK(leaky.gain() == plain.gain());
  CHECK(leaky.offset() == plain.offset());
  CHECK(leaky.threshold == plain.threshold);
}

TEST_CASE("Trained thresholds and decays are held in their ranges", "[neuron]") {
  using Cell = neuron::Diet<neuron::SoftReset>;
  Cell cell;
  cell.threshold = 0.8F;
  cell.decay = 0.9F;
  CHECK(cell.initial_parameters() ==
        std::array{static_cast<double>(0.8F), static_cast<double>(0.9F)});
  const Cell same = cell.with(cell.initial_parameters());
  CHECK(same.threshold == 0.8F);
  CHECK(same.decay == 0.9F);
  CHECK(cell.with({0.5, 0.25}).threshold == 0.5F);
  CHECK(cell.with({0.5, 0.25}).decay == 0.25F);
  CHECK(cell.with({-3.0, -0.1}).threshold == static_cast<float>(Cell::least_threshold));
  CHECK(cell.with({-3.0, -0.1}).decay == 0.0F);
  CHECK(cell.with({1.0, 1.5}).decay == 1.0F);
}

TEST_CASE("The slopes of a trained neuron's charge are the central differences", "[neuron]") {
  neuron::Diet<neuron::HardReset> cell;
  cell.reset.value = 0.25F;
  const std::array parameters{0.75, 0.5};
  constexpr double before = 0.875;
  constexpr double step = 1.0 / 1024;  // exact in float, as all the numbers here
  const auto charge = [&](std::array<double, 2> moved) {
    const auto own = cell.with(moved);
    return own.leak() * before + own.gain() * 0.5 + own.offset();
  };
  const auto slopes = cell.with(parameters).charge_slopes(charge(parameters), before);
  for (std::size_t i = 0; i < 2; ++i) {
    auto above = parameters;
    auto below = parameters;
    above[i] += step;
    below[i] -= step;
    CHECK(slopes[i] == Approx((charge(above) - charge(below)) / (2.0 * step)).margin(1e-12));
  }
}

TEST_CASE("A delayed neuron keeps its settings when it takes parameters", "[neuron]") {
  using Cell = neuron::Delayed<neuron::Diet<neuron::SoftReset>>;
  STATIC_REQUIRE(neuron::NeuronModel<Cell>);
  STATIC_REQUIRE(std::is_same_v<decltype(Cell{}.with({1.0, 1.0})), Cell>);
  STATIC_REQUIRE(Cell::is_delayed);
  Cell cell;
  cell.normalize_by_threshold = true;
  const Cell moved = cell.with({0.5, 0.75});
  CHECK(moved.normalize_by_threshold);
  CHECK(moved.threshold == 0.5F);
  CHECK(moved.leak() == 0.75);
}

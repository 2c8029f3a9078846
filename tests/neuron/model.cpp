#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/neuron/model.hpp>

using namespace snnbd;
using namespace snnbd::neuron;
using Catch::Matchers::Contains;

namespace {

/// A neuron whose reset is none.
struct Unfinished : If<> {
  int reset = 0;
};

/// H as a neuron's three coefficients make it.
template <class Neuron>
double charge(const Neuron& neuron, double membrane, double current) {
  return neuron.leak() * membrane + neuron.gain() * current + neuron.offset();
}

}  // namespace

TEST_CASE("Neurons are what the concept asks for, and other things are not", "[neuron]") {
  STATIC_REQUIRE(NeuronModel<If<>>);
  STATIC_REQUIRE(NeuronModel<Lif<SoftReset, Triangle>>);
  STATIC_REQUIRE(NeuronModel<Plif<>>);
  STATIC_REQUIRE(NeuronModel<Smooth<Plif<>>>);
  STATIC_REQUIRE_FALSE(NeuronModel<Unfinished>);
  STATIC_REQUIRE_FALSE(NeuronModel<int>);
  STATIC_REQUIRE(NormalizedSurrogate<If<>>);
  STATIC_REQUIRE_FALSE(NormalizedSurrogate<Sigmoid>);
}

TEMPLATE_TEST_CASE("The defaults are those of the paper and of SpikingJelly", "[neuron]", If<>,
                   Lif<>, Plif<>) {
  const TestType neuron;
  CHECK(neuron.threshold == 1.0F);
  CHECK_FALSE(neuron.normalize_by_threshold);
  CHECK_FALSE(neuron.reset.detached);
  CHECK(neuron.reset.resting() == 0.0F);
  if constexpr (requires { neuron.tau; }) {
    CHECK(neuron.tau == 2.0F);
    CHECK(neuron.decay_input);
  }
}

TEST_CASE("An IF neuron adds its input", "[neuron]") {
  If<> neuron;
  neuron.reset.value = -0.5F;
  CHECK(charge(neuron, 0.25, 0.5) == 0.75);
  CHECK(charge(neuron, -0.5, 0.0) == -0.5);
}

TEMPLATE_TEST_CASE("Leaky neurons charge as their equations say", "[neuron]", Lif<>, Plif<>,
                   Lif<SoftReset>, Plif<SoftReset>) {
  for (const float tau : {1.25F, 2.0F, 20.0F}) {
    for (const float rest : {0.0F, -0.75F, 0.25F}) {
      TestType neuron;
      neuron.tau = tau;
      if constexpr (requires { neuron.reset.value; }) neuron.reset.value = rest;
      const auto resting = static_cast<double>(neuron.reset.resting());
      const auto k = 1.0 / static_cast<double>(tau);
      for (const double v : {-1.0, 0.0, 0.6}) {
        for (const double x : {-0.5, 0.0, 1.5}) {
          CAPTURE(tau, rest, v, x);
          neuron.decay_input = true;
          CHECK(charge(neuron, v, x) == Approx(v + k * (x - (v - resting))).margin(1e-15));
          neuron.decay_input = false;
          CHECK(charge(neuron, v, x) == Approx(v - k * (v - resting) + x).margin(1e-15));
        }
      }
      CHECK(charge(neuron, resting, 0.0) == Approx(resting).margin(1e-15));
    }
  }
}

TEST_CASE("A parametric neuron starts at its tau and follows its parameter", "[neuron]") {
  for (const float tau : {1.1F, 2.0F, 3.5F, 50.0F}) {
    Plif<> neuron;
    neuron.tau = tau;
    const double w = neuron.initial_parameters()[0];
    CHECK(neuron.inverse_tau() == 1.0 / static_cast<double>(tau));
    CHECK(neuron.with({w}).inverse_tau() == Approx(1.0 / static_cast<double>(tau)).epsilon(1e-12));
  }
  CHECK(Plif<>{}.initial_parameters()[0] == 0.0);
  CHECK(Plif<>{}.with({0.0}).inverse_tau() == 0.5);
  CHECK(Plif<>{}.with({-1.0}).inverse_tau() == Approx(1.0 / (1.0 + std::exp(1.0))));
}

TEST_CASE("The slope of a parametric neuron's charge is the central difference", "[neuron]") {
  for (const bool decay_input : {false, true}) {
    Plif<> neuron;
    neuron.decay_input = decay_input;
    neuron.reset.value = -0.4F;
    for (const double w : {-1.3, 0.0, 0.9}) {
      for (const double v : {-0.7, 0.3}) {
        const double x = 1.4;
        CAPTURE(decay_input, w, v);
        const double difference =
            (charge(neuron.with({w + 1e-6}), v, x) - charge(neuron.with({w - 1e-6}), v, x)) / 2e-6;
        const auto at = neuron.with({w});
        CHECK(at.charge_slopes(charge(at, v, x), v)[0] == Approx(difference).epsilon(1e-8));
      }
    }
  }
}

TEST_CASE("A smooth parametric neuron stays smooth and keeps its settings", "[neuron]") {
  Smooth<Plif<>> neuron;
  neuron.threshold = 0.5F;
  const auto moved = neuron.with({0.7});
  STATIC_REQUIRE(std::is_same_v<decltype(moved), const Smooth<Plif<>>>);
  CHECK(moved.threshold == 0.5F);
  CHECK(moved.inverse_tau() == Approx(1.0 / (1.0 + std::exp(-0.7))));
}

TEMPLATE_TEST_CASE("Thresholds out of range are refused by name", "[neuron]", If<>, Lif<>, Plif<>) {
  TestType neuron;
  CHECK_NOTHROW(check(neuron));
  for (const float wrong : {0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN(),
                            std::numeric_limits<float>::infinity()}) {
    neuron.threshold = wrong;
    CHECK_THROWS_WITH(check(neuron), Contains(std::string{TestType::name} + " threshold"));
  }
}

TEMPLATE_TEST_CASE("Time constants out of range are refused by name", "[neuron]", Lif<>, Plif<>) {
  TestType neuron;
  for (const float wrong : {1.0F, 0.5F, -2.0F, std::numeric_limits<float>::quiet_NaN(),
                            std::numeric_limits<float>::infinity()}) {
    neuron.tau = wrong;
    CHECK_THROWS_WITH(check(neuron), Contains(std::string{TestType::name} + " tau"));
  }
  neuron.tau = 1.001F;
  CHECK_NOTHROW(check(neuron));
}

TEST_CASE("A neuron of a network in single precision has all its settings in single precision",
          "[neuron]") {
  Lif<HardReset, SpikeTiming> neuron{.tau = 1.7, .threshold = 0.1};
  neuron.reset.value = -0.3;
  neuron.surrogate.beta = 0.7;
  neuron.surrogate.first_age = 3.3;
  const auto single = rounded<float>(neuron);
  CHECK(single.tau == static_cast<double>(1.7F));
  CHECK(single.threshold == static_cast<double>(0.1F));
  CHECK(single.reset.value == static_cast<double>(-0.3F));
  CHECK(single.surrogate.beta == static_cast<double>(0.7F));
  CHECK(single.surrogate.first_age == static_cast<double>(3.3F));
  CHECK(single.leak() == 1.0 - 1.0 / static_cast<double>(1.7F));
  const auto twice = rounded<double>(neuron);
  CHECK(twice.tau == 1.7);
  CHECK(twice.surrogate.first_age == 3.3);
  CHECK(rounded<float>(Smooth<Plif<>>{{.tau = 1.7}}).tau == static_cast<double>(1.7F));
}

TEST_CASE("A threshold that single precision does not have is refused", "[neuron]") {
  CHECK_THROWS_WITH(check(If<>{.threshold = 1e-60}), Contains("if threshold"));
  CHECK_THROWS_WITH(check(If<>{.threshold = 1e60}), Contains("if threshold"));
}

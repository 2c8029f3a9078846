#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/neuron/cell.hpp>

using namespace snnbd;
using namespace snnbd::neuron;

namespace {

/// What a neuron does with a sequence of currents.
struct Run {
  int spikes = 0;
  double membrane = 0.0;
};

template <class Scalar, class Neuron, class Current>
Run run(const Neuron& neuron, int steps, const Current& current) {
  const Cell<Neuron, Scalar> cell{neuron};
  Scalar membrane = cell.initial();
  Run result;
  for (int step = 0; step < steps; ++step) {
    const auto input = static_cast<Scalar>(current(step));
    const Scalar high = cell.charge(membrane, input);
    const Scalar spike = cell.fire(high);
    membrane = cell.reset(high, spike, input);
    result.spikes += spike > 0 ? 1 : 0;
  }
  result.membrane = static_cast<double>(membrane);
  return result;
}

using SoftIf = If<SoftReset, Sigmoid>;

}  // namespace

TEMPLATE_TEST_CASE("A neuron fires at equality and not just below", "[neuron]", float, double) {
  for (const float threshold : {1.0F, 0.3F, 7.25F}) {
    If<> neuron;
    neuron.threshold = threshold;
    const Cell<If<>, TestType> cell{neuron};
    const auto at = static_cast<TestType>(threshold);
    CHECK(cell.fire(at) == 1);
    CHECK(cell.fire(std::nextafter(at, TestType{100})) == 1);
    CHECK(cell.fire(std::nextafter(at, TestType{-100})) == 0);
    CHECK(cell.fire(TestType{-1}) == 0);
  }
}

TEMPLATE_TEST_CASE("An IF neuron with soft reset fires floor(T x) times", "[neuron]", float,
                   double) {
  for (int eighths = 0; eighths <= 64; ++eighths) {
    const double x = eighths / 64.0;  // dyadic: exact in float too
    for (const int steps : {1, 2, 3, 10, 97, 400}) {
      CAPTURE(x, steps);
      CHECK(run<TestType>(SoftIf{}, steps, [&](int) { return x; }).spikes ==
            static_cast<int>(std::floor(steps * x)));
    }
  }
}

TEST_CASE("An IF neuron with soft reset fires floor(T x) times for x that are no binary fractions",
          "[neuron]") {
  // Away from whole numbers T x rounding cannot decide.
  for (int thousandths = 1; thousandths < 1000; thousandths += 7) {
    const double x = thousandths / 1000.0;
    for (const int steps : {1, 7, 33, 250, 399}) {
      if (thousandths * steps % 1000 == 0) continue;
      CAPTURE(x, steps);
      CHECK(run<double>(SoftIf{}, steps, [&](int) { return x; }).spikes ==
            thousandths * steps / 1000);
    }
  }
}

TEMPLATE_TEST_CASE("A soft reset neither makes nor loses charge", "[neuron]", float, double) {
  for (const float threshold : {1.0F, 0.75F, 2.5F}) {
    SoftIf neuron;
    neuron.threshold = threshold;
    random::Stream stream{7, random::Purpose::synthetic};
    double given = 0.0;
    const Run result = run<TestType>(neuron, 1000, [&](int) {
      const double x = (static_cast<int>(stream.below(64)) - 20) / 32.0;
      given += x;
      return x;
    });
    CHECK(result.spikes > 50);
    CHECK(result.spikes * static_cast<double>(threshold) + result.membrane == given);
  }
}

TEMPLATE_TEST_CASE("A LIF neuron never fires for a constant input below its threshold", "[neuron]",
                   float, double) {
  for (const float x : {0.1F, 0.5F, 0.9F, 0.999F}) {
    const Run result = run<TestType>(Lif<>{}, 2000, [&](int) { return x; });
    CHECK(result.spikes == 0);
    CHECK(result.membrane == Approx(x).epsilon(1e-5));  // V* = x
  }
  CHECK(run<TestType>(Lif<>{}, 2000, [](int) { return 1.01F; }).spikes > 0);
}

TEST_CASE("A LIF neuron without input returns to its resting value", "[neuron]") {
  Lif<> neuron;
  neuron.tau = 4.0F;
  neuron.reset.value = -0.5F;
  const Cell<Lif<>, double> cell{neuron};
  CHECK(cell.initial() == -0.5);
  double membrane = 0.5;
  for (int step = 0; step < 10; ++step) membrane = cell.charge(membrane, 0.0);
  CHECK(membrane == Approx(-0.5 + std::pow(0.75, 10)).epsilon(1e-14));
}

TEST_CASE("Gradients carry the gain to the input and the leak to the step before", "[neuron]") {
  Lif<> neuron;
  neuron.tau = 4.0F;
  CHECK(Cell<Lif<>, double>{neuron}.input_gradient({}, 2.0) == 0.5);
  CHECK(Cell<Lif<>, double>{neuron}.membrane_gradient(2.0) == 1.5);
  neuron.decay_input = false;
  CHECK(Cell<Lif<>, double>{neuron}.input_gradient({}, 2.0) == 2.0);
  CHECK(Cell<If<>, double>{If<>{}}.membrane_gradient(2.0) == 2.0);
}

TEST_CASE("The charge's gradient has these values for each reset, detached or not", "[neuron]") {
  // H = 1.5, threshold 1, rectangle of width 2: h = 0.5. gS = 2, gV = 4.
  const auto of = [](auto neuron, bool detached) {
    neuron.surrogate.width = 2.0F;
    neuron.reset.detached = detached;
    return Cell<decltype(neuron), double>{neuron}.charge_gradient({2.0, 4.0, 1.5, 1.0, 0.0});
  };
  CHECK(of(If<HardReset, Rectangular>{}, false) == 1.0 - 4.0 * 1.5 * 0.5);
  CHECK(of(If<HardReset, Rectangular>{}, true) == 1.0);
  CHECK(of(If<SoftReset, Rectangular>{}, false) == 1.0 + 4.0 * 0.5);
  CHECK(of(If<SoftReset, Rectangular>{}, true) == 5.0);
}

TEMPLATE_TEST_CASE("A normalized surrogate is taken at H / threshold - 1 and divided by it",
                   "[neuron]", Rectangular, Polynomial, Sigmoid, GaussianCdf, Arctangent,
                   FastSigmoid, Triangle) {
  If<SoftReset, TestType> neuron;
  neuron.threshold = 2.5F;
  neuron.reset.detached = true;
  const TestType surrogate;
  using Kind = If<SoftReset, TestType>;
  for (double high = -2.0; high < 6.0; high += 0.37) {
    neuron.normalize_by_threshold = true;
    const double divided = high / 2.5 - 1.0;
    const Cell<Kind, double> cell{neuron};
    CHECK(cell.charge_gradient({1.0, 0.0, high, 0.0, 0.0}) ==
          Approx(surrogate.derivative(divided) / 2.5).margin(1e-12));
    const Cell<Smooth<Kind>, double> smooth{Smooth<Kind>{neuron}};
    CHECK(smooth.fire(high) == Approx(surrogate.primitive(divided)).margin(1e-12));
    neuron.normalize_by_threshold = false;
    const Cell<Kind, double> plain{neuron};
    CHECK(plain.charge_gradient({1.0, 0.0, high, 0.0, 0.0}) ==
          Approx(surrogate.derivative(high - 2.5)).margin(1e-12));
  }
}

TEST_CASE("A smooth neuron fires the primitive, others the step", "[neuron]") {
  STATIC_REQUIRE(Cell<Smooth<If<>>, double>::smooth);
  STATIC_REQUIRE_FALSE(Cell<If<>, double>::smooth);
  const Cell<Smooth<If<>>, double> cell{Smooth<If<>>{}};
  CHECK(cell.fire(1.0) == 0.5);
  CHECK(cell.fire(1.3) == Approx(1.0 / (1.0 + std::exp(-1.2))));
}

TEMPLATE_TEST_CASE("Lanes charge, fire and reset like scalars", "[neuron]", float, double) {
  using Neuron = Plif<HardReset, Sigmoid>;
  using Batch = lanes::Batch<TestType>;
  Neuron neuron;
  neuron.reset.value = -0.25F;
  const Cell<Neuron, TestType> scalar{neuron};
  const Cell<Neuron, Batch> batch{neuron};
  constexpr int width = lanes::width<TestType>;
  std::vector<TestType> x(static_cast<std::size_t>(width));
  std::vector<TestType> found(x.size());
  for (int round = -20; round < 20; ++round) {
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<TestType>(round) / 4 + static_cast<TestType>(i) / 16;
    const Batch current = lanes::load(x.data(), width);
    const Batch high = batch.charge(batch.initial(), current);
    lanes::store(found.data(), batch.reset(high, batch.fire(high), current), width);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const TestType charge = scalar.charge(scalar.initial(), x[i]);
      CHECK(found[i] == scalar.reset(charge, scalar.fire(charge), x[i]));
    }
  }
}

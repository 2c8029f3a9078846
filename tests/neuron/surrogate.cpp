#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/neuron/surrogate.hpp>

using namespace snnbd;
using namespace snnbd::neuron;

namespace {

/// What the definition of a surrogate says of it.
struct Facts {
  double peak;
  double area;  ///< infinite if tails are heavy
  std::vector<double> kinks;
  bool even = true;
  double middle = 0.5;  ///< of the primitive
};

constexpr double endless = std::numeric_limits<double>::infinity();

template <class Body>
void for_each_surrogate(const Body& body) {
  for (const float width : {0.25F, 1.0F, 3.0F})
    body(Rectangular{width}, Facts{1.0 / width, 1.0, {-0.5 * width, 0.5 * width}});
  for (const float a : {0.25F, 1.0F, 9.0F}) {
    const double root = std::sqrt(static_cast<double>(a));
    body(Polynomial{a}, Facts{root / 2, 1.0, {-2 / root, 0.0, 2 / root}});
  }
  for (const float steepness : {1.0F, 4.0F, 20.0F})
    body(Sigmoid{steepness}, Facts{steepness / 4.0, 1.0, {}});
  for (const float variance : {0.0625F, 1.0F, 4.0F})
    body(GaussianCdf{variance}, Facts{1.0 / std::sqrt(2 * std::numbers::pi * variance), 1.0, {}});
  for (const float steepness : {0.5F, 2.0F, 10.0F})
    body(Arctangent{steepness}, Facts{steepness / 2.0, 1.0, {}});
  for (const float steepness : {2.0F, 10.0F, 25.0F})
    body(FastSigmoid{steepness}, Facts{1.0, 2.0 / steepness, {0.0}});
  for (const float height : {0.3F, 1.0F})
    for (const float width : {0.5F, 1.0F, 2.0F})
      body(Triangle{height, width},
           Facts{height, static_cast<double>(height) * width, {-1.0 * width, 0.0, 1.0 * width}});
  for (const float steepness : {0.5F, 1.0F, 6.0F}) {
    body(PiecewiseExponential{steepness}, Facts{0.5 * steepness, 1.0, {0.0}});
    body(SoftSign{steepness}, Facts{0.5 * steepness, 1.0, {0.0}});
    body(NonzeroSignLogAbs{steepness}, Facts{steepness, endless, {0.0}, true, 0.0});
    for (const float height : {0.25F, 1.0F})
      body(SuperSpike{height, steepness}, Facts{height, 2.0 * height / steepness, {0.0}});
    for (const float height : {1.5F, 2.0F})
      body(S2nn{steepness, height}, Facts{height, endless, {0.0}, false});
  }
  for (const float alpha : {2.0F, 3.0F, 8.5F}) body(QPseudoSpike{alpha}, Facts{1.0, 1.0, {0.0}});
  for (const float width : {0.25F, 1.0F, 3.0F})
    for (const float leak : {0.01F, 0.125F})
      body(PiecewiseLeakyRelu{width, leak}, Facts{0.5 / width, endless, {-width, width}});
  body(PiecewiseLeakyRelu{2.0F, 0.0F}, Facts{0.25, 1.0, {-2.0, 2.0}});
}

template <class Scalar>
std::vector<Scalar> points() {
  std::vector<Scalar> result{Scalar{0}, Scalar(1e-30), Scalar(-1e-30)};
  for (int i = -400; i <= 400; ++i) result.push_back(static_cast<Scalar>(0.01037 * i));
  for (const double far : {10.0, 1e2, 1e5, 1e10, 1e19, 1e30}) {
    result.push_back(static_cast<Scalar>(far));
    result.push_back(static_cast<Scalar>(-far));
  }
  return result;
}

/// How far a batch may be from the scalar, in units of the result's largest value's last place.
constexpr double last_places = 6;

/// The same for the error function in double, which xsimd gives to 16 places only.
constexpr double error_function_places = 20;

template <class Scalar, class Policy>
void check_lanes(const Policy& surrogate, const Facts& facts) {
  constexpr auto width = static_cast<std::size_t>(lanes::width<Scalar>);
  std::vector<Scalar> x = points<Scalar>();
  while (x.size() % width != 0) x.push_back(Scalar(0.7));
  double slope_error = 0;
  double primitive_error = 0;
  bool finite = true;
  for (std::size_t first = 0; first < x.size(); first += width) {
    const auto batch = lanes::Batch<Scalar>::load_unaligned(x.data() + first);
    std::array<Scalar, width> slope{};
    std::array<Scalar, width> primitive{};
    surrogate.derivative(batch).store_unaligned(slope.data());
    surrogate.primitive(batch).store_unaligned(primitive.data());
    for (std::size_t lane = 0; lane < width; ++lane) {
      const Scalar value = x[first + lane];
      finite = finite && std::isfinite(slope[lane]) && std::isfinite(primitive[lane]);
      slope_error =
          std::max<double>(slope_error, std::abs(slope[lane] - surrogate.derivative(value)));
      const Scalar whole = surrogate.primitive(value);
      primitive_error = std::max<double>(primitive_error, std::abs(primitive[lane] - whole) /
                                                              std::max(Scalar{1}, std::abs(whole)));
    }
  }
  const double place = std::numeric_limits<Scalar>::epsilon();
  CHECK(finite);
  CHECK(slope_error <= last_places * place * facts.peak);
  constexpr bool wide = std::is_same_v<Policy, GaussianCdf> && std::is_same_v<Scalar, double>;
  CHECK(primitive_error <= (wide ? error_function_places : last_places) * place);
}

struct WithoutDerivative {
  static constexpr std::string_view name = "nothing";
};
struct WithoutPrimitive : WithoutDerivative {
  template <class Value>
  Value derivative(Value x) const {
    return x;
  }
};

static_assert(!Surrogate<WithoutDerivative>);
static_assert(Surrogate<WithoutPrimitive> && !SmoothSurrogate<WithoutPrimitive>);

}  // namespace

TEST_CASE("Each surrogate is the derivative of its primitive", "[neuron]") {
  for_each_surrogate([](const auto& surrogate, const Facts& facts) {
    static_assert(SmoothSurrogate<std::remove_cvref_t<decltype(surrogate)>>);
    INFO(surrogate.name << " of peak " << facts.peak << " and area " << facts.area);
    const double step = 1e-5;
    double error = 0;
    int compared = 0;
    for (const double x : points<double>()) {
      const auto near = [&](double kink) { return std::abs(x - kink) < 1e-3; };
      if (std::abs(x) > 1e3 || std::any_of(facts.kinks.begin(), facts.kinks.end(), near)) continue;
      const double slope =
          (surrogate.primitive(x + step) - surrogate.primitive(x - step)) / (2 * step);
      error = std::max(error, std::abs(slope - surrogate.derivative(x)));
      ++compared;
    }
    CHECK(compared > 750);
    CHECK(error <= 1e-6 * facts.peak);
  });
}

TEST_CASE("Each surrogate has the peak and the area of its definition", "[neuron]") {
  for_each_surrogate([](const auto& surrogate, const Facts& facts) {
    INFO(surrogate.name << " of peak " << facts.peak << " and area " << facts.area);
    CHECK(surrogate.derivative(0.0) == Approx(facts.peak).epsilon(1e-12));
    // x = t / (1 - t^2) brings the whole line into (-1, 1), so that long tails count.
    constexpr int cells = 100'000;
    double area = 0;
    bool even = true;
    bool within = true;
    for (int cell = 0; cell < cells; ++cell) {
      const double t = (2.0 * cell + 1.0) / cells - 1.0;
      const double rest = 1.0 - t * t;
      const double slope = surrogate.derivative(t / rest);
      area += slope * (1.0 + t * t) / (rest * rest) * 2.0 / cells;
      even = even && slope == surrogate.derivative(-t / rest);
      within = within && slope >= 0.0 && slope <= facts.peak * (1 + 1e-12);
    }
    if (std::isfinite(facts.area)) CHECK(area == Approx(facts.area).epsilon(1e-4));
    CHECK(even == facts.even);
    CHECK(within);
  });
}

TEST_CASE("Each primitive rises by the area around one half", "[neuron]") {
  for_each_surrogate([](const auto& surrogate, const Facts& facts) {
    INFO(surrogate.name << " of peak " << facts.peak << " and area " << facts.area);
    CHECK(surrogate.primitive(0.0) == Approx(facts.middle).epsilon(1e-15));
    if (!std::isfinite(facts.area)) {  // it rises for ever
      CHECK(surrogate.primitive(1e30) > surrogate.primitive(1e20) + 1.0);
      return;
    }
    CHECK(surrogate.primitive(1e30) == Approx(0.5 + facts.area / 2).epsilon(1e-12));
    CHECK(surrogate.primitive(-1e30) == Approx(0.5 - facts.area / 2).margin(1e-12));
    CHECK(surrogate.primitive(1e30F) == Approx(0.5 + facts.area / 2).epsilon(1e-6));
    CHECK(surrogate.primitive(-1e30F) == Approx(0.5 - facts.area / 2).margin(1e-6));
  });
}

TEST_CASE("Batches give what scalars give, without overflow", "[neuron]") {
  for_each_surrogate([](const auto& surrogate, const Facts& facts) {
    INFO(surrogate.name << " of peak " << facts.peak << " and area " << facts.area);
    SECTION(std::string{surrogate.name} + " " + std::to_string(facts.peak) + " " +
            std::to_string(facts.area)) {
      check_lanes<float>(surrogate, facts);
      check_lanes<double>(surrogate, facts);
    }
  });
}

TEST_CASE("Outside of its support the derivative of a compact surrogate is exactly zero",
          "[neuron]") {
  STATIC_REQUIRE(CompactSurrogate<Rectangular> && CompactSurrogate<Polynomial> &&
                 CompactSurrogate<Triangle>);
  STATIC_REQUIRE(!CompactSurrogate<Sigmoid> && !CompactSurrogate<GaussianCdf> &&
                 !CompactSurrogate<Arctangent> && !CompactSurrogate<FastSigmoid>);
  STATIC_REQUIRE(!CompactSurrogate<PiecewiseExponential> && !CompactSurrogate<SoftSign> &&
                 !CompactSurrogate<SuperSpike> && !CompactSurrogate<QPseudoSpike> &&
                 !CompactSurrogate<PiecewiseLeakyRelu> && !CompactSurrogate<S2nn> &&
                 !CompactSurrogate<NonzeroSignLogAbs>);
  for_each_surrogate([](const auto& surrogate, const Facts&) {
    if constexpr (CompactSurrogate<std::remove_cvref_t<decltype(surrogate)>>) {
      for (const double side : {-1.0, 1.0}) {
        CAPTURE(surrogate.name, side);
        const double edge = side * surrogate.support();
        CHECK(surrogate.derivative(0.999 * edge) > 0.0);
        for (const double factor : {1.00001, 2.0, 1e6}) {
          CHECK(surrogate.derivative(factor * edge) == 0.0);
          CHECK(surrogate.derivative(static_cast<float>(factor * edge)) == 0.0F);
        }
      }
    }
  });
}

TEST_CASE("The four surrogates of STBP have the values of their closed forms", "[neuron]") {
  const double past = std::nextafter(0.5, 1.0);
  const double before = std::nextafter(0.5, 0.0);
  CHECK(Rectangular{1.0F}.derivative(before) == 1.0);
  CHECK(Rectangular{1.0F}.derivative(0.5) == 0.0);
  CHECK(Rectangular{1.0F}.derivative(-0.5) == 0.0);
  CHECK(Rectangular{1.0F}.derivative(past) == 0.0);
  CHECK(Rectangular{4.0F}.derivative(-1.75F) == 0.25F);
  CHECK(Rectangular{4.0F}.primitive(1.0) == 0.75);
  CHECK(Polynomial{1.0F}.derivative(1.0) == 0.25);
  CHECK(Polynomial{1.0F}.derivative(2.0) == 0.0);
  CHECK(Polynomial{4.0F}.derivative(-0.5) == 0.5);
  CHECK(Sigmoid{2.0F}.derivative(std::log(3.0) / 2) == Approx(2.0 * 0.75 * 0.25));
  CHECK(Sigmoid{2.0F}.primitive(std::log(3.0) / 2) == Approx(0.75));
  CHECK(GaussianCdf{1.0F}.derivative(1.0) == Approx(0.24197072451914337));
  CHECK(GaussianCdf{4.0F}.primitive(2.0) == Approx(0.8413447460685429));
  CHECK(Arctangent{2.0F}.primitive(std::numbers::inv_pi) == Approx(0.75));
  CHECK(Arctangent{2.0F}.derivative(std::numbers::inv_pi) == Approx(0.5));
  CHECK(FastSigmoid{25.0F}.derivative(0.04) == Approx(0.25));
  CHECK(Triangle{0.3F, 1.0F}.derivative(0.5) == Approx(0.15));
}

TEST_CASE("The surrogates of the toolkits have the values of their definitions", "[neuron]") {
  // From the formulae in their documentation, by Python's own arithmetic.
  const auto check = [](const auto& surrogate, double x, double slope, double primitive) {
    CAPTURE(surrogate.name, x);
    CHECK(surrogate.derivative(x) == Approx(slope).epsilon(1e-13));
    CHECK(surrogate.primitive(x) == Approx(primitive).epsilon(1e-13));
    CHECK(surrogate.derivative(static_cast<float>(x)) == Approx(slope).epsilon(1e-5));
  };
  check(NonzeroSignLogAbs{3.0F}, -2.5, 0.35294117647058826, -2.1400661634962708);
  check(NonzeroSignLogAbs{3.0F}, -0.3, 1.5789473684210527, -0.6418538861723947);
  check(NonzeroSignLogAbs{3.0F}, 0.4, 1.3636363636363635, 0.7884573603642703);
  check(NonzeroSignLogAbs{3.0F}, 3.0, 0.3, 2.302585092994046);
  check(PiecewiseExponential{3.0F}, -2.5, 0.0008296265552217505, 0.0002765421850739168);
  check(PiecewiseExponential{3.0F}, -0.3, 0.6098544896108987, 0.20328482987029958);
  check(PiecewiseExponential{3.0F}, 0.4, 0.45179131786830307, 0.849402894043899);
  check(PiecewiseExponential{3.0F}, 3.0, 0.00018511470613001934, 0.9999382950979566);
  check(PiecewiseLeakyRelu{0.5F, 0.125F}, -2.5, 0.125, -0.25);
  check(PiecewiseLeakyRelu{0.5F, 0.125F}, -0.3, 1.0, 0.2);
  check(PiecewiseLeakyRelu{0.5F, 0.125F}, 0.4, 1.0, 0.9);
  check(PiecewiseLeakyRelu{0.5F, 0.125F}, 3.0, 0.125, 1.3125);
  check(QPseudoSpike{1.5F}, -2.5, 0.02741012223434215, 0.15075567228888181);
  check(QPseudoSpike{1.5F}, -0.3, 0.3064544829378373, 0.337099931231621);
  check(QPseudoSpike{1.5F}, 0.4, 0.2385283357484778, 0.6899131635269788);
  check(QPseudoSpike{1.5F}, 3.0, 0.021334622931739582, 0.8613249509436927);
  check(QPseudoSpike{2.0F}, -2.5, 0.027777777777777776, 0.08333333333333333);
  check(QPseudoSpike{2.0F}, -0.3, 0.39062499999999994, 0.3125);
  check(QPseudoSpike{2.0F}, 0.4, 0.30864197530864196, 0.7222222222222222);
  check(QPseudoSpike{2.0F}, 3.0, 0.02040816326530612, 0.9285714285714286);
  check(QPseudoSpike{5.0F}, -2.5, 0.017341529915832612, 0.01950922115531169);
  check(QPseudoSpike{5.0F}, -0.3, 0.49717673529828993, 0.28587662279651666);
  check(QPseudoSpike{5.0F}, 0.4, 0.40187757201646096, 0.7588734567901234);
  check(QPseudoSpike{5.0F}, 3.0, 0.01024, 0.9872);
  check(S2nn{3.0F, 0.5F}, -2.5, 0.0016574192181064813, 0.0005527786369235996);
  check(S2nn{3.0F, 0.5F}, -0.3, 0.6165009220267903, 0.28905049737499605);
  check(S2nn{3.0F, 0.5F}, 0.4, 0.35714285714285715, 0.6682361183106065);
  check(S2nn{3.0F, 0.5F}, 3.0, 0.125, 1.1931471805599454);
  check(SoftSign{3.0F}, -2.5, 0.020761245674740483, 0.05882352941176472);
  check(SoftSign{3.0F}, -0.3, 0.41551246537396125, 0.26315789473684215);
  check(SoftSign{3.0F}, 0.4, 0.3099173553719008, 0.7727272727272727);
  check(SoftSign{3.0F}, 3.0, 0.015, 0.95);
  check(SuperSpike{0.5F, 3.0F}, -2.5, 0.006920415224913495, 0.3529411764705882);
  check(SuperSpike{0.5F, 3.0F}, -0.3, 0.13850415512465375, 0.42105263157894735);
  check(SuperSpike{0.5F, 3.0F}, 0.4, 0.10330578512396693, 0.5909090909090909);
  check(SuperSpike{0.5F, 3.0F}, 3.0, 0.005, 0.65);
  // At the threshold: SpikingJelly's defaults.
  CHECK(PiecewiseExponential{}.derivative(0.0) == 0.5);
  CHECK(SoftSign{}.derivative(0.0) == 1.0);
  CHECK(SuperSpike{}.derivative(0.0) == 1.0);
  CHECK(QPseudoSpike{}.derivative(0.0) == 1.0);
  CHECK(PiecewiseLeakyRelu{}.derivative(0.0) == 0.5);
  CHECK(S2nn{}.derivative(0.0) == 1.0);
  CHECK(S2nn{}.derivative(-1e-12) == Approx(1.0));
  CHECK(NonzeroSignLogAbs{}.derivative(0.0) == 1.0);
  // Beside the window and on its edges.
  CHECK(PiecewiseLeakyRelu{2.0F, 0.125F}.derivative(std::nextafter(2.0, 0.0)) == 0.25);
  CHECK(PiecewiseLeakyRelu{2.0F, 0.125F}.derivative(2.0) == 0.125);
  CHECK(PiecewiseLeakyRelu{2.0F, 0.125F}.derivative(-1e9) == 0.125);
}

TEST_CASE("A neuron that has not fired is infinitely old, or as old as it is told", "[neuron]") {
  CHECK(std::isinf(SpikeTiming{}.unfired_age()));
  CHECK(SpikeTiming{}.derivative(0.0, never) == 0.0);
  const SpikeTiming counted{.alpha = 0.5F, .beta = 0.25F, .first_age = 3.0F};
  CHECK(counted.unfired_age() == 3.0);
  CHECK(counted.derivative(0.0, 3.0) == Approx(0.5 * std::exp(-0.75)));
  CHECK_THROWS_WITH((SpikeTiming{.first_age = 0.5F}.check()),
                    Catch::Matchers::Contains("spike_timing first_age"));
}

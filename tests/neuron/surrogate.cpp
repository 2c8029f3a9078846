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
  double area;
  std::vector<double> kinks;
};

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
      primitive_error =
          std::max<double>(primitive_error, std::abs(primitive[lane] - surrogate.primitive(value)));
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
    CHECK(area == Approx(facts.area).epsilon(1e-4));
    CHECK(even);
    CHECK(within);
  });
}

TEST_CASE("Each primitive rises by the area around one half", "[neuron]") {
  for_each_surrogate([](const auto& surrogate, const Facts& facts) {
    INFO(surrogate.name << " of peak " << facts.peak << " and area " << facts.area);
    CHECK(surrogate.primitive(0.0) == Approx(0.5).epsilon(1e-15));
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

#include <cmath>
#include <string_view>

#include <catch2/catch.hpp>

#include <snnbd/neuron/reset.hpp>
#include <snnbd/neuron/surrogate.hpp>

using namespace snnbd;
using namespace snnbd::neuron;

namespace {

struct WithoutGradient {
  static constexpr std::string_view name = "nothing";
  [[nodiscard]] float resting() const { return 0.0F; }
  template <class Value>
  Value after(Value charge, Value /*spike*/, Value /*threshold*/) const {
    return charge;
  }
};

static_assert(Reset<HardReset> && Reset<SoftReset> && !Reset<WithoutGradient>);

constexpr double threshold = 0.8;

/// The gradient of gS S(H) + gV V(H, S), by central differences of a neuron that fires the
/// primitive; where the reset is detached, its S stays what it is.
template <class ResetPolicy>
double numeric_gradient(const ResetPolicy& reset, double spike_gradient, double membrane_gradient,
                        double charge) {
  const Sigmoid surrogate{};
  const double fixed = surrogate.primitive(charge - threshold);
  const auto loss = [&](double high) {
    const double spike = surrogate.primitive(high - threshold);
    return spike_gradient * spike +
           membrane_gradient * reset.after(high, reset.detached ? fixed : spike, threshold);
  };
  const double step = 1e-5;
  return (loss(charge + step) - loss(charge - step)) / (2 * step);
}

template <class ResetPolicy>
void check_gradient(const ResetPolicy& reset) {
  const Sigmoid surrogate{};
  for (const double charge : {-1.3, 0.0, 0.5, 0.8, 0.9, 2.25})
    for (const double spike_gradient : {0.0, 1.0, -0.7})
      for (const double membrane_gradient : {0.0, 1.0, -1.9}) {
        const double spike = surrogate.primitive(charge - threshold);
        const double slope = surrogate.derivative(charge - threshold);
        CHECK(reset.gradient(spike_gradient, membrane_gradient, charge, spike, slope, threshold) ==
              Approx(numeric_gradient(reset, spike_gradient, membrane_gradient, charge))
                  .epsilon(1e-7)
                  .margin(1e-8));
      }
}

}  // namespace

TEST_CASE("A hard reset gives its value exactly and leaves silent neurons alone", "[neuron]") {
  for (const float value : {0.0F, -0.3F, 0.1F})
    for (const float charge : {1.1F, 3.3F, -0.7F, 1e7F}) {
      const HardReset reset{value};
      CHECK(reset.resting() == value);
      CHECK(reset.after(charge, 1.0F, 1.0F) == value);
      CHECK(reset.after(charge, 0.0F, 1.0F) == charge);
    }
}

TEST_CASE("A soft reset subtracts the threshold once for each spike", "[neuron]") {
  const SoftReset reset{};
  CHECK(reset.resting() == 0.0F);
  for (const float limit : {1.0F, 0.75F})
    for (const float charge : {1.1F, 3.3F, 1024.0F}) {
      CHECK(reset.after(charge, 1.0F, limit) == charge - limit);
      CHECK(reset.after(charge, 0.0F, limit) == charge);
    }
}

TEST_CASE("The gradient through a reset is that of the reset itself", "[neuron]") {
  for (const bool detached : {false, true}) {
    for (const float value : {0.0F, -0.5F, 0.25F}) check_gradient(HardReset{value, detached});
    check_gradient(SoftReset{detached});
  }
}

TEST_CASE("The gradient of a spike enters through the slope alone", "[neuron]") {
  const auto check = [](const auto& reset) {
    for (const double charge : {-1.3, 0.0, 0.8, 2.25})
      for (const double spike : {0.0, 1.0})
        for (const double membrane_gradient : {0.0, 1.0, -1.9}) {
          const double without =
              reset.gradient(0.0, membrane_gradient, charge, spike, 0.0, threshold);
          for (const double spike_gradient : {1.0, -7e3, 1e30})
            CHECK(reset.gradient(spike_gradient, membrane_gradient, charge, spike, 0.0,
                                 threshold) == without);
        }
  };
  for (const bool detached : {false, true}) {
    for (const float value : {0.0F, -0.5F, 0.25F}) check(HardReset{value, detached});
    check(SoftReset{detached});
  }
}

TEST_CASE("Resets do to each lane what they do to a scalar", "[neuron]") {
  using Batch = lanes::Batch<float>;
  const auto same = [](const auto& reset) {
    for (const float spike : {0.0F, 1.0F}) {
      const Batch after = reset.after(Batch(1.5F), Batch(spike), Batch(0.75F));
      const Batch gradient = reset.gradient(Batch(0.5F), Batch(-2.0F), Batch(1.5F), Batch(spike),
                                            Batch(0.25F), Batch(0.75F));
      CHECK(xsimd::all(after == Batch(reset.after(1.5F, spike, 0.75F))));
      CHECK(xsimd::all(gradient == Batch(reset.gradient(0.5F, -2.0F, 1.5F, spike, 0.25F, 0.75F))));
    }
  };
  for (const bool detached : {false, true}) {
    same(HardReset{-0.5F, detached});
    same(SoftReset{detached});
  }
}

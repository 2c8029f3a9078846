#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/neuron/record.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "../reference.hpp"
#include "scan_reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Dual;
using reference::Fenced;

namespace {

constexpr Extent extent{2, 6};
constexpr Shape shape{2, 3, 71};  // one word and a part, several registers and a part

/// Whether the membranes of a scan are those of units that are run one by one.
template <class Scalar, class Neuron>
void check(const Neuron& neuron, Dual inverse_tau) {
  using Cell = neuron::Cell<Neuron, lanes::Batch<Scalar>>;
  const Index size = extent.frames() * shape.size();
  const auto current = reference::noise<Scalar>(size, 1);
  Fenced<Scalar> charge{size};
  Fenced<Scalar> after{size};
  const RealView<Scalar> high{charge.data(), extent, shape};
  const RealView<Scalar> low{after.data(), extent, shape};
  const kernels::StoredCurrent<Scalar> stored{{current.data(), extent, shape}};
  kernels::record_membranes(Cell{neuron}, stored, high, low);
  CHECK(charge.intact());
  CHECK(after.intact());

  const auto expected = reference::scan(neuron, inverse_tau, extent, shape.size(), current,
                                        reference::Values<Scalar>(at(size), Scalar{0}));
  CHECK(reference::differences(charge.inside(), expected.charge, 1e-5) == 0);
  std::vector<double> reset;
  for (std::size_t i = 0; i < expected.charge.size(); ++i) {
    const double before = expected.charge[i];
    if constexpr (requires { neuron.reset.value; }) {
      reset.push_back(expected.fired[i] > 0.0 ? static_cast<double>(neuron.reset.value) : before);
    } else {
      reset.push_back(before - static_cast<double>(neuron.threshold) * expected.fired[i]);
    }
  }
  CHECK(reference::differences(after.inside(), reset, 1e-5) == 0);

  // To the last bit as a scan keeps them.
  const auto field = [&](auto* data, Index width) {
    return kernels::field_of(data, shape, extent.steps, width);
  };
  std::vector<Scalar> kept(at(size + spare_values));
  std::vector<Word> words(at(extent.frames() * shape.pixels() * words_per_pixel(shape.channels)));
  const Index channels{shape.channels};
  kernels::scan_forward<Cell, Scalar>(
      Cell{neuron}, extent, shape, stored, field(kept.data(), channels),
      field(words.data(), words_per_pixel(shape.channels)), kernels::Field<Scalar>{});
  const std::vector<Scalar> recorded(charge.inside().begin(), charge.inside().end());
  CHECK(std::equal(recorded.begin(), recorded.end(), kept.begin()));

  // Where the currents are.
  std::vector<Scalar> place(current.begin(), current.end());
  const RealView<Scalar> same{place.data(), extent, shape};
  std::vector<Scalar> behind(at(size + spare_values));
  kernels::record_membranes(Cell{neuron}, kernels::StoredCurrent<Scalar>{same}, same,
                            RealView<Scalar>{behind.data(), extent, shape});
  CHECK(std::equal(recorded.begin(), recorded.end(), place.begin()));
  CHECK(std::equal(after.inside().begin(), after.inside().end(), behind.begin()));
}

}  // namespace

TEST_CASE("Recorded membranes are those of units that are run one by one", "[kernels]") {
  using namespace neuron;
  If<SoftReset> soft;
  soft.threshold = 0.4F;
  check<float>(soft, {1.0});
  check<double>(soft, {1.0});
  Lif<HardReset> hard;
  hard.threshold = 0.3F;
  hard.reset.value = -0.25F;
  check<float>(hard, {1.0 / static_cast<double>(hard.tau)});
  check<double>(hard, {1.0 / static_cast<double>(hard.tau)});
}

TEST_CASE("Recorded membranes of the same current at each step need it once", "[kernels]") {
  using Cell = neuron::Cell<neuron::If<neuron::SoftReset>, lanes::Batch<double>>;
  neuron::If<neuron::SoftReset> neuron;
  neuron.threshold = 1.0F;
  constexpr Shape one{1, 1, 1};
  std::vector<double> current(1 + spare_values);
  current[0] = 0.75;
  std::vector<double> charge(4 + spare_values);
  std::vector<double> after(4 + spare_values);
  kernels::record_membranes(
      Cell{neuron, 1.0, 0.5}, kernels::StoredCurrent<double>{{current.data(), {1, 1}, one}},
      RealView<double>{charge.data(), {1, 4}, one}, RealView<double>{after.data(), {1, 4}, one});
  charge.resize(4);
  after.resize(4);
  CHECK(charge == std::vector<double>{1.25, 1.0, 0.75, 1.5});
  CHECK(after == std::vector<double>{0.25, 0.0, 0.75, 0.5});
}

TEST_CASE("A delayed neuron fires by the membrane that the step before left", "[kernels]") {
  using Neuron = neuron::Delayed<neuron::If<neuron::SoftReset>>;
  using Cell = neuron::Cell<Neuron, lanes::Batch<double>>;
  Neuron neuron;
  neuron.threshold = 1.0F;
  constexpr Shape one{1, 1, 1};
  std::vector<double> current(1 + spare_values);
  current[0] = 0.75;
  std::vector<double> charge(4 + spare_values);
  std::vector<double> after(4 + spare_values);
  kernels::record_membranes(
      Cell{neuron}, kernels::StoredCurrent<double>{{current.data(), {1, 1}, one}},
      RealView<double>{charge.data(), {1, 4}, one}, RealView<double>{after.data(), {1, 4}, one});
  charge.resize(4);
  after.resize(4);
  CHECK(charge == std::vector<double>{0.0, 0.75, 1.5, 1.25});
  CHECK(after == std::vector<double>{0.75, 1.5, 1.25, 1.0});
}

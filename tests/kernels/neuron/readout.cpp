#include <algorithm>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/neuron/readout.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

TEMPLATE_TEST_CASE("Sums over time are sums over the steps of each unit", "[kernels]", float,
                   double) {
  const Extent extent{3, 4};
  for (const Shape& shape : {Shape{1, 1, 10}, Shape{2, 3, 65}, Shape{1, 2, 130}}) {
    CAPTURE(to_string(shape));
    const Index units = shape.size();
    const auto values = reference::integers<TestType>(extent.frames() * units, 1);
    const reference::SpikeBatch spikes{extent, shape, 0.3, 2, 1.5F};
    const auto fired = spikes.values<TestType>();
    std::vector<double> of_values(at(3 * units));
    std::vector<double> of_spikes(at(3 * units));
    for (Index i = 0; i < extent.frames() * units; ++i) {
      const auto unit = at(i / units / 4 * units + i % units);
      of_values[unit] += 0.25 * static_cast<double>(values[at(i)]);
      of_spikes[unit] += 0.25 * static_cast<double>(fired[at(i)]);
    }
    Fenced<TestType> sums{3 * units};
    kernels::sum_over_time(RealView<const TestType>{values.data(), extent, shape}, TestType{0.25F},
                           sums.data());
    CHECK(sums.intact());
    CHECK(reference::differences(sums.inside(), of_values) == 0);
    kernels::sum_over_time(spikes.view(), TestType{0.25F}, sums.data());
    CHECK(sums.intact());
    CHECK(reference::differences(sums.inside(), of_spikes) == 0);
  }
}

TEMPLATE_TEST_CASE("Sums of windows are those of the steps so far, to the last bit", "[kernels]",
                   float, double) {
  const Shape shape{2, 1, 70};
  const Index units = shape.size();
  const auto values = reference::noise<TestType>(6 * units, 1);
  const reference::SpikeBatch spikes{{1, 6}, shape, 0.4, 2, 0.3F};
  std::vector<TestType> expected(at(units));
  std::vector<TestType> found(at(units));
  Fenced<TestType> sums{units};
  Fenced<TestType> counts{units};
  for (const Index window : {1, 2, 5}) {
    for (Index first = 0; first < 6; first += window) {
      const Index end = std::min<Index>(6, first + window);
      const TestType scale = TestType{1} / static_cast<TestType>(end);
      const Extent part{1, end - first};
      const Extent so_far{1, end};
      CAPTURE(window, end);
      kernels::sum_over_time(RealView<const TestType>{values.data(), so_far, shape}, scale,
                             expected.data());
      kernels::sum_window(RealView<const TestType>{values.data() + first * units, part, shape},
                          first > 0, scale, sums.data(), found.data());
      CHECK(sums.intact());
      CHECK(found == expected);

      kernels::sum_over_time(SpikeView<const Word>{spikes.words().data(), so_far, shape, 0.3F},
                             scale, expected.data());
      kernels::sum_window(SpikeView<const Word>{spikes.view().frame(0, first), part, shape, 0.3F},
                          first > 0, scale, counts.data(), found.data());
      CHECK(counts.intact());
      CHECK(found == expected);
    }
  }
}

TEMPLATE_TEST_CASE("The gradient of a sum over time is the same at each step", "[kernels]", float,
                   double) {
  const auto gradient = reference::integers<TestType>(2 * 7, 1);
  Fenced<TestType> spread{2 * 3 * 7};
  kernels::spread_over_time(gradient.data(), Extent{2, 3}, Index{7}, TestType{0.5F}, spread.data());
  CHECK(spread.intact());
  for (Index i = 0; i < 42; ++i)
    CHECK(spread.inside()[at(i)] == gradient[at(i / 21 * 7 + i % 7)] / 2);
}

TEMPLATE_TEST_CASE("A relu passes what is above zero, and its gradient there only", "[kernels]",
                   float, double) {
  for (const Index count : {0, 1, 9, 70000}) {
    const auto values = reference::integers<TestType>(count, 1);
    const auto gradient = reference::integers<TestType>(count, 2);
    Fenced<TestType> result{count};
    Fenced<TestType> back{count};
    kernels::relu(values.data(), count, result.data());
    kernels::relu_backward(static_cast<const TestType*>(result.data()), gradient.data(), count,
                           back.data());
    CHECK(result.intact());
    CHECK(back.intact());
    Index wrong = 0;
    for (std::size_t i = 0; i < at(count); ++i) {
      const bool open = values[i] > 0;
      wrong += result.inside()[i] == (open ? values[i] : 0) ? 0 : 1;
      wrong += back.inside()[i] == (open ? gradient[i] : 0) ? 0 : 1;
    }
    CHECK(wrong == 0);
  }
}

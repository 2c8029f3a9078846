#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/add.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

constexpr Extent extent{2, 3};

/// Whole words of channels, parts of them and more than one.
const std::vector<Shape> shapes{{2, 3, 5}, {1, 2, 64}, {2, 1, 70}, {1, 1, 130}};

/// A value of a view that may stand for every step.
template <class Scalar>
double value(const reference::Values<Scalar>& values, const Extent& own, const Shape& shape,
             Index sample, Index step, Index unit) {
  const Index frame = sample * own.steps + (own.steps == 1 ? 0 : step);
  return static_cast<double>(values[at(frame * shape.size() + unit)]);
}

template <class Scalar>
std::vector<double> sums(const reference::Values<Scalar>& first, const Extent& of_first,
                         const reference::Values<Scalar>& second, const Extent& of_second,
                         const Shape& shape) {
  std::vector<double> result;
  for (Index sample = 0; sample < extent.samples; ++sample)
    for (Index step = 0; step < extent.steps; ++step)
      for (Index unit = 0; unit < shape.size(); ++unit)
        result.push_back(value(first, of_first, shape, sample, step, unit) +
                         value(second, of_second, shape, sample, step, unit));
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("Values are added to sums, and to nothing behind them", "[kernels]", float,
                   double) {
  for (const Index count : {Index{1}, Index{37}, Index{100000}}) {
    const auto values = reference::integers<TestType>(count, 1);
    Fenced<TestType> found{count, TestType{2}};
    kernels::add(values.data(), count, found.data());
    std::vector<double> expected;
    for (Index i = 0; i < count; ++i) expected.push_back(2.0 + static_cast<double>(values[at(i)]));
    CHECK(found.intact());
    CHECK(reference::differences(found.inside(), expected) == 0);
  }
}

TEMPLATE_TEST_CASE("Signals are added step by step, static ones at each step", "[kernels]", float,
                   double) {
  constexpr Extent once{2, 1};
  for (const Shape& shape : shapes) {
    for (const Extent& of_first : {extent, once}) {
      for (const Extent& of_second : {extent, once}) {
        CAPTURE(to_string(shape), of_first.steps, of_second.steps);
        const auto first = reference::integers<TestType>(of_first.frames() * shape.size(), 1);
        const auto second = reference::integers<TestType>(of_second.frames() * shape.size(), 2);
        Fenced<TestType> found{extent.frames() * shape.size()};
        kernels::add_signals<TestType>({first.data(), of_first, shape},
                                       {second.data(), of_second, shape},
                                       {found.data(), extent, shape});
        CHECK(found.intact());
        const auto expected = sums(first, of_first, second, of_second, shape);
        CHECK(reference::differences(found.inside(), expected) == 0);
        if (of_first != extent) continue;
        Fenced<TestType> same{extent.frames() * shape.size()};
        std::copy_n(first.begin(), extent.frames() * shape.size(), same.data());
        kernels::add_signals<TestType>({same.data(), extent, shape},
                                       {second.data(), of_second, shape},
                                       {same.data(), extent, shape});
        CHECK(same.intact());
        CHECK(reference::differences(same.inside(), expected) == 0);
      }
    }
  }
}

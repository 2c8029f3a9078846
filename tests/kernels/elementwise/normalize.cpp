#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/normalize.hpp>
#include <snnbd/kernels/neuron/fused_scan.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using kernels::Moments;
using kernels::Rows;
using reference::at;
using reference::Fenced;

namespace {

/// Channels that fill registers and do not, rows in one piece of work and in several.
const std::vector<Rows> cases{{1, 3}, {7, 1}, {65, 16}, {2000, 67}, {1031, 130}};

template <class Scalar>
constexpr double rounding = 64 * static_cast<double>(std::numeric_limits<Scalar>::epsilon());

}  // namespace

TEMPLATE_TEST_CASE("Moments are the mean and the mean square about it", "[kernels]", float,
                   double) {
  for (const Rows& rows : cases) {
    CAPTURE(rows.count, rows.channels);
    auto values = reference::noise<TestType>(rows.size(), 1);
    for (Index i = 0; i < rows.size(); ++i)
      values[at(i)] += static_cast<TestType>(i % rows.channels % 3);
    std::vector<double> mean(at(rows.channels));
    std::vector<double> variance(at(rows.channels));
    for (Index i = 0; i < rows.size(); ++i)
      mean[at(i % rows.channels)] +=
          static_cast<double>(values[at(i)]) / static_cast<double>(rows.count);
    for (Index i = 0; i < rows.size(); ++i) {
      const double distance = static_cast<double>(values[at(i)]) - mean[at(i % rows.channels)];
      variance[at(i % rows.channels)] += distance * distance / static_cast<double>(rows.count);
    }
    Fenced<TestType> found_mean{rows.channels};
    Fenced<TestType> found_variance{rows.channels};
    Scratch scratch;
    kernels::channel_moments<TestType>(values.data(), rows, scratch,
                                       {found_mean.data(), found_variance.data()});
    CHECK(found_mean.intact());
    CHECK(found_variance.intact());
    CHECK(reference::differences(found_mean.inside(), mean, rounding<TestType>) == 0);
    CHECK(reference::differences(found_variance.inside(), variance, rounding<TestType>) == 0);
  }
}

TEMPLATE_TEST_CASE("Values are brought to the mean and deviation that are asked for", "[kernels]",
                   float, double) {
  for (const Rows& rows : cases) {
    CAPTURE(rows.count, rows.channels);
    const auto values = reference::noise<TestType>(rows.size(), 1);
    const auto mean = reference::noise<TestType>(rows.channels, 2);
    auto variance = reference::noise<TestType>(rows.channels, 3);
    for (TestType& value : variance) value += TestType{2};
    const auto weight = reference::noise<TestType>(rows.channels, 4);
    const auto bias = reference::noise<TestType>(rows.channels, 5);
    const kernels::Normalization<TestType> by{
        {mean.data(), variance.data()}, weight.data(), bias.data(), 0.5, 3.0};
    const auto number = [](TestType value) { return static_cast<double>(value); };
    std::vector<double> expected;
    for (Index i = 0; i < rows.size(); ++i) {
      const std::size_t c = at(i % rows.channels);
      expected.push_back(3.0 * number(weight[c]) * (number(values[at(i)]) - number(mean[c])) /
                             std::sqrt(number(variance[c]) + 0.5) +
                         number(bias[c]));
    }
    Fenced<TestType> found{rows.size()};
    Fenced<TestType> factor{rows.channels};
    kernels::normalize(values.data(), rows, kernels::channel_map(by, rows.channels, factor.data()),
                       found.data());
    CHECK(factor.intact());
    CHECK(found.intact());
    CHECK(reference::differences(found.inside(), expected, rounding<TestType>) == 0);
  }
}

TEMPLATE_TEST_CASE("The gradients of a normalization are added up, and the values' is optional",
                   "[kernels]", float, double) {
  for (const Rows& rows : cases) {
    const auto values = reference::noise<TestType>(rows.size(), 1);
    const auto gradient = reference::noise<TestType>(rows.size(), 2);
    const std::vector<TestType> one(at(rows.channels + spare_values), TestType{1});
    const std::vector<TestType> zero(at(rows.channels + spare_values), TestType{0});
    const kernels::Normalization<TestType> by{
        {zero.data(), one.data()}, one.data(), zero.data(), 0.0, 1.0};
    for (const bool wanted : {true, false}) {
      CAPTURE(rows.count, rows.channels, wanted);
      Fenced<TestType> weight{rows.channels, TestType{5}};
      Fenced<TestType> bias{rows.channels, TestType{7}};
      Fenced<TestType> input{rows.size()};
      Scratch scratch;
      const Shape shape{1, 1, static_cast<int>(rows.channels)};
      const Extent extent{rows.count, 1};
      const auto field = [&](auto* data) {
        return kernels::field_of(data, shape, Index{1}, rows.channels);
      };
      kernels::normalize_backward<TestType>({values.data(), extent, shape}, field(gradient.data()),
                                            by, false, scratch, weight.data(), bias.data(),
                                            field(wanted ? input.data() : nullptr));
      std::vector<double> of_weight(at(rows.channels), 5.0);
      std::vector<double> of_bias(at(rows.channels), 7.0);
      for (Index i = 0; i < rows.size(); ++i) {
        const auto slope = static_cast<double>(gradient[at(i)]);
        of_bias[at(i % rows.channels)] += slope;
        of_weight[at(i % rows.channels)] += slope * static_cast<double>(values[at(i)]);
      }
      CHECK(weight.intact());
      CHECK(bias.intact());
      CHECK(input.intact());
      CHECK(reference::differences(weight.inside(), of_weight, 8 * rounding<TestType>) == 0);
      CHECK(reference::differences(bias.inside(), of_bias, 8 * rounding<TestType>) == 0);
      // By running moments of 0 and 1 the gradient passes as it is.
      const std::vector<TestType> same(gradient.begin(), gradient.end() - spare_values);
      CHECK(reference::differences(input.inside(), same) == (wanted ? 0 : rows.size()));
    }
  }
}

TEMPLATE_TEST_CASE("A gradient is normalized where it lies, with strides of its own and in place",
                   "[kernels]", float, double) {
  const Shape shape{5, 3, 21};
  const Index width = shape.channels;
  for (const Extent extent : {Extent{9, 13}, Extent{3, 1}}) {
    CAPTURE(extent.steps);
    const Index count = extent.frames() * shape.size();
    const auto values = reference::noise<TestType>(count, 1);
    const auto slopes = reference::noise<TestType>(count, 2);
    const auto mean = reference::noise<TestType>(width, 3);
    auto variance = reference::noise<TestType>(width, 4);
    for (TestType& value : variance) value += TestType{2};
    const auto weight = reference::noise<TestType>(width, 5);
    const kernels::Normalization<TestType> by{
        {mean.data(), variance.data()}, weight.data(), mean.data(), 0.5, 3.0};
    const RealView<const TestType> view{values.data(), extent, shape};
    Scratch scratch;
    std::vector<TestType> of_weight(at(width));
    std::vector<TestType> of_bias(at(width));
    Fenced<TestType> result{count};
    kernels::normalize_backward<TestType>(
        view, kernels::field_of(slopes.data(), shape, extent.steps, width), by, true, scratch,
        of_weight.data(), of_bias.data(),
        kernels::field_of(result.data(), shape, extent.steps, width));
    CHECK(result.intact());
    // Every second pixel of rows and columns, with a border of one.
    const Index row = 2 * (2 * shape.width + 1) * width;
    const Index frame = (2 * shape.height + 1) * row / 2;
    Fenced<TestType> plane{extent.frames() * frame};
    const kernels::Field<TestType> field{plane.data() + row / 2 + width, extent.steps * frame,
                                         extent.steps == 1 ? 0 : frame, row, 2 * width};
    kernels::copy_field<TestType>(kernels::field_of(slopes.data(), shape, extent.steps, width),
                                  extent, shape, field);
    std::vector<TestType> other_weight(at(width));
    std::vector<TestType> other_bias(at(width));
    kernels::normalize_backward<TestType>(view, field, by, true, scratch, other_weight.data(),
                                          other_bias.data(), field);
    CHECK(plane.intact());
    CHECK(other_weight == of_weight);
    CHECK(other_bias == of_bias);
    std::vector<TestType> found(at(count));
    kernels::copy_field<TestType>(field, extent, shape,
                                  kernels::field_of(found.data(), shape, extent.steps, width));
    CHECK(reference::differences(
              found, std::vector<TestType>(result.inside().begin(), result.inside().end())) == 0);
  }
}

TEST_CASE("Running moments go a share of the way, to the variance without bias", "[kernels]") {
  const std::vector<double> mean{2.0, -1.0};
  const std::vector<double> variance{6.0, 3.0};
  const std::vector<double> running_mean{1.0, 1.0};
  const std::vector<double> running_variance{1.0, 2.0};
  std::vector<double> mean_change{0.5, 0.0};
  std::vector<double> variance_change{0.0, 0.25};
  kernels::follow_moments<double>({mean.data(), variance.data()},
                                  {running_mean.data(), running_variance.data()}, 2, 4, 0.5,
                                  {mean_change.data(), variance_change.data()});
  CHECK(mean_change == std::vector<double>{1.0, -1.0});
  CHECK(variance_change == std::vector<double>{3.5, 1.25});
}

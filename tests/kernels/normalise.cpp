#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/normalise.hpp>

#include "reference.hpp"

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
    const kernels::Normalisation<TestType> by{
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
    Scratch scratch;
    kernels::normalise(values.data(), rows, by, scratch, found.data());
    CHECK(found.intact());
    CHECK(reference::differences(found.inside(), expected, rounding<TestType>) == 0);
  }
}

TEMPLATE_TEST_CASE("The gradients of a normalisation are added up, and the values' is optional",
                   "[kernels]", float, double) {
  for (const Rows& rows : cases) {
    const auto values = reference::noise<TestType>(rows.size(), 1);
    const auto gradient = reference::noise<TestType>(rows.size(), 2);
    const std::vector<TestType> one(at(rows.channels + spare_values), TestType{1});
    const std::vector<TestType> zero(at(rows.channels + spare_values), TestType{0});
    const kernels::Normalisation<TestType> by{
        {zero.data(), one.data()}, one.data(), zero.data(), 0.0, 1.0};
    for (const bool wanted : {true, false}) {
      CAPTURE(rows.count, rows.channels, wanted);
      Fenced<TestType> weight{rows.channels, TestType{5}};
      Fenced<TestType> bias{rows.channels, TestType{7}};
      Fenced<TestType> input{rows.size()};
      Scratch scratch;
      kernels::normalise_backward(values.data(), gradient.data(), rows, by, false, scratch,
                                  weight.data(), bias.data(), wanted ? input.data() : nullptr);
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

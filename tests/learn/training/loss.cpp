#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/learn/training/loss.hpp>

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

/// Three samples, four steps, five classes.
struct Batch {
  std::vector<double> values;
  std::vector<int> labels{4, 0, 2};
  std::vector<double> weights{0.5, 2.0, 0.25};

  Batch() {
    snnbd::random::Stream stream{3, snnbd::random::Purpose::synthetic};
    for (int i = 0; i < 60; ++i) values.push_back(stream.normal());
  }
  [[nodiscard]] learn::Outputs<double> outputs() const { return {values.data(), {3, 4}, 5}; }
};

template <class Rule>
double loss_of(const Rule& rule, const Batch& batch) {
  std::vector<double> unused(batch.values.size());
  return rule.template measure<double>(batch.outputs(), batch.labels, batch.weights, unused.data());
}

template <class Rule>
void check_gradient(const Rule& rule) {
  Batch batch;
  std::vector<double> gradient(batch.values.size(), 7.0);
  rule.template measure<double>(batch.outputs(), batch.labels, batch.weights, gradient.data());
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double at = batch.values[i];
    batch.values[i] = at + 1e-5;
    const double above = loss_of(rule, batch);
    batch.values[i] = at - 1e-5;
    const double below = loss_of(rule, batch);
    batch.values[i] = at;
    CAPTURE(i);
    CHECK(gradient[i] == Approx((above - below) / 2e-5).epsilon(1e-6).margin(1e-10));
  }
}

template <class Rule>
void check_refusals(const Rule& rule) {
  Batch batch;
  for (const int label : {-1, 5, std::numeric_limits<int>::max()}) {
    batch.labels[1] = label;
    CHECK_THROWS_WITH(
        loss_of(rule, batch),
        Contains("label: expected a number from 0 to 4, found " + std::to_string(label)));
  }
  batch = Batch{};
  batch.labels.pop_back();
  CHECK_THROWS_WITH(loss_of(rule, batch), Contains("labels of a batch: expected 3, found 2"));
  batch = Batch{};
  batch.weights.push_back(1.0);
  CHECK_THROWS_WITH(loss_of(rule, batch), Contains("weights of a batch: expected 3, found 4"));
}

}  // namespace

TEST_CASE("Gradients of the losses are their derivatives", "[learn]") {
  check_gradient(learn::CrossEntropy{});
  check_gradient(learn::RateError{});
  check_gradient(learn::Tet{.share = 0.3, .level = 0.7});
}

TEST_CASE("Losses refuse labels that are no class and sizes that disagree", "[learn]") {
  check_refusals(learn::CrossEntropy{});
  check_refusals(learn::RateError{});
  check_refusals(learn::Tet{});
  CHECK_THROWS_WITH(loss_of(learn::Tet{.share = 1.5}, Batch{}), Contains("TET share"));
  CHECK_THROWS_WITH(loss_of(learn::Tet{.share = NAN}, Batch{}), Contains("TET share"));
}

TEST_CASE("Cross entropy of equal outputs is the logarithm of the classes", "[learn]") {
  Batch batch;
  std::fill(batch.values.begin(), batch.values.end(), 1000.0);
  CHECK(loss_of(learn::CrossEntropy{}, batch) == Approx(2.75 * std::log(5.0)));
}

TEST_CASE("Cross entropy takes the mean over the steps and survives large outputs", "[learn]") {
  // Two steps whose means are (0, ln 3) and (800, -800).
  const std::vector<float> values{-1, 0, 1, 2 * std::log(3.0F), 900, -900, 700, -700};
  const std::array<int, 2> labels{1, 1};
  std::vector<float> gradient(8);
  const learn::Outputs<float> outputs{values.data(), {2, 2}, 2};
  const auto loss = [&](double first, double second) {
    const std::array<double, 2> weights{first, second};
    return learn::CrossEntropy{}.measure<float>(outputs, labels, weights, gradient.data());
  };
  CHECK(loss(1, 0) == Approx(std::log(4.0 / 3)).epsilon(1e-6));
  CHECK(gradient[0] == Approx(0.125));
  CHECK(gradient[3] == Approx(-0.125));
  CHECK(gradient[4] == 0.0F);
  CHECK(loss(0, 1) == Approx(1600.0));
  CHECK(gradient[4] == Approx(0.5));
}

TEST_CASE("The error of the rates is the mean over the classes", "[learn]") {
  const std::vector<double> rates{0.5, 1.0, 0.0, 0.5, 0.0, 0.0};  // means 0.5, 0.5, 0
  const std::array<int, 1> labels{1};
  const std::array<double, 1> weights{1.0};
  std::vector<double> gradient(6);
  const double loss = learn::RateError{}.measure<double>({rates.data(), {1, 2}, 3}, labels, weights,
                                                         gradient.data());
  CHECK(loss == Approx((0.25 + 0.25 + 0.0) / 3));
}

TEST_CASE("TET is the mean of the steps' cross entropies and of the squared distances", "[learn]") {
  const Batch batch;
  const auto entropy_of_steps = [&] {
    double sum = 0.0;
    for (std::size_t frame = 0; frame < 12; ++frame) {
      double total = 0.0;
      for (std::size_t c = 0; c < 5; ++c) total += std::exp(batch.values[frame * 5 + c]);
      const auto label = static_cast<std::size_t>(batch.labels[frame / 4]);
      sum += batch.weights[frame / 4] / 4 * (std::log(total) - batch.values[frame * 5 + label]);
    }
    return sum;
  };
  const auto distance = [&](double level) {
    double sum = 0.0;
    for (std::size_t i = 0; i < 60; ++i)
      sum += batch.weights[i / 20] / 20 * std::pow(batch.values[i] - level, 2);
    return sum;
  };
  CHECK(loss_of(learn::Tet{.share = 0.0}, batch) == Approx(entropy_of_steps()));
  CHECK(loss_of(learn::Tet{.share = 1.0, .level = 0.5}, batch) == Approx(distance(0.5)));
  CHECK(loss_of(learn::Tet{}, batch) == Approx(0.95 * entropy_of_steps() + 0.05 * distance(1.0)));
}

TEST_CASE("The first of the largest means is predicted", "[learn]") {
  const std::vector<float> values{3, 0, 0, 0, 0, 3, 1, 2, 0, 2, 2, 1};  // two samples, two steps
  std::array<int, 2> classes{-1, -1};
  learn::predict<float>({values.data(), {2, 2}, 3}, classes);
  CHECK(classes == std::array<int, 2>{0, 1});
}

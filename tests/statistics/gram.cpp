#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/statistics/gram.hpp>

#include "../core/keep_threads.hpp"
#include "samples.hpp"

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using statistics::GramBounds;
using statistics::Matrix;

TEST_CASE("Gram features of two channels at two positions by hand", "[statistics]") {
  const std::vector<double> maps{1.0, 2.0, 3.0, -1.0};
  const auto found = statistics::gram_features(maps, 2, 3);
  const std::vector<double> expected{10.0,
                                     -1.0,
                                     5.0,
                                     std::sqrt(82.0),
                                     std::sqrt(13.0),
                                     std::sqrt(17.0),
                                     std::cbrt(730.0),
                                     -std::cbrt(19.0),
                                     std::cbrt(65.0)};
  REQUIRE(found.size() == expected.size());
  for (std::size_t at = 0; at < found.size(); ++at) CHECK(found[at] == Approx(expected[at]));
  CHECK(statistics::gram_features(maps, 4).size() == 8 * 10);
}

TEST_CASE("Deviations count what is outside the bounds, as a share of them", "[statistics]") {
  Matrix clean(3, 1);
  clean << 1.0, 2.0, 3.0;  // features 1, 4, 9: median 4, MAD 3
  const GramBounds bounds{clean, 1, {.orders = 1, .width = 1.0}};
  CHECK(bounds.low() == std::vector<double>{1.0});
  CHECK(bounds.high() == std::vector<double>{7.0});
  Matrix asked(3, 1);
  asked << 0.0, 2.5, 3.0;
  const auto deviations = bounds.deviations(asked);
  CHECK(deviations[0] == Approx(1.0 / (1.0 + 1e-6)));
  CHECK(deviations[1] == 0.0);
  CHECK(deviations[2] == Approx(2.0 / (7.0 + 1e-6)));
}

TEST_CASE("Bounds are those of each Gram feature", "[statistics]") {
  const Matrix clean = snnbd_tests::normal_samples(5, 6, 1);
  const GramBounds bounds{clean, 3, {.orders = 4, .width = 0.0}};
  std::vector<std::vector<double>> features;
  for (snnbd::Index row = 0; row < 5; ++row)
    features.push_back(
        statistics::gram_features(std::span{clean.data() + row * 6, std::size_t{6}}, 3, 4));
  REQUIRE(bounds.low().size() == features[0].size());
  for (std::size_t at = 0; at < bounds.low().size(); ++at) {
    std::vector<double> values;
    for (const auto& sample : features) values.push_back(sample[at]);
    std::sort(values.begin(), values.end());
    CHECK(bounds.low()[at] == values[2]);
    CHECK(bounds.high()[at] == values[2]);
  }
}

TEST_CASE("Rows of a larger matrix are read where they lie", "[statistics]") {
  const Matrix all = snnbd_tests::normal_samples(6, 10, 2);
  const Matrix part = all.middleCols(2, 4);
  const GramBounds bounds{part, 2};
  CHECK(bounds.deviations(all.middleCols(2, 4)) == bounds.deviations(part));
}

TEST_CASE("Channels that go together in another way deviate", "[statistics]") {
  const snnbd_tests::KeepThreads keep;
  const Matrix clean = snnbd_tests::normal_samples(40, 24, 3);
  Matrix swapped = clean;
  for (snnbd::Index row = 0; row < 40; ++row)
    for (snnbd::Index at = 0; at < 24; at += 4) swapped(row, at) = 9.0 * swapped(row, at + 3);
  snnbd::set_thread_count(1);
  const GramBounds bounds{clean, 4};
  const auto of_clean = bounds.deviations(clean);
  const auto of_swapped = bounds.deviations(swapped);
  double clean_sum = 0.0;
  double swapped_sum = 0.0;
  for (std::size_t i = 0; i < 40; ++i) {
    clean_sum += of_clean[i];
    swapped_sum += of_swapped[i];
  }
  CHECK(swapped_sum > 10.0 * clean_sum);
  snnbd::set_thread_count(3);
  CHECK(GramBounds{clean, 4}.low() == bounds.low());
  CHECK(bounds.deviations(swapped) == of_swapped);
}

TEST_CASE("Maps that have no Gram features are refused", "[statistics]") {
  const std::vector<double> maps(6, 1.0);
  CHECK_THROWS_WITH(statistics::gram_features(maps, 4), Contains("each of 4 channels"));
  CHECK_THROWS_WITH(statistics::gram_features(maps, 0), Contains("channels"));
  CHECK_THROWS_WITH(statistics::gram_features(maps, 2, 17), Contains("1 to 16"));
  CHECK_THROWS_WITH(statistics::gram_features(std::vector<double>{std::nan("")}, 1),
                    Contains("finite"));
  CHECK_THROWS_WITH((GramBounds{Matrix(0, 6), 2}), Contains("at least 1"));
  CHECK_THROWS_WITH((GramBounds{Matrix::Ones(2, 6), 2, {.width = -1.0}}), Contains("width"));
  CHECK_THROWS_WITH((GramBounds{Matrix::Ones(2, 6), 2, {.floor = 0.0}}), Contains("floor"));
  CHECK_THROWS_WITH((GramBounds{Matrix::Ones(2, 6), 2}.deviations(Matrix::Ones(2, 4))),
                    Contains("expected 6"));
}

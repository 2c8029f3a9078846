#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/statistics/matrix.hpp>

#include "../core/keep_threads.hpp"
#include "samples.hpp"

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using statistics::Matrix;

TEST_CASE("Values in memory become samples, row by row", "[statistics]") {
  const std::vector<float> values{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F};
  const Matrix samples = statistics::matrix_of(values, 2);
  REQUIRE(samples.rows() == 2);
  CHECK(samples(0, 2) == 3.0);
  CHECK(samples(1, 0) == 4.0);
  CHECK_THROWS_WITH(statistics::matrix_of(values, 4), Contains("values of 4 samples"));
  CHECK_THROWS_WITH(statistics::matrix_of(values, 0), Contains("samples: expected at least 1"));
}

TEST_CASE("Samples of one label keep their order", "[statistics]") {
  Matrix samples(4, 1);
  samples << 1.0, 2.0, 3.0, 4.0;
  const std::vector<int> labels{7, 1, 7, 1};
  const Matrix sevens = statistics::rows_with_label(samples, labels, 7);
  REQUIRE(sevens.rows() == 2);
  CHECK(sevens(1, 0) == 3.0);
  CHECK(statistics::rows_with_label(samples, labels, 2).rows() == 0);
  CHECK_THROWS_WITH(statistics::rows_with_label(samples, std::vector<int>{1}, 1),
                    Contains("labels: expected 4"));
}

TEST_CASE("Products have the same bits for any number of threads", "[statistics]") {
  const snnbd_tests::KeepThreads keep;
  const Matrix left = snnbd_tests::normal_samples(150, 70, 1);
  const Matrix right = snnbd_tests::normal_samples(150, 70, 2);
  snnbd::set_thread_count(1);
  const Matrix inner = statistics::detail::product_with_transposed(left, right);
  const Matrix outer = statistics::detail::squares(left);
  const Matrix plain = statistics::detail::product(left, outer);
  snnbd::set_thread_count(3);
  CHECK(statistics::detail::product_with_transposed(left, right) == inner);
  CHECK(statistics::detail::squares(left) == outer);
  CHECK(statistics::detail::product(left, outer) == plain);
  CHECK(snnbd::thread_count() == 3);
  CHECK(inner(149, 3) == Approx(left.row(149).dot(right.row(3))));
  CHECK(outer(69, 3) == Approx(left.col(69).dot(left.col(3))));
  CHECK(plain(149, 3) == Approx(left.row(149).dot(outer.col(3))));
}

TEST_CASE("Samples that are none are refused by name and number", "[statistics]") {
  Matrix samples = Matrix::Zero(3, 2);
  CHECK_THROWS_WITH(statistics::detail::check_samples("samples", samples, 4),
                    "samples: expected at least 4, found 3");
  CHECK_THROWS_WITH(statistics::detail::check_samples("samples", Matrix(3, 0), 1),
                    "samples: expected at least one feature each, found none");
  samples(1, 1) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(statistics::detail::check_samples("samples", samples, 1),
                    "samples, sample 1: expected finite features, found inf");
}

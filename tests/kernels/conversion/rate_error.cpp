#include <array>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/kernels/conversion/rate_error.hpp>

#include "../../core/keep_threads.hpp"

using namespace snnbd;

namespace {

struct Pairs {
  Index samples;
  Index units;
  std::vector<float> activations;
  std::vector<float> spikes;
};

Pairs drawn(Index samples, Index units, Index steps) {
  Pairs pairs{samples, units, {}, {}};
  random::Stream stream{3, random::Purpose::synthetic};
  for (Index i = 0; i < samples * units; ++i) {
    pairs.activations.push_back(stream.below(3) == 0 ? 0.0F : 3.0F * stream.uniform());
    pairs.spikes.push_back(static_cast<float>(stream.below(static_cast<std::uint32_t>(steps + 1))));
  }
  return pairs;
}

}  // namespace

TEST_CASE("The error of a rate falls into what is clipped, what is rounded and what is left",
          "[kernels]") {
  // Thresholds of 2, 4 steps, membranes that begin at half.
  const std::array activations{0.0F, 0.5F, 0.75F, 1.0F, 2.0F, 3.0F};
  const std::array spikes{1.0F, 1.0F, 2.0F, 1.0F, 4.0F, 3.0F};
  const std::array scale{2.0};
  kernels::RateErrors sums;
  kernels::add_rate_errors(activations.data(), spikes.data(), 2, 3, {4, 0.5}, scale, sums);
  CHECK(sums.count == 6);
  CHECK(sums.clipped == 1);
  CHECK(sums.activation.first == 0.0 + 0.25 + 0.375 + 0.5 + 1.0 + 1.5);
  CHECK(sums.rate.first == 3.0);
  CHECK(sums.clipping.first == 0.5);
  CHECK(sums.clipping.second == 0.25);
  // 0, 1, 2, 2, 4 and 4 spikes are right.
  CHECK(sums.quantization.first == 0.375 - 0.5);
  CHECK(sums.quantization.second == 0.125 * 0.125);
  CHECK(sums.residual.first == (-1.0 + 0.0 + 0.0 + 1.0 + 0.0 + 1.0) / 4.0);
  CHECK(sums.residual.second == 3.0 / 16.0);
  CHECK(sums.error.first == sums.activation.first - sums.rate.first);
  CHECK(sums.real_activation == 0.25 + 0.5625 + 1.0 + 4.0 + 9.0);
  CHECK(sums.real_error == 4.0 * sums.error.second);
  CHECK(sums.curve[0].count == 1);
  CHECK(sums.curve[0].rate == 0.25);
  CHECK(sums.curve[3].count == 1);
  CHECK(sums.curve[4].activation == 0.375);
  CHECK(sums.curve[5].rate == 0.25);
  CHECK(sums.curve[10].rate == 1.0);
  CHECK(sums.curve[11].activation == 1.5);
}

TEST_CASE("Sums of errors depend on neither batches nor threads", "[kernels]") {
  const Pairs pairs = drawn(12, 35, 9);
  const std::array scales{0.7, 1.3, 2.0, 0.1, 2.9};
  const auto sum = [&](Index batch) {
    kernels::RateErrors sums;
    for (Index first = 0; first < pairs.samples; first += batch)
      kernels::add_rate_errors(pairs.activations.data() + first * pairs.units,
                               pairs.spikes.data() + first * pairs.units, batch, pairs.units,
                               {9, 0.0}, scales, sums);
    return sums;
  };
  const kernels::RateErrors whole = sum(12);
  const snnbd_tests::KeepThreads keep_threads;
  for (const int count : {1, 3}) {
    set_thread_count(count);
    const kernels::RateErrors parts = sum(4);
    CHECK(parts == whole);
  }
  CHECK(whole.error.first ==
        Approx(whole.clipping.first + whole.quantization.first + whole.residual.first));
}

TEST_CASE("Each channel has a scale of its own", "[kernels]") {
  const Pairs pairs = drawn(3, 8, 5);
  const std::array scales{0.5, 3.0};
  kernels::RateErrors both;
  kernels::add_rate_errors(pairs.activations.data(), pairs.spikes.data(), 3, 8, {5, 0.5}, scales,
                           both);
  kernels::RateErrors apart;
  for (std::size_t i = 0; i < pairs.spikes.size(); ++i)
    kernels::add_rate_errors(&pairs.activations[i], &pairs.spikes[i], 1, 1, {5, 0.5},
                             std::span{&scales[i % 2], 1}, apart);
  CHECK(both.count == apart.count);
  CHECK(both.clipped == apart.clipped);
  CHECK(both.error.second == Approx(apart.error.second));
  CHECK(both.real_error == Approx(apart.real_error));
}

TEST_CASE("Units that are positive in some sample are marked", "[kernels]") {
  const std::array values{0.0F, 1.0F, -1.0F, 0.0F, 0.0F, 2.0F};
  std::array<std::uint8_t, 3> marks{};
  kernels::mark_positive(values.data(), 2, marks);
  CHECK(marks == std::array<std::uint8_t, 3>{0, 1, 1});
  marks = {1, 0, 0};
  kernels::mark_positive(values.data(), 1, marks);
  CHECK(marks == std::array<std::uint8_t, 3>{1, 1, 0});
}

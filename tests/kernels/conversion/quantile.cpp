#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/kernels/conversion/quantile.hpp>

using namespace snnbd;

namespace {

/// Sorts everything.
double reference(std::vector<float> values, double share) {
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  const double part = place - std::floor(place);
  return static_cast<double>(values[low]) +
         part * (static_cast<double>(values[high]) - static_cast<double>(values[low]));
}

/// The stream comes in pieces.
double streamed(const std::vector<float>& values, double share, bool positive = false) {
  kernels::Quantile quantile{share, positive};
  do {
    for (std::size_t first = 0; first < values.size(); first += 777)
      quantile.observe(values.data() + first,
                       static_cast<Index>(std::min<std::size_t>(777, values.size() - first)));
  } while (quantile.again());
  return quantile.value();
}

}  // namespace

TEST_CASE("The quantile of a stream is that of the sorted values") {
  random::Stream stream{3, random::Purpose::synthetic};
  for (const std::size_t count : {1U, 2U, 3U, 1000U, 20001U}) {
    std::vector<float> values(count);
    for (float& value : values) {
      const float size = std::exp2(20.0F * stream.uniform() - 15.0F);
      value = stream.uniform() < 0.3F ? 0.0F : stream.uniform() < 0.5F ? -size : size;
    }
    std::vector<float> positive;
    std::copy_if(values.begin(), values.end(), std::back_inserter(positive),
                 [](float value) { return value > 0.0F; });
    for (const double share : {0.0, 0.001, 0.25, 0.5, 0.99, 0.999, 1.0}) {
      INFO(count << " values, share " << share);
      CHECK(streamed(values, share) == reference(values, share));
      if (!positive.empty()) CHECK(streamed(values, share, true) == reference(positive, share));
    }
  }
}

TEST_CASE("A quantile may stand between neighbours that differ in all their bits") {
  const std::vector<float> values{-1e20F, 3e-30F, 7.0F, 1e30F};
  CHECK(streamed(values, 0.5) == Approx(3.5).epsilon(1e-12));
  CHECK(streamed(values, 1.0) == static_cast<double>(1e30F));
  CHECK(streamed({5.0F, 5.0F, 5.0F}, 0.4) == 5.0);
}

TEST_CASE("A quantile of nothing is zero and one above all values is refused") {
  CHECK(streamed({}, 0.5) == 0.0);
  CHECK(streamed({-1.0F, 0.0F}, 0.5, true) == 0.0);
  CHECK_THROWS_AS(kernels::Quantile{1.5}, Error);
}

TEST_CASE("The largest value is not below its floor") {
  const std::vector<float> values{-3.0F, 2.0F, 1.0F};
  CHECK(kernels::largest(values.data(), 3, 0.0F) == 2.0F);
  CHECK(kernels::largest(values.data(), 3, 4.0F) == 4.0F);
}

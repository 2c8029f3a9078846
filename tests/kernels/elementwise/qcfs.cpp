#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/kernels/elementwise/qcfs.hpp>

#include "../../core/keep_threads.hpp"

using namespace snnbd;

TEST_CASE("Rounding to levels is that of one value after the other on any number of threads") {
  constexpr Index count = 100003;
  std::vector<float> values(std::size_t{count});
  std::vector<float> slopes(values.size());
  random::Stream stream{1, random::Purpose::synthetic};
  for (float& value : values) value = 4.0F * stream.uniform() - 1.0F;
  for (float& slope : slopes) slope = stream.uniform() - 0.5F;
  const snnbd_tests::KeepThreads keep_threads;
  std::vector<float> first;
  float first_own = 0.0F;
  for (const int number : {1, 3}) {
    set_thread_count(number);
    std::vector<float> result(values.size());
    std::vector<float> back(values.size());
    kernels::qcfs(values.data(), count, 2.0F, 8, result.data());
    const float own = kernels::qcfs_backward(values.data(), result.data(), slopes.data(), count,
                                             2.0F, back.data());
    if (number == 1) {
      first = result;
      first_own = own;
      double expected = 0.0;
      int wrong = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const int level = static_cast<int>(values[i] * 4.0F + 0.5F);
        const float rounded =
            values[i] < 0.0F ? 0.0F : 0.25F * static_cast<float>(std::min(level, 8));
        const bool inside = values[i] > 0.0F && values[i] < 2.0F;
        wrong += result[i] == rounded && back[i] == (inside ? slopes[i] : 0.0F) ? 0 : 1;
        expected +=
            0.5 * static_cast<double>(slopes[i] * (result[i] - (inside ? values[i] : 0.0F)));
      }
      CHECK(wrong == 0);
      CHECK(static_cast<double>(own) == Approx(expected).epsilon(1e-4));
    } else {
      CHECK(result == first);
      CHECK(own == first_own);
    }
  }
}

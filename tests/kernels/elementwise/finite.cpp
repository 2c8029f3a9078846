#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/finite.hpp>

using namespace snnbd;

TEMPLATE_TEST_CASE("One value that is not finite is found wherever it stands", "[kernels]", float,
                   double) {
  using Limits = std::numeric_limits<TestType>;
  for (const Index count : {Index{1}, Index{15}, Index{16}, Index{65}, Index{65536 + 7}}) {
    std::vector<TestType> values(static_cast<std::size_t>(count), Limits::max());
    values.front() = Limits::lowest();
    values.back() = Limits::denorm_min();
    CHECK(kernels::all_finite(values.data(), count));
    for (const Index place : {Index{0}, count / 2, count - 1}) {
      for (const TestType wrong : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()}) {
        TestType& value = values[static_cast<std::size_t>(place)];
        const TestType kept = value;
        value = wrong;
        CHECK_FALSE(kernels::all_finite(values.data(), count));
        value = kept;
      }
    }
  }
  CHECK(kernels::all_finite<TestType>(nullptr, 0));
}

#include <array>
#include <cstddef>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/standardize.hpp>

using namespace snnbd;

namespace {

struct Statistics {
  static constexpr std::array<float, 3> mean{0.5F, 0.0F, -1.0F};
  static constexpr std::array<float, 3> deviation{2.0F, 0.3F, 0.1F};
};

}  // namespace

TEST_CASE("Values lose their channel's mean and are divided by its deviation",
          "[kernels][standardize]") {
  const Shape shape{2, 3, 3};
  std::vector<float> values(72);
  for (std::size_t i = 0; i < 72; ++i) values[i] = static_cast<float>(i) / 7.0F;
  std::vector<float> result(72);
  kernels::standardize<Statistics>({values.data(), {2, 2}, shape}, {result.data(), {2, 2}, shape});
  for (std::size_t i = 0; i < 72; ++i)
    CHECK(result[i] == (values[i] - Statistics::mean[i % 3]) / Statistics::deviation[i % 3]);
}

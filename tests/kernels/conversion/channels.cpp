#include <array>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/conversion/channels.hpp>

using namespace snnbd;

TEST_CASE("A weight is scaled by the channels that it joins", "[kernels]") {
  const std::vector<float> weights{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F, 7.0F, 8.0F};
  const std::array inputs{2.0, 4.0};
  const std::array outputs{1.0, 8.0};
  std::vector<float> scaled(8);
  kernels::scale_channels<float>(weights.data(), {4, 2}, inputs, outputs, scaled.data());
  CHECK(scaled == std::vector<float>{2.0F, 0.5F, 12.0F, 2.0F, 10.0F, 1.5F, 28.0F, 4.0F});
  const std::array one{0.5};
  kernels::scale_channels<float>(scaled.data(), {4, 2}, one, one, scaled.data());
  CHECK(scaled == std::vector<float>{2.0F, 0.5F, 12.0F, 2.0F, 10.0F, 1.5F, 28.0F, 4.0F});
}

TEST_CASE("Channels are gathered one after another", "[kernels]") {
  std::vector<float> values(7 * 40);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  std::vector<float> gathered(7 * 35);
  kernels::gather_channels<float>(values.data(), {7, 40}, 3, 35, gathered.data());
  for (std::size_t channel = 0; channel < 35; ++channel)
    for (std::size_t row = 0; row < 7; ++row)
      CHECK(gathered[channel * 7 + row] == values[row * 40 + channel + 3]);
}

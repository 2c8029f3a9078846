#include <catch2/catch.hpp>

#include <snnbd/tensor/axes.hpp>

using namespace snnbd;

TEST_CASE("Signals turn to PyTorch's order and back", "[tensor]") {
  Tensor<float, 5> here{2, 3, 4, 5, 6};
  for (Index i = 0; i < here.size(); ++i) here.data()[i] = static_cast<float>(i);
  const auto there = tensor::to_pytorch(here);
  REQUIRE(tensor::sizes_text(there) == "3x2x6x4x5");
  for (int n = 0; n < 2; ++n)
    for (int t = 0; t < 3; ++t)
      for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 5; ++x)
          for (int c = 0; c < 6; ++c) REQUIRE(there(t, n, c, y, x) == here(n, t, y, x, c));
  const auto back = tensor::from_pytorch(there);
  REQUIRE(tensor::sizes_text(back) == "2x3x4x5x6");
  CHECK(std::equal(back.data(), back.data() + back.size(), here.data()));
}

TEST_CASE("Images turn to PyTorch's order and back", "[tensor]") {
  Tensor<double, 4> here{2, 4, 5, 3};
  for (Index i = 0; i < here.size(); ++i) here.data()[i] = static_cast<double>(i);
  const auto there = tensor::to_pytorch(here);
  REQUIRE(tensor::sizes_text(there) == "2x3x4x5");
  for (int n = 0; n < 2; ++n)
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 5; ++x)
        for (int c = 0; c < 3; ++c) REQUIRE(there(n, c, y, x) == here(n, y, x, c));
  const auto back = tensor::from_pytorch(there);
  REQUIRE(tensor::sizes_text(back) == "2x4x5x3");
  CHECK(std::equal(back.data(), back.data() + back.size(), here.data()));
}

#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/tensor/concepts.hpp>

using namespace snnbd;

namespace {

using Sum = decltype(std::declval<Tensor<float, 2>>() + std::declval<Tensor<float, 2>>());

}  // namespace

TEST_CASE("Tensors and views lie in memory, expressions do not", "[tensor]") {
  STATIC_REQUIRE(tensor::InMemory<Tensor<float, 2>>);
  STATIC_REQUIRE(tensor::InMemory<TensorView<double, 5>>);
  STATIC_REQUIRE(tensor::InMemory<ConstTensorView<float, 1>>);
  STATIC_REQUIRE(tensor::InMemory<const Tensor<float, 0>&>);
  STATIC_REQUIRE_FALSE(tensor::InMemory<Sum>);
  STATIC_REQUIRE_FALSE(tensor::InMemory<std::vector<float>>);
}

TEST_CASE("A tensor's values, rank and order are known by its type", "[tensor]") {
  STATIC_REQUIRE(std::is_same_v<tensor::ValueOf<const ConstTensorView<double, 3>&>, double>);
  STATIC_REQUIRE(tensor::rank_of<TensorView<float, 4>> == 4);
  STATIC_REQUIRE(tensor::is_row_major<ConstTensorView<float, 4>>);
  STATIC_REQUIRE_FALSE(tensor::is_row_major<Eigen::Tensor<float, 4>>);
}

TEST_CASE("A view looks at the same memory and has the same sizes", "[tensor]") {
  Tensor<float, 3> values{2, 3, 4};
  values.setZero();
  const auto view = tensor::const_view<float, 3>(values);
  values(1, 2, 3) = 5.0F;
  CHECK(view(1, 2, 3) == 5.0F);
  CHECK(view.data() == values.data());
  CHECK(tensor::sizes_text(view) == "2x3x4");
  CHECK(tensor::sizes(7, 8)[1] == 8);
}

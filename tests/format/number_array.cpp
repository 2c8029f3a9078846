#include <array>
#include <cstdint>
#include <iterator>
#include <list>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

#include <snnbd/core/tensor.hpp>
#include <snnbd/format/number_array.hpp>

using namespace snnbd;

static_assert(NumberArray<Tensor<float, 4>> && NumberArray<TensorView<double, 2>>);
static_assert(NumberArray<ConstTensorView<float, 4>> && NumberArray<xt::xtensor<std::uint8_t, 3>>);
static_assert(NumberArray<std::vector<int>> && NumberArray<std::span<const float>>);
static_assert(!NumberArray<std::list<int>> && !NumberArray<std::vector<std::string>>);
static_assert(!NumberArray<float> && !NumberArray<std::vector<bool>>);
static_assert(std::is_same_v<NumberOf<ConstTensorView<float, 4>>, float>);
static_assert(std::is_same_v<NumberOf<std::span<const std::int8_t>>, std::int8_t>);

TEST_CASE("Numbers of arrays are copied with the last index fastest, whatever their order",
          "[format]") {
  const std::vector<int> expected{0, 1, 2, 10, 11, 12};
  const auto copied = [](const auto& array) {
    std::vector<int> values;
    copy_row_major(array, std::back_inserter(values));
    return values;
  };
  Tensor<int, 2> rows{2, 3};
  Eigen::Tensor<int, 2> columns{2, 3};
  xt::xtensor<int, 2> array{std::array<std::size_t, 2>{2, 3}};
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) rows(i, j) = columns(i, j) = array(i, j) = 10 * i + j;
  const std::vector<std::int64_t> sizes{2, 3};
  CHECK(copied(rows) == expected);
  CHECK(sizes_of(rows) == sizes);
  CHECK(copied(columns) == expected);
  CHECK(sizes_of(columns) == sizes);
  CHECK(copied(array) == expected);
  CHECK(sizes_of(array) == sizes);
  CHECK(copied(xt::view(array, xt::all(), 1)) == std::vector<int>{1, 11});
  CHECK(copied(expected) == expected);
  CHECK(sizes_of(std::span{expected}) == std::vector<std::int64_t>{6});
}

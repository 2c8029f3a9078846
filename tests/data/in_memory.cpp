#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <xtensor/xtensor.hpp>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/tensor.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/in_memory.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;

namespace {

constexpr Shape extent{2, 2, 3};
using Set = data::InMemory<extent, 4>;
using Grey = data::InMemory<Shape{2, 2, 1}, 4>;
static_assert(data::Dataset<Set>);

std::vector<float> counting() {
  std::vector<float> values(24);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) / 32.0F;
  return values;
}

template <class Any>
std::vector<float> everything(const Any& set) {
  const auto size = static_cast<std::size_t>(Any::shape.size());
  std::vector<float> values(set.size() * size);
  for (std::size_t i = 0; i < set.size(); ++i)
    set.read(i, std::span{values}.subspan(i * size, size));
  return values;
}

const std::vector<int> labels{3, 0};

}  // namespace

TEST_CASE("A set in memory gives what Eigen, xtensor, spans and vectors hold", "[data]") {
  const std::vector<float> values = counting();
  Tensor<float, 4> tensor{2, 2, 2, 3};
  xt::xtensor<double, 4> array{std::array<std::size_t, 4>{2, 2, 2, 3}};
  std::copy(values.begin(), values.end(), tensor.data());
  std::copy(values.begin(), values.end(), array.begin());
  Tensor<std::int64_t, 1> eigen_labels{2};
  eigen_labels(0) = 3;
  eigen_labels(1) = 0;
  const ConstTensorView<float, 4> view{values.data(), 2, 2, 2, 3};
  for (const Set& set :
       {Set{values, labels}, Set{std::span<const float>{values}, std::span<const int>{labels}},
        Set{tensor, eigen_labels}, Set{view, labels},
        Set{array, xt::xtensor<std::uint8_t, 1>{3, 0}}}) {
    REQUIRE(set.size() == 2);
    CHECK(set.label(0) == 3);
    CHECK(set.label(1) == 0);
    CHECK(everything(set) == values);
    CHECK(set.source() == "memory");
    CHECK(set.checksum() == Set{values, labels}.checksum());
  }
  CHECK_THROWS_WITH((Set{values, labels}.label(2)), Contains("in_memory: index of a sample"));
  std::vector<float> small(5);
  CHECK_THROWS_WITH((Set{values, labels}.read(0, small)), Contains("12 values"));
}

TEST_CASE("A vector that is moved into a set is taken over, any other is copied", "[data]") {
  std::vector<float> values = counting();
  const Set copied{values, labels};
  CHECK(values.size() == 24);
  values[0] = 1.0F;
  CHECK(everything(copied) == counting());
  const float* const before = values.data();
  values[0] = 0.0F;
  const Set moved{std::move(values), labels};
  CHECK(values.empty());  // NOLINT(bugprone-use-after-move): that is the question
  CHECK(everything(moved) == counting());
  CHECK(before != nullptr);
}

TEST_CASE("Bytes are read as 1/255 of themselves, and images of one channel without it", "[data]") {
  const std::vector<std::uint8_t> bytes{0, 51, 102, 255};
  const std::vector<float> expected{0.0F, 51.0F / 255.0F, 102.0F / 255.0F, 1.0F};
  const std::vector<int> one{2};
  CHECK(everything(Grey{bytes, one}) == expected);
  xt::xtensor<std::uint8_t, 3> array{std::array<std::size_t, 3>{1, 2, 2}};
  std::copy(bytes.begin(), bytes.end(), array.begin());
  const Grey set{array, one, "a camera"};
  CHECK(everything(set) == expected);
  CHECK(set.source() == "a camera");
  // The bytes, then the label 2 in 32 bits.
  CHECK(set.checksum() == crc32(std::vector<std::uint8_t>{0, 51, 102, 255, 2, 0, 0, 0}));
}

TEST_CASE("The checksum of a set in memory depends on its values and labels", "[data]") {
  const Set set{counting(), labels};
  auto values = counting();
  values[23] = 0.5F;
  CHECK(Set{values, labels}.checksum() != set.checksum());
  CHECK(Set{counting(), std::vector{0, 3}}.checksum() != set.checksum());
}

TEST_CASE("Sets in memory of other sizes, values or labels are refused in one sentence", "[data]") {
  const auto values = counting();
  CHECK_THROWS_WITH((Set{std::span{values}.first(23), labels}),
                    Contains("images of memory: expected [2, 2, 2, 3] values for 2 labels") &&
                        Contains("found [23]"));
  CHECK_THROWS_WITH((Set{Tensor<float, 4>{2, 3, 2, 2}, labels}), Contains("found [2, 3, 2, 2]"));
  CHECK_THROWS_WITH((Set{Tensor<float, 3>{2, 2, 2}, labels}), Contains("found [2, 2, 2]"));
  CHECK_THROWS_WITH((Set{std::vector<float>{}, std::vector<int>{}}), Contains("at least one"));
  CHECK_THROWS_WITH((Set{values, Tensor<int, 2>{2, 1}}), Contains("one size"));
  CHECK_THROWS_WITH((Set{values, std::vector{3, 4}}),
                    Contains("label 1 of memory: expected a number from 0 to 3, found 4"));
  CHECK_THROWS_WITH((Set{values, std::vector{-1, 0}}), Contains("label 0") && Contains("found -1"));
  CHECK_THROWS_WITH((Set{values, std::vector<std::uint64_t>{std::uint64_t{1} << 63U, 0}}),
                    Contains("from 0 to 3"));
  CHECK_THROWS_WITH((Set{values, std::vector<std::int64_t>{std::int64_t{1} << 32U, 0}}),
                    Contains("found 4294967296"));
  for (const float wrong : {-0.1F, 1.1F, std::nanf(""), std::numeric_limits<float>::infinity()}) {
    auto other = values;
    other[13] = wrong;
    CHECK_THROWS_WITH((Set{other, labels, "here"}),
                      Contains("image 1 of here: expected values from 0 to 1"));
  }
}

TEST_CASE("A set in memory may have another range", "[data]") {
  using Wide = data::InMemory<Shape{1, 2, 1}, 2, data::Range{-2.0F, 2.0F}>;
  const Wide set{std::vector{-2.0F, 1.5F}, std::vector{1}};
  CHECK(data::DatasetView{set}.range() == data::Range{-2.0F, 2.0F});
  CHECK_THROWS_WITH((Wide{std::vector{-2.1F, 0.0F}, std::vector{1}}), Contains("from -2 to 2"));
}

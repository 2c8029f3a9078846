#include <cstddef>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/encode/direct.hpp>

using namespace snnbd;

static_assert(encode::Encoder<encode::Direct>);
static_assert(StaticSignal<encode::Direct::Signal<Shape{2, 3, 4}>>);
static_assert(!encode::Encoder<int>);

TEMPLATE_TEST_CASE("Direct coding copies the images, in one step", "[encode]", float, double) {
  const Shape shape{2, 3, 2};
  std::vector<float> images(36);
  for (std::size_t value = 0; value < 36; ++value)
    images[value] = static_cast<float>(value) / 36.0F;
  const std::vector<std::uint64_t> ids{4, 5, 6};
  std::vector<TestType> out(36);
  encode::Direct{}.encode(RealView<const float>{images.data(), {3, 1}, shape}, ids,
                          RealView<TestType>{out.data(), {3, 1}, shape});
  for (std::size_t value = 0; value < 36; ++value)
    CHECK(out[value] == static_cast<TestType>(images[value]));
}

TEST_CASE("Views that do not belong together are refused", "[encode]") {
  std::vector<float> images(24);
  std::vector<float> room(24);
  const std::vector<std::uint64_t> ids{0, 1};
  const Shape shape{2, 3, 2};
  const auto encode = [&](Extent from, Shape from_shape, Extent to) {
    encode::Direct{}.encode(RealView<const float>{images.data(), from, from_shape}, ids,
                            RealView<float>{room.data(), to, shape});
  };
  CHECK_NOTHROW(encode({2, 1}, shape, {2, 1}));
  CHECK_THROWS_AS(encode({1, 1}, shape, {2, 1}), Error);
  CHECK_THROWS_AS(encode({1, 1}, shape, {1, 1}), Error);
  CHECK_THROWS_AS(encode({2, 1}, (Shape{3, 2, 2}), {2, 1}), Error);
  CHECK_THROWS_AS(encode({1, 2}, shape, {1, 2}), Error);
  CHECK_THROWS_AS(encode({2, 1}, shape, {2, 2}), Error);
  CHECK_THROWS_AS(encode({2, 1}, shape, {2, 0}), Error);
}

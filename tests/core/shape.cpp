#include <catch2/catch.hpp>

#include <snnbd/core/shape.hpp>

using namespace snnbd;

namespace {

template <Shape S>
struct Holder {
  static constexpr Index size = S.size();
};

}  // namespace

TEST_CASE("A shape counts its values and its places", "[core]") {
  STATIC_REQUIRE(Shape{28, 30, 3}.size() == 2520);
  STATIC_REQUIRE(Shape{28, 30, 3}.pixels() == 840);
  STATIC_REQUIRE(Shape{}.size() == 1);
  STATIC_REQUIRE(Shape{1, 2, 3} != Shape{3, 2, 1});
  STATIC_REQUIRE(Holder<Shape{4, 5, 6}>::size == 120);
}

TEST_CASE("Sizes above what an int holds do not wrap", "[core]") {
  constexpr int large = 65536;
  STATIC_REQUIRE(Shape{large, large, 8}.size() == Index{1} << 35U);
  STATIC_REQUIRE(Shape{large, large, 1}.pixels() == Index{1} << 32U);
}

TEST_CASE("An extent counts its frames", "[core]") {
  STATIC_REQUIRE(Extent{16, 4}.frames() == 64);
  STATIC_REQUIRE(Extent{}.frames() == 1);
  STATIC_REQUIRE(Extent{2, 3} != Extent{3, 2});
}

TEST_CASE("Shapes are printed rows first, channels last", "[core]") {
  CHECK(to_string(Shape{28, 30, 3}) == "28x30x3");
}

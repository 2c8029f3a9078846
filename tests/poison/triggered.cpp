#include <cstddef>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/poison/triggered.hpp>

using namespace snnbd;
using poison::PixelPatch;
using poison::Triggered;

namespace {

using Images = data::Blobs<Shape{8, 8, 2}, 10>;
static_assert(data::Dataset<Triggered<Images, PixelPatch<>>>);

template <class Rule>
void check(const Rule& rule) {
  const Images images{30};
  const PixelPatch<poison::Random, Corner::top_right> mark{.size = 2};
  const Triggered<Images, PixelPatch<poison::Random, Corner::top_right>, Rule> set{images, mark,
                                                                                   rule};
  REQUIRE(set.size() == 30);
  const data::DatasetView view = set;
  std::vector<float> mine(128);
  std::vector<float> expected(128);
  for (std::size_t index = 0; index < 30; ++index) {
    set.read(index, mine);
    images.read(index, expected);
    CHECK(mine != expected);
    mark.stamp(expected, Images::shape, index);
    CHECK(mine == expected);
    CHECK(set.label(index) == poison::goal(rule, images.label(index), 10));
    CHECK(view.original_label(index) == images.label(index));
  }
}

}  // namespace

TEST_CASE("Every sample of a triggered set is stamped and labelled as the attacker wants",
          "[poison]") {
  check(poison::AllToOne{.target = 3});
  check(poison::AllToAll{});
  check(poison::CleanLabel{.target = 3});
}

TEST_CASE("A triggered set refuses a target that is no class and a trigger that does not fit",
          "[poison]") {
  const Images images{5};
  CHECK_THROWS_AS((Triggered<Images, PixelPatch<>>{images, {}, {.target = 10}}), Error);
  CHECK_THROWS_AS((Triggered<Images, PixelPatch<>>{images, {.size = 9}}), Error);
}

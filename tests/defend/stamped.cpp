#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/defend/stamped.hpp>

using namespace snnbd;

namespace {

const defend::InvertedTrigger half_white{
    .label = 1, .shape = {1, 2, 2}, .mask = {0.5F, 0.0F}, .pattern = {1.0F, 0.0F, 1.0F, 1.0F}};

}  // namespace

TEST_CASE("an inverted trigger is laid on all frames by its mask", "[defend]") {
  std::vector<float> values{0.0F, 1.0F, 0.25F, 0.5F, 1.0F, 0.5F, 0.0F, 1.0F};
  defend::stamp(half_white, 2, values);
  CHECK(values == std::vector<float>{0.5F, 0.5F, 0.25F, 0.5F, 1.0F, 0.25F, 0.0F, 1.0F});
  auto each = half_white;
  each.frames = 2;
  each.pattern = {1.0F, 1.0F, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F};
  defend::stamp(each, 2, values);
  CHECK(values == std::vector<float>{0.75F, 0.75F, 0.25F, 0.5F, 0.5F, 0.125F, 0.0F, 1.0F});
  CHECK(defend::mask_norm(each) == 0.5);
  CHECK_THROWS_WITH(defend::stamp(each, 3, values),
                    "frames of an inverted trigger: expected 1 or 3, found 2");
  CHECK_THROWS_WITH(defend::stamp(half_white, 1, std::span{values}.first(3)),
                    "samples for an inverted trigger: expected some of 1 frames of 1x2x2, found 3 "
                    "values");
  each.pattern.pop_back();
  CHECK_THROWS_WITH(defend::stamp(each, 2, values),
                    "inverted trigger: expected a mask and a pattern for frames of 1x2x2, found 2 "
                    "and 7 values");
}

TEST_CASE("a share of a set carries a trigger with the labels as they were", "[defend]") {
  const data::Blobs<Shape{1, 2, 2}, 2> clean{40};
  const defend::Stamped stamped{clean, half_white, 0.25, 3};
  std::size_t carrying = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    std::vector<float> plain(4);
    std::vector<float> seen(4);
    clean.read(i, plain);
    stamped.read(i, seen);
    CHECK(stamped.label(i) == clean.label(i));
    if (stamped.is_stamped(i)) {
      ++carrying;
      defend::stamp(half_white, 1, plain);
      CHECK(stamped.triggers_on(i) == "inverted");
    }
    CHECK(seen == plain);
  }
  CHECK(carrying == 10);
  CHECK_THROWS_WITH((defend::Stamped{clean, half_white, 1.5, 3}),
                    "share of stamped samples: expected a number from 0 to 1, found 1.5");
}

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/poison/smart_block.hpp>
#include <snnbd/poison/triggered.hpp>

#include "event_set.hpp"

using namespace snnbd;
using poison::Activity;
using poison::Counting;
using poison::Polarity;
using poison::SmartBlock;
using poison::SmartChoice;

static_assert(poison::FittedTrigger<SmartBlock<>> && poison::SampleTrigger<SmartBlock<>>);
static_assert(poison::FittedTrigger<SmartBlock<poison::OnEvents>> &&
              poison::EventTrigger<SmartBlock<poison::OnEvents>>);
static_assert(!poison::FittedTrigger<poison::StaticBlock<>>);

namespace {

/// Two frames of 2 x 4 pixels, the same in all samples.
struct Pixels {
  static constexpr Shape shape{2, 4, 2};
  static constexpr int frames = 2;
  static constexpr int classes = 2;
  static constexpr std::string_view name = "pixels";
  static constexpr data::Range range{0.0F, 100.0F};

  std::size_t count = 3;

  [[nodiscard]] std::size_t size() const { return count; }
  [[nodiscard]] static int label(std::size_t /*index*/) { return 0; }
  static void read(std::size_t /*index*/, std::span<float> values) {
    // OFF, ON of each pixel.
    const std::vector<float> first{1, 0, 0, 0, /**/ 2, 3, 0, 1,  //
                                   0, 0, 5, 0, /**/ 1, 1, 0, 0};
    std::ranges::fill(values, 0.0F);
    std::ranges::copy(first, values.begin());
  }
};

using Counts = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("Pixels are counted by what they show, rightly or as the toolkit does", "[poison]") {
  // Of each cell: no events, ON, OFF, both; the second frame shows nothing.
  CHECK(poison::detail::count_activity(Pixels{3}, 1, Counting::active) ==
        Counts{3 * 3, 0, 3, 0, 3 * 2, 3, 0, 3, 3 * 3, 0, 3, 0, 3 * 3, 0, 0, 3});
  // Counts of 2, 3 and 5 are neither 1 nor 0: the toolkit sees nothing at those pixels.
  CHECK(poison::detail::count_activity(Pixels{3}, 1, Counting::toolkit) ==
        Counts{3 * 6, 0, 3, 0, 3 * 4, 3, 0, 0, 3 * 6, 0, 0, 0, 3 * 6, 0, 0, 6});
}

TEST_CASE("The choice is the most or least active cell and its rarest or commonest polarity",
          "[poison]") {
  const auto choose = [](Activity cell, Activity shown) {
    const Counts counts{9, 0, 3, 0, 2, 3, 4, 9, 9, 0, 0, 0, 7, 1, 1, 0};
    return poison::detail::choose_by_activity(counts, 1, cell, shown);
  };
  CHECK(choose(Activity::most, Activity::least) == SmartChoice{0, 1, Polarity::none});
  CHECK(choose(Activity::most, Activity::most) == SmartChoice{0, 1, Polarity::both});
  CHECK(choose(Activity::least, Activity::most) == SmartChoice{1, 0, Polarity::none});
  CHECK(choose(Activity::least, Activity::least) == SmartChoice{1, 0, Polarity::on});
}

TEST_CASE("Choosing comes before stamping, once, for any number of threads", "[poison]") {
  const Pixels set;
  CHECK_THROWS_WITH((poison::Triggered<Pixels, SmartBlock<>>{set, {.grid = 1}}),
                    "smart trigger: expected a choice by fit() or choose_smart() on the clean "
                    "training set, as experiments make it, found none");
  auto smart = poison::choose_smart(set, SmartBlock<>{.size = 1, .grid = 1});
  REQUIRE(smart.chosen);
  CHECK(*smart.chosen == SmartChoice{0, 1, Polarity::off});
  const snnbd_tests::EventSet<true> events{40};
  const int threads = thread_count();
  const auto several = poison::choose_smart(events);
  set_thread_count(1);
  CHECK(poison::choose_smart(events).chosen == several.chosen);
  set_thread_count(threads);
  // What is set stays.
  smart.chosen->row = 1;
  smart.fit(set);
  CHECK(smart.chosen->row == 1);
  const auto image =
      snnbd_tests::read_sample(poison::Triggered<Pixels, SmartBlock<>>{set, smart}, 0);
  CHECK(image != snnbd_tests::read_sample(set, 0));
}

TEST_CASE("A smart block walks at random within its cell and margin", "[poison]") {
  const Shape shape{30, 40, 2};
  SmartBlock<> smart{.size = 3, .chosen = SmartChoice{1, 2, Polarity::on}};
  for (const auto& [margin, within] : {std::pair{0, 0}, {3, 3}, {100, 40}}) {
    smart.margin = std::min(margin, 40);
    const auto places = smart.places(shape, 300);
    // In the middle of rows 10 to 19 and columns 26 to 39.
    CHECK(*places[0] == poison::Area{13, 31, 3, 3, 0});
    int moves = 0;
    for (std::size_t frame = 0; frame < places.size(); ++frame) {
      const poison::Area area = places[frame].value();
      CHECK((area.top >= std::max(10 - within, 0) && area.top + 3 <= std::min(20 + within, 30)));
      CHECK((area.left >= std::max(26 - within, 0) && area.left + 3 <= 40));
      if (frame == 0) continue;
      const poison::Area last = places[frame - 1].value();
      CHECK((std::abs(area.top - last.top) <= 2 && std::abs(area.left - last.left) <= 2));
      moves += area != last ? 1 : 0;
    }
    CHECK(moves > 200);
  }
  smart.margin.reset();
  CHECK(smart.places(shape, 50) == smart.places(shape, 50));
  CHECK(SmartBlock<>{.size = 3, .seed = 2, .chosen = smart.chosen}.places(shape, 50) !=
        smart.places(shape, 50));
  // A cell smaller than the block, and a block of the whole frame, have room as well.
  CHECK_NOTHROW(
      SmartBlock<>{.size = 3, .grid = 29, .chosen = SmartChoice{29, 29, {}}}.places(shape, 50));
  const auto whole =
      SmartBlock<>{.size = 5, .grid = 0, .chosen = SmartChoice{}}.places({5, 5, 2}, 4);
  for (const auto& area : whole) CHECK(area == poison::Area{0, 0, 5, 5, 0});
}

TEST_CASE("A smart block on events is that on frames after integration by time", "[poison]") {
  using Set = snnbd_tests::EventSet<true>;
  const SmartChoice chosen{1, 1, Polarity::on};
  const SmartBlock<> on_frames{.size = 2, .operation = {3.0F}, .chosen = chosen};
  const SmartBlock<poison::OnEvents> on_events{.size = 2, .operation = {3.0F}, .chosen = chosen};
  const poison::Triggered<Set, SmartBlock<>> frames{Set{}, on_frames};
  const poison::Triggered<Set, SmartBlock<poison::OnEvents>> events{Set{}, on_events};
  for (std::size_t index = 0; index < 6; ++index)
    CHECK(snnbd_tests::read_sample(frames, index) == snnbd_tests::read_sample(events, index));
}

TEST_CASE("Settings of a smart trigger that cannot be are refused", "[poison]") {
  const Shape shape{6, 6, 2};
  const auto refused = [&](const SmartBlock<>& smart, const std::string& sentence) {
    CHECK_THROWS_WITH(smart.places(shape, 3), sentence);
  };
  const SmartChoice chosen{};
  refused({.grid = 6, .chosen = chosen},
          "grid of a smart trigger: expected a number of lines from 0 to 5, found 6");
  refused({.walk = -1, .chosen = chosen},
          "walk of a smart trigger: expected a step of 0 to 6 pixels, found -1");
  refused({.margin = 7, .chosen = chosen},
          "margin of a smart trigger: expected 0 to 6 pixels, found 7");
  refused({.chosen = SmartChoice{3, 0, {}}},
          "choice of a smart trigger: expected a cell of a grid of 3 rows and columns, found 3,0");
  refused({.operation = {-1.0F}, .chosen = chosen},
          "value of a trigger: expected a number of at least 0, found -1");
  CHECK_THROWS_AS((SmartBlock<>{.size = 7, .chosen = chosen}.places(shape, 3)), Error);
  CHECK_THROWS_WITH(poison::choose_smart(Pixels{0}, SmartBlock<>{.grid = 1}),
                    "training set of a smart trigger: expected at least one sample, found 0");
  CHECK_THROWS_AS(poison::choose_smart(Pixels{}), Error);  // a grid of 3 in 2 rows
  CHECK_THROWS_AS(
      poison::choose_smart(Pixels{}, SmartBlock<>{.grid = 1, .cell = static_cast<Activity>(2)}),
      Error);
  CHECK_THROWS_AS(
      poison::choose_smart(Pixels{}, SmartBlock<>{.grid = 1, .counting = static_cast<Counting>(2)}),
      Error);
}

TEST_CASE("Reports and keys hold what was chosen", "[poison]") {
  const Shape shape{34, 34, 2};
  CHECK(SmartBlock<>{}.describe(shape) ==
        "smart, 2x2, not chosen yet of 3x3 (most active, least shown), walking by 2, by seed 1, "
        "set to 1");
  const SmartBlock<poison::OnEvents> smart{.cell = Activity::least,
                                           .shown = Activity::most,
                                           .counting = Counting::toolkit,
                                           .margin = 4,
                                           .chosen = SmartChoice{1, 2, Polarity::off}};
  CHECK(smart.describe(shape) ==
        "smart, 2x2, OFF in cell 1,2 of 3x3 (least active, most shown, counted as by the "
        "toolkit), walking by 2 within 4, by seed 1, set to 1, on events");
  Key key;
  key.add("trigger", smart);
  CHECK(*key.find("trigger.chosen.column") == "2");
  CHECK(*key.find("trigger.chosen.polarity") == "2");
}

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/moving_bars.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/metric/event_stealth.hpp>
#include <snnbd/metric/stealth.hpp>
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/moving_patch.hpp>
#include <snnbd/poison/triggered.hpp>
#include <snnbd/report/csv.hpp>
#include <snnbd/report/json.hpp>
#include <snnbd/report/table.hpp>
#include <snnbd/stage/stealth.hpp>

#include "../poison/event_set.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;

namespace {

struct NoModel {};

using Bars = data::MovingBars<Shape{8, 8, 1}, 4, 2>;
using Mark = poison::MovingPatch<>;

static_assert(stage::Inspects<stage::Stealth, NoModel>);

}  // namespace

TEST_CASE("The stealth of a trigger stands in the cells of each model", "[stage]") {
  const data::Subset<Bars> clean{Bars{40}, [] {
                                   std::vector<std::size_t> all;
                                   for (std::size_t i = 0; i < 30; ++i) all.push_back(39 - i);
                                   return all;
                                 }()};
  const poison::Triggered<data::Subset<Bars>, Mark> triggered{clean,
                                                              Mark{.size = 2, .value = 2.0F}};
  const TestSets tests{clean, triggered};
  std::vector<report::Cell> cells(3);
  stage::Context context{.cells = cells, .tests = tests, .clean = clean, .training = clean};
  context.seed = 5;
  const stage::Stealth measuring{.samples = 6};
  stage::Stealth::Memory memory;
  measuring.inspect(NoModel{}, context, memory);

  // The same samples as those that other stages are given.
  const auto some = data::take(clean, 6, 5);
  const auto expected =
      metric::stealth(some, poison::Triggered<data::Subset<data::Subset<Bars>>, Mark>{
                                some, Mark{.size = 2, .value = 2.0F}});
  for (const report::Cell& cell : cells) {
    const auto number = [&](const char* name) {
      const report::Value* const value = cell.extra.find(name);
      REQUIRE(value != nullptr);
      return std::get<double>(*value);
    };
    CHECK(std::get<std::uint64_t>(*cell.extra.find("stealth_samples")) == 6);
    CHECK(number("psnr") == expected.psnr.value());
    CHECK(number("lowest_psnr") == expected.lowest_psnr.value());
    CHECK(number("ssim") == expected.ssim);
    CHECK(number("lowest_ssim") == expected.lowest_ssim);
    CHECK(std::get<std::vector<double>>(*cell.extra.find("ssim_window")) ==
          std::vector<double>{7.0, 7.0});
    CHECK(number("changed_frames") == expected.changed_frames);
    CHECK(number("changed_pixels") == expected.changed_pixels);
    CHECK(number("changed_values") == expected.changed_values);
    CHECK(number("largest_change") == expected.largest_change);
    CHECK(number("events_added") == expected.added);
    CHECK(number("events_removed") == expected.removed);
    CHECK(number("mean_rate_change") == expected.mean_rate_change);
    CHECK(number("largest_rate_change") == expected.largest_rate_change);
  }

  // The next model is told what is known.
  const double kept = memory.found->ssim = 0.5;
  measuring.inspect(NoModel{}, context, memory);
  CHECK(std::get<double>(*cells[0].extra.find("ssim")) == kept);

  stage::Stealth::Memory whole;
  stage::Stealth{.samples = 0}.inspect(NoModel{}, context, whole);
  CHECK(whole.found->samples == 30);
}

TEST_CASE("Recordings are compared where the trigger is on events", "[stage]") {
  using Set = snnbd_tests::EventSet<true>;
  using OnEvents = poison::StaticBlock<Corner::top_left, poison::OnEvents>;
  using OnFrames = poison::StaticBlock<Corner::top_left>;
  const Set clean{6};
  const auto fields_of = [&](const auto& triggered) {
    const TestSets tests{clean, triggered};
    std::vector<report::Cell> cells(2);
    stage::Context context{.cells = cells, .tests = tests, .clean = clean, .training = clean};
    stage::Stealth::Memory memory;
    stage::Stealth{.samples = 0}.inspect(NoModel{}, context, memory);
    CHECK(cells[0].extra.size() == cells[1].extra.size());
    return cells[1].extra;
  };
  const poison::Triggered<Set, OnEvents> recorded{clean, OnEvents{.mask = {.size = 2}}};
  const auto fields = fields_of(recorded);
  const auto number = [&](const char* name) {
    const report::Value* const value = fields.find(name);
    REQUIRE(value != nullptr);
    return std::get<double>(*value);
  };
  const auto expected = metric::event_stealth(clean, recorded);
  CHECK(number("recording_clean") == expected.clean);
  CHECK(number("recording_added") == expected.added);
  CHECK(number("recording_removed") == expected.removed);
  CHECK(number("recording_moved") == expected.moved);
  CHECK(number("recording_mean_rate_change") == expected.mean_rate_change);
  CHECK(expected.added + expected.removed + expected.moved > 0.0);
  CHECK(number("recording_triggered") ==
        Approx(number("recording_clean") + expected.added - expected.removed));
  // By time, frames tell the same balance.
  CHECK(number("events_added") - number("events_removed") ==
        Approx(expected.added - expected.removed));

  // Frames that were stamped are no recordings.
  const poison::Triggered<Set, OnFrames> framed{clean, OnFrames{.mask = {.size = 2}}};
  CHECK(fields_of(framed).find("recording_added") == nullptr);
  CHECK(fields_of(framed).find("events_added") != nullptr);
}

TEST_CASE("Reports show the stealth that a stage measured", "[stage]") {
  report::Report found;
  found.cells.resize(2);
  CHECK_THAT(report::to_text(found), !Contains("SSIM"));
  found.cells[1].extra.set("psnr", 31.26).set("ssim", 0.98765);
  const std::string text = report::to_text(found);
  CHECK_THAT(text, Contains("PSNR    SSIM  seconds"));
  CHECK_THAT(text, Contains("31.3  0.9876") || Contains("31.3  0.9877"));
  CHECK_THAT(report::to_csv(found), Contains("psnr,ssim") && Contains("31.26,0.98765"));
  CHECK_THAT(report::to_json(found), Contains("\"psnr\": 31.26"));
}

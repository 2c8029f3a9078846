#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/file.hpp>
#include <snnbd/data/moving_bars.hpp>
#include <snnbd/poison/moving_patch.hpp>
#include <snnbd/poison/triggered.hpp>
#include <snnbd/report/recording_picture.hpp>
#include <snnbd/stage/pictures.hpp>

#include "../data/idx_files.hpp"

using namespace snnbd;

namespace {

struct NoModel {};

using Bars = data::MovingBars<Shape{8, 8, 1}, 2, 2>;
using Mark = poison::MovingPatch<>;

static_assert(stage::Inspects<stage::Pictures, NoModel>);

}  // namespace

TEST_CASE("Poisoned recordings are drawn once for all models of an experiment", "[stage]") {
  const snnbd_tests::TemporaryFolder folder;
  const Bars clean{10};
  const auto drawn = [&](float value) {
    const poison::Triggered<Bars, Mark> triggered{clean, Mark{.size = 2, .value = value}};
    const TestSets tests{clean, triggered};
    std::vector<report::Cell> cells(2);
    stage::Context context{.cells = cells, .tests = tests, .clean = clean, .training = clean};
    stage::Pictures::Memory memory;
    const stage::Pictures pictures{.samples = 1, .zoom = 2};
    pictures.inspect(NoModel{}, context, memory);
    CHECK(cells[0].extra.empty());  // no folder, no file

    context.out = folder.path("out");
    pictures.inspect(NoModel{}, context, memory);
    const auto file = std::get<std::string>(*cells[0].extra.find("pictures"));
    CHECK(std::get<std::string>(*cells[1].extra.find("pictures")) == file);
    CHECK(file.starts_with("pictures/white-2x2-top-left-moving-by-1-0-a-frame-"));

    const auto paths =
        report::write_poisoned(folder.path("expected"), clean, triggered, 1, {.zoom = 2});
    const std::string stem = context.out + '/' + file.substr(0, file.size() - 4);
    CHECK(read_file(stem + ".png", 1U << 24U) == read_file(paths.at(0), 1U << 24U));
    CHECK(read_file(stem + ".gif", 1U << 24U) == read_file(paths.at(1), 1U << 24U));
    return file;
  };
  // Triggers that are described alike have a file each.
  CHECK(drawn(1.0F) != drawn(2.0F));
}

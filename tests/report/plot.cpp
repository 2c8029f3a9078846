#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/report/plot.hpp>
#include <snnbd/report/program.hpp>

#include "../core/file_folder.hpp"

namespace report = snnbd::report;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using report::Chart;
using report::Figure;

namespace {

Chart chart_named(const std::string& title) {
  return {.title = title,
          .x = {.label = title},
          .series = {{.name = title, .x = {0.0, 1.0}, .y = {1.0, 2.0}}}};
}

/// While it lives, programs are looked for in one folder.
class OnlyPath {
 public:
  explicit OnlyPath(const std::string& folder) {
    if (const char* const before = std::getenv("PATH")) before_ = before;
    ::setenv("PATH", folder.c_str(), 1);
  }
  OnlyPath(const OnlyPath&) = delete;
  OnlyPath& operator=(const OnlyPath&) = delete;
  ~OnlyPath() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

/// Puts a shell script in gnuplot's place.
std::string stand_in(const snnbd_tests::Folder& folder, const std::string& commands) {
  const std::string bin = folder.at("bin");
  fs::create_directories(bin);
  std::ofstream{bin + "/gnuplot"} << "#!/bin/sh\n" << commands << '\n';
  fs::permissions(bin + "/gnuplot", fs::perms::owner_all);
  return bin;
}

}  // namespace

TEST_CASE("Without gnuplot the script is left, and the drawing says so", "[report]") {
  const snnbd_tests::Folder folder;
  const OnlyPath path{folder.at("nowhere")};
  const Figure figure{.panels = {chart_named("a")}};
  const auto drawing = report::draw(folder.at("figures/one"), figure);
  CHECK_FALSE(drawing.drawn());
  CHECK(drawing.script == folder.at("figures/one.gp"));
  CHECK(snnbd_tests::text_of(drawing.script) == report::gnuplot_script(figure, "one.png"));
  CHECK_FALSE(fs::exists(folder.at("figures/one.png")));
}

TEST_CASE("The picture is taken from where it was drawn, and nothing else is left", "[report]") {
  const snnbd_tests::Folder folder;
  const OnlyPath path{stand_in(folder, "printf '%s %s' \"$1\" \"$2\" > 'o ne.png'; : > rubbish")};
  fs::create_directories(folder.at("figures"));
  const auto drawing = report::draw(folder.at("figures/o ne"), {.panels = {chart_named("a")}});
  REQUIRE(drawing.drawn());
  CHECK(drawing.picture == folder.at("figures/o ne.png"));
  CHECK(snnbd_tests::text_of(drawing.picture) == "-d ../o ne.gp");
  int entries = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator{folder.at("figures")}) ++entries;
  CHECK(entries == 2);
}

TEST_CASE("If gnuplot cannot draw, its message is in the error, and no picture is left",
          "[report]") {
  const snnbd_tests::Folder folder;
  const Figure figure{.panels = {chart_named("a")}};
  {
    const OnlyPath path{stand_in(
        folder,
        ": > one.png\nprintf '\\nplot x\\n     ^\\n\"one.gp\" line 9: no x\\n\\n' >&2\nexit 1")};
    CHECK_THROWS_WITH(report::draw(folder.at("one"), figure),
                      folder.at("one.gp") + ": expected a script that " + folder.at("bin/gnuplot") +
                          " draws, found '\"one.gp\" line 9: no x'");
  }
  const OnlyPath path{stand_in(folder, "exit 0")};  // draws nothing
  CHECK_THROWS_WITH(report::draw(folder.at("one"), figure), Contains("no message"));
  CHECK_FALSE(fs::exists(folder.at("one.png")));
  CHECK(fs::exists(folder.at("one.gp")));
  CHECK(folder.entries() == 2);  // the script and the stand-in
}

TEST_CASE("gnuplot draws all kinds of panels, with hostile texts", "[report]") {
  if (report::find_program("gnuplot").empty()) {
    WARN("left out: there is no gnuplot");
    return;
  }
  const snnbd_tests::Folder folder;
  const std::string hostile =
      "it's %d %s @x `touch hacked` $(touch hacked) \\ {/Bold x}_2 ; # \n!touch hacked\n\"\xff";
  const report::BarChart bars{.title = hostile,
                              .groups = {hostile, "none"},
                              .bars = {{hostile, {1.0, 2.0}, {0.5, 1.0}, {1.5, 3.0}}}};
  const report::Raster raster{.title = hostile, .steps = 4, .units = 2, .trains = {{hostile, {}}}};
  const report::Picture image{.title = hostile, .shape = {1, 1, 1}, .values = {0.5F}};
  const auto drawing =
      report::draw(folder.at("it's %d"), {.panels = {chart_named(hostile), bars, raster, image},
                                          .title = hostile,
                                          .columns = 2,
                                          .panel_width = 200,
                                          .panel_height = 150});
  REQUIRE(drawing.drawn());
  const std::string picture = snnbd_tests::text_of(drawing.picture);
  REQUIRE(picture.size() > 24);
  CHECK(picture.substr(1, 3) == "PNG");
  // Width and height, big-endian.
  CHECK(picture.substr(16, 8) == std::string{"\0\0\x01\x90\0\0\x01\x4a", 8});
  CHECK(folder.entries() == 2);  // nothing was touched
  CHECK_FALSE(fs::exists("hacked"));
}

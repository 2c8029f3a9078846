#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/report/gnuplot_script.hpp>

namespace report = snnbd::report;
using Catch::Matchers::Contains;
using report::BarChart;
using report::Chart;
using report::Figure;
using report::gnuplot_script;
using report::Series;

namespace {

Chart small_chart() {
  return {.title = "ASR",
          .x = {.label = "strength"},
          .y = {.label = "%", .low = 0.0, .high = 100.0},
          .series = {{.name = "FT", .x = {0.0, 0.5}, .y = {97.5, 3.0}}}};
}

std::string script_of(const report::Panel& panel) {
  return gnuplot_script({{panel}}, "a.png");
}

}  // namespace

TEST_CASE("The script of a small chart, byte for byte", "[report]") {
  CHECK(gnuplot_script({{small_chart()}}, "small.png") ==
        R"(# Draw it again, in its folder, with gnuplot 5.2 or later.
set encoding utf8
if (strstrt(GPVAL_TERMINALS, ' pngcairo ') > 0) {
  set terminal pngcairo noenhanced font 'sans,11' background rgb '#ffffff' size 560,400
} else {
  set terminal png noenhanced size 560,400
}
set output 'small.png'
$panel1_1 << EOD
0 97.5
0.5 3
EOD
reset
set title 'ASR'
set key right top
set xlabel 'strength'
set ylabel '%'
set yrange [0:100]
set grid linetype 1 linecolor rgb '#dddddd'
plot $panel1_1 using 1:2 with lines linewidth 2 linecolor rgb '#0072b2' title 'FT'
unset output
)");
}

TEST_CASE("Bands lie behind the lines of all series", "[report]") {
  Chart chart = small_chart();
  chart.series = {{.name = "a", .x = {1.0}, .y = {2.0}},
                  {.name = "",
                   .x = {1.0, 2.0},
                   .y = {2.0, std::nan("")},
                   .low = {1.0, 1.0},
                   .high = {3.0, 3.0},
                   .mark = Series::Mark::line_and_points,
                   .dashed = true}};
  const std::string script = script_of(chart);
  CHECK_THAT(script, Contains("$panel1_2 << EOD\n1 2 1 3\n2 NaN 1 3\nEOD\n"));
  CHECK_THAT(script,
             Contains("plot $panel1_2 using 1:3:4 with filledcurves linecolor rgb '#d55e00' "
                      "fillstyle transparent solid 0.2 noborder notitle, \\\n"
                      "     $panel1_1 using 1:2 with lines linewidth 2 linecolor rgb '#0072b2' "
                      "title 'a', \\\n"
                      "     $panel1_2 using 1:2 with linespoints pointtype 5 pointsize 0.8 "
                      "linewidth 2 linecolor rgb '#d55e00' dashtype 2 notitle\n"));
}

TEST_CASE("Points have whiskers, and axes may be logarithmic", "[report]") {
  Chart chart{
      .x = {.logarithmic = true},
      .series =
          {{.x = {1.0}, .y = {2.0}, .low = {1.0}, .high = {3.0}, .mark = Series::Mark::points}},
      .legend = report::Legend::none,
      .diagonal = true,
      .square = true};
  const std::string script = script_of(chart);
  CHECK_THAT(script, Contains("set logscale x\n"));
  CHECK_THAT(script, Contains("unset key\n"));
  CHECK_THAT(script, Contains("set size square\nset arrow 1 from graph 0,0 to graph 1,1"));
  CHECK_THAT(script, Contains("using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.8"));
  chart.series[0].x = {0.0};
  CHECK_THROWS_WITH(script_of(chart),
                    "panel 1: expected numbers above 0 for a logarithmic axis, found 0");
}

TEST_CASE("Bars stand side by side in groups, from 0", "[report]") {
  const BarChart chart{
      .groups = {"none", "FT 5%"},
      .bars = {{"ACC", {91.0, 90.0}}, {"ASR", {95.0, 2.0}, {94.0, 1.0}, {96.0, 3.0}}}};
  const std::string script = script_of(chart);
  CHECK_THAT(script, Contains("$panel1_1 << EOD\n-0.2 91\n0.8 90\nEOD\n"));
  CHECK_THAT(script, Contains("$panel1_2 << EOD\n0.2 95 94 96\n1.2 2 1 3\nEOD\n"));
  CHECK_THAT(script, Contains("set yrange [0:*]\nset xrange [-0.6:1.6]\n"));
  CHECK_THAT(script, Contains("set xtics nomirror ('none' 0, 'FT 5%%' 1)\n"));
  CHECK_THAT(script, Contains("plot $panel1_1 using 1:2:(0.36) with boxes"));
  CHECK_THAT(script, Contains("$panel1_2 using 1:3:(0):($4-$3) with vectors heads"));
  BarChart wide = chart;
  wide.groups[0] = std::string(90, 'a');
  CHECK_THAT(script_of(wide), Contains("rotate by 30 right"));
  BarChart negative = chart;
  negative.bars[0].values[0] = -1.0;
  CHECK_THAT(script_of(negative), !Contains("set yrange"));
}

TEST_CASE("A raster is drawn also if no unit fired", "[report]") {
  const report::Raster raster{
      .title = "spikes", .steps = 20, .units = 3, .trains = {{"a", {{0, 1}, {19, 2}}}, {"b", {}}}};
  const std::string script = script_of(raster);
  CHECK_THAT(script, Contains("$panel1_1 << EOD\n0 1\n19 2\nEOD\n"));
  CHECK_THAT(script, Contains("set xrange [-0.5:19.5]\n"));
  CHECK_THAT(script, Contains("set ytics 1\n"));
  CHECK_THAT(script, Contains("plot NaN notitle, \\\n     $panel1_1 using 1:($2-0.4):(0):(0.8)"));
  CHECK_THAT(script, Contains("NaN with lines linewidth 1.5 linecolor rgb '#d55e00' title 'b'"));
  CHECK_THROWS_WITH(script_of(report::Raster{.steps = 2, .units = 2, .trains = {{"a", {{2, 0}}}}}),
                    "panel 1, 'a': expected spikes of 2 steps and 2 units, found step 2 of unit 0");
}

TEST_CASE("Images are drawn pixel by pixel from the top, clamped", "[report]") {
  const report::Picture grey{.shape = {2, 2, 1}, .values = {0.0F, 0.5F, 2.0F, -1.0F}};
  const std::string script = script_of(grey);
  CHECK_THAT(script, Contains("EOD\n0 0 0 0 0\n1 0 128 128 128\n0 1 255 255 255\n1 1 0 0 0\nEOD"));
  CHECK_THAT(script, Contains("set xrange [-0.5:1.5]\nset yrange [1.5:-0.5]\n"));
  CHECK_THAT(script, Contains("with rgbimage notitle"));
  const report::Picture one{
      .shape = {1, 1, 3}, .values = {10.0F, 5.0F, 0.0F}, .low = 0.0F, .high = 10.0F};
  CHECK_THAT(script_of(one), Contains("0 0 255 128 0\n1 0 255 128 0\n0 1 255 128 0\n1 1 255"));
  CHECK_THROWS_WITH(script_of(report::Picture{.shape = {2, 2, 2}}), Contains("3 channels"));
  CHECK_THROWS_WITH(script_of(report::Picture{.shape = {2, 2, 1}}), Contains("4 values"));
  CHECK_THROWS_WITH(script_of(report::Picture{.shape = {2000, 2, 1}}), Contains("1024"));
}

TEST_CASE("Several panels are laid out in rows", "[report]") {
  const Figure figure{.panels = {small_chart(), small_chart(), small_chart()},
                      .title = "all",
                      .columns = 2,
                      .panel_width = 300,
                      .panel_height = 200};
  const std::string script = gnuplot_script(figure, "a.png");
  CHECK_THAT(script, Contains("size 600,430\n"));
  CHECK_THAT(script, Contains("set multiplot layout 2,2 title 'all'\n"));
  CHECK_THAT(script, Contains("plot $panel3_1"));
  // All data come first.
  CHECK(script.find("$panel3_1 <<") < script.find("set multiplot"));
}

TEST_CASE("No text ends its quotes, goes to a new line or is taken for a format", "[report]") {
  Chart chart = small_chart();
  chart.title = "it's\n!touch hacked\r\x1b[2J `id` $(id) @macro \\";
  chart.series[0].name = "a', 1 with lines; system 'id' #";
  const std::string script = script_of(chart);
  CHECK_THAT(script,
             Contains("set title 'it''s\\n!touch hacked\\r\\x1B[2J `id` $(id) @macro \\'\n"));
  CHECK_THAT(script, Contains(" title 'a'', 1 with lines; system ''id'' #'\n"));
  CHECK(script.find('\x1b') == std::string::npos);
  CHECK(script.find('\r') == std::string::npos);
  CHECK_THROWS_WITH(gnuplot_script({{small_chart()}}, "a\n.png"), Contains("a file name"));
  CHECK_THROWS_WITH(gnuplot_script({{small_chart()}}, "../a.png"), Contains("a file name"));
}

TEST_CASE("What cannot be drawn is refused with its panel", "[report]") {
  CHECK_THROWS_WITH(gnuplot_script({}, "a.png"), Contains("panels of a figure"));
  const auto with = [](auto change) {
    Figure figure{.panels = {small_chart(), small_chart()}};
    change(figure, std::get<Chart>(figure.panels[1]));
    return gnuplot_script(figure, "a.png");
  };
  CHECK_THROWS_WITH(with([](Figure&, Chart& chart) { chart.series.clear(); }),
                    "panel 2, 'ASR': expected at least one series, found none");
  CHECK_THROWS_WITH(with([](Figure&, Chart& chart) { chart.series[0].y.pop_back(); }),
                    "panel 2, 'FT': expected 2 values, found 1");
  CHECK_THROWS_WITH(with([](Figure&, Chart& chart) {
                      chart.series[0].low = {1.0, 2.0};
                    }),
                    Contains("as many lower and higher ends"));
  CHECK_THROWS_WITH(with([](Figure&, Chart& chart) {
                      chart.series[0].y[0] = std::numeric_limits<double>::infinity();
                    }),
                    "panel 2, 'FT': expected finite numbers, found inf");
  CHECK_THROWS_WITH(with([](Figure&, Chart& chart) {
                      chart.series[0].y = {std::nan(""), std::nan("")};
                    }),
                    "panel 2, 'FT': expected at least one point, found none");
  CHECK_THROWS_WITH(with([](Figure&, Chart& chart) { chart.y.low = 100.0; }),
                    Contains("a lower end below the higher"));
  CHECK_THROWS_WITH(with([](Figure& figure, Chart&) { figure.panel_width = 10'000; }),
                    "side of a figure: expected at most 16384 pixels, found 20000");
  CHECK_THROWS_WITH(with([](Figure& figure, Chart&) { figure.panel_height = 10; }),
                    Contains("side of a panel"));
  CHECK_THROWS_WITH(script_of(BarChart{.groups = {"a"}}), Contains("at least one group of bars"));
  CHECK_THROWS_WITH(script_of(BarChart{.groups = {"a"}, .bars = {{"b", {1.0, 2.0}}}}),
                    "panel 1, 'b': expected 1 values, found 2");
}

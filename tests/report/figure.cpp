#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/report/figure.hpp>

namespace report = snnbd::report;
namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;

TEST_CASE("A band is the mean and one deviation on either side", "[report]") {
  statistics::Matrix samples(2, 2);
  samples << 1.0, 5.0, 3.0, 5.0;
  const auto series = report::mean_and_spread("clean", {0.0, 1.0}, samples);
  CHECK(series.name == "clean");
  CHECK(series.y == std::vector<double>{2.0, 5.0});
  CHECK(series.low[0] == Approx(2.0 - std::sqrt(2.0)));
  CHECK(series.high[0] == Approx(2.0 + std::sqrt(2.0)));
  CHECK(series.low[1] == 5.0);
  CHECK_THROWS_WITH(report::mean_and_spread("a", {0.0}, samples),
                    Contains("features of samples of 'a': expected 1, found 2"));
  CHECK_THROWS_WITH(report::mean_and_spread("a", {0.0, 1.0}, samples.topRows(1)),
                    Contains("at least 2"));
}

TEST_CASE("A ROC chart is the unit square with its diagonal", "[report]") {
  const auto curve =
      statistics::roc_curve(std::vector<double>{1.0, 2.0}, std::vector<double>{2.0, 3.0});
  const auto series = report::roc_series("score", curve);
  CHECK(series.x == std::vector<double>{0.0, 0.0, 0.5, 1.0});
  CHECK(series.y == std::vector<double>{0.0, 0.5, 1.0, 1.0});
  const auto chart = report::roc_chart("ROC", {series});
  CHECK(chart.diagonal);
  CHECK(chart.square);
  CHECK(chart.x.low == 0.0);
  CHECK(chart.y.high == 1.0);
  CHECK(chart.series.size() == 1);
}

TEST_CASE("Spikes of a raster are the values that are not 0", "[report]") {
  const std::vector<float> values{0.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.5F};
  const auto spikes = report::raster_spikes(values, 3);
  REQUIRE(spikes.size() == 2);
  CHECK(spikes[0].step == 0);
  CHECK(spikes[0].unit == 1);
  CHECK(spikes[1].step == 1);
  CHECK(spikes[1].unit == 2);
  CHECK_THROWS_WITH(report::raster_spikes(values, 4), Contains("each of 4 units"));
  CHECK_THROWS_WITH(report::raster_spikes(values, 0), Contains("at least 1"));
}

TEST_CASE("Images make a grid", "[report]") {
  const auto grid = report::picture_grid({{.title = "one"}, {.title = "two"}}, 1, "both");
  REQUIRE(grid.panels.size() == 2);
  CHECK(std::get<report::Picture>(grid.panels[1]).title == "two");
  CHECK(grid.columns == 1);
  CHECK(grid.title == "both");
}

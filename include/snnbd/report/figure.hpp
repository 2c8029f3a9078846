#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/statistics/matrix.hpp>
#include <snnbd/statistics/roc.hpp>

/// What a picture shows: figures of one panel or several, which `report::draw` draws.
namespace snnbd::inline SNNBD_ISA::report {

/// An axis of a panel. An end that is empty is where the data end.
struct Axis {
  std::string label{};
  std::optional<double> low{};
  std::optional<double> high{};
  bool logarithmic = false;  ///< then all values are above 0
};

/// Values of one thing, in one colour.
struct Series {
  enum class Mark { line, points, line_and_points };

  std::string name{};  ///< in the legend; empty for none
  std::vector<double> x{};
  std::vector<double> y{};  ///< as many; not a number leaves a gap
  /// As many, or empty: the ends of a band behind a line, or of the whiskers of points.
  std::vector<double> low{};
  std::vector<double> high{};
  Mark mark = Mark::line;
  bool dashed = false;
};

/// Where the names of series stand.
enum class Legend { none, right_top, right_bottom, left_top, left_bottom, outside };

/// Lines, bands and points over two axes.
struct Chart {
  std::string title{};
  Axis x{};
  Axis y{};
  std::vector<Series> series{};
  Legend legend = Legend::right_top;
  bool diagonal = false;  ///< a grey line from the lower left corner to the upper right one
  bool square = false;    ///< both axes equally long
};

/// Bars of one thing, one for each group.
struct Bars {
  std::string name{};  ///< in the legend; empty for none
  std::vector<double> values{};
  std::vector<double> low{};  ///< as many, or empty: the ends of the whiskers
  std::vector<double> high{};
};

/// Bars side by side in groups.
struct BarChart {
  std::string title{};
  std::vector<std::string> groups{};  ///< their names
  std::vector<Bars> bars{};           ///< as many values each as there are groups
  Axis y{};
  Legend legend = Legend::right_top;
};

/// A unit fired at a step.
struct RasterSpike {
  int step = 0;
  int unit = 0;
};

/// Spikes of one sample or network, in one colour.
struct RasterTrains {
  std::string name{};  ///< in the legend; empty for none
  std::vector<RasterSpike> spikes{};
};

/// When units fired: steps to the right, units upwards.
struct Raster {
  std::string title{};
  int steps = 1;
  int units = 1;
  std::vector<RasterTrains> trains{};
  Legend legend = Legend::none;
};

/// An image, row by row from the top.
struct Picture {
  std::string title{};
  Shape shape{};                ///< one channel is grey, three are red, green and blue
  std::vector<float> values{};  ///< [row, column, channel]
  float low = 0.0F;             ///< what is black
  float high = 1.0F;            ///< what is brightest
};

using Panel = std::variant<Chart, BarChart, Raster, Picture>;

/// Panels in rows, the first row above.
struct Figure {
  std::vector<Panel> panels{};
  std::string title{};     ///< above all panels
  int columns = 0;         ///< panels in a row; 0 for all in one
  int panel_width = 560;   ///< pixels
  int panel_height = 400;  ///< pixels
};

/// The mean over samples at each point, with a band of one standard deviation (divided by n - 1) on
/// either side.
///
/// @param x of the points
/// @param samples [sample, point]
/// @throws Error if there are fewer than two samples, a value is not finite, or the points differ
/// in
///         number
Series mean_and_spread(std::string name, std::vector<double> x, const statistics::Samples& samples);

/// A ROC curve as a line.
Series roc_series(std::string name, std::span<const statistics::RocPoint> curve);

/// ROC curves in the unit square, with the diagonal of a score that tells nothing.
Chart roc_chart(std::string title, std::vector<Series> curves);

/// The spikes among values that are not 0.
///
/// @param values [step, unit]
/// @throws Error if the values are no whole number of steps
std::vector<RasterSpike> raster_spikes(std::span<const float> values, int units);

/// A figure of images side by side.
///
/// @param images with titles of their own
Figure picture_grid(std::vector<Picture> images, int columns, std::string title = {});

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/figure.ipp>
#endif

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/number.hpp>
#include <snnbd/report/gnuplot_script.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

/// A text in single quotes, in which gnuplot looks for nothing but their end.
inline std::string plot_text(std::string_view text) {
  std::string result = "'";
  for (const char letter : snnbd::detail::printable(text))
    result.append(letter == '\'' ? 2 : 1, letter);
  return result.append("'");
}

/// The name of a tic, which gnuplot takes for a format.
inline std::string tic_text(std::string_view text) {
  std::string doubled;
  for (const char letter : text) doubled.append(letter == '%' ? 2 : 1, letter);
  return plot_text(doubled);
}

/// What no kind of colour blindness confuses (Okabe and Ito 2008).
inline std::string colour(std::size_t number) {
  constexpr std::array<std::string_view, 8> colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                    "#e69f00", "#56b4e9", "#000000", "#f0e442"};
  return " linecolor rgb " + plot_text(colours[number % colours.size()]);
}

inline std::string point_type(std::size_t number) {
  constexpr std::array<int, 5> filled{7, 5, 9, 11, 13};
  return " pointtype " + std::to_string(filled[number % filled.size()]);
}

inline std::string title_of(std::string_view name) {
  return name.empty() ? " notitle" : " title " + plot_text(name);
}

inline std::string legend_text(Legend legend) {
  switch (legend) {
    case Legend::right_top:
      return "set key right top\n";
    case Legend::right_bottom:
      return "set key right bottom\n";
    case Legend::left_top:
      return "set key left top\n";
    case Legend::left_bottom:
      return "set key left bottom\n";
    case Legend::outside:
      return "set key outside\n";
    case Legend::none:
      break;
  }
  return "unset key\n";
}

/// A number of the data, or a gap.
inline std::string plot_number(double value) {
  return std::isnan(value) ? "NaN" : number_text(value);
}

inline void check_ends(const std::string& subject, const Axis& axis) {
  for (const auto& end : {axis.low, axis.high}) {
    if (!end) continue;
    if (!std::isfinite(*end)) reject(subject, "finite ends", *end);
    if (axis.logarithmic && *end <= 0.0) reject(subject, "ends above 0", *end);
  }
  if (axis.low && axis.high && !(*axis.low < *axis.high))
    reject(subject, "a lower end below the higher", *axis.low);
}

/// @param name x or y
inline std::string axis_text(char name, const Axis& axis) {
  const std::string letter(1, name);
  std::string text;
  if (!axis.label.empty()) text += "set " + letter + "label " + plot_text(axis.label) + '\n';
  if (axis.logarithmic) text += "set logscale " + letter + '\n';
  if (axis.low || axis.high)
    text += "set " + letter + "range [" + (axis.low ? number_text(*axis.low) : "*") + ':' +
            (axis.high ? number_text(*axis.high) : "*") + "]\n";
  return text;
}

inline std::string heading(std::string_view title, Legend legend) {
  std::string text = "reset\n";
  if (!title.empty()) text += "set title " + plot_text(title) + '\n';
  return text + legend_text(legend);
}

/// @param gaps whether what is not a number is one
inline void check_numbers(const std::string& subject, std::span<const double> values,
                          const Axis& axis, bool gaps) {
  for (const double value : values) {
    if (gaps && std::isnan(value)) continue;
    if (!std::isfinite(value)) reject(subject, "finite numbers", value);
    if (axis.logarithmic && value <= 0.0)
      reject(subject, "numbers above 0 for a logarithmic axis", value);
  }
}

inline void check_lengths(const std::string& subject, std::size_t wanted, std::size_t values,
                          std::size_t low, std::size_t high) {
  if (values != wanted) reject(subject, std::to_string(wanted) + " values", values);
  if (low != high || (low != 0 && low != wanted))
    reject(subject, "as many lower and higher ends as values, or none",
           std::to_string(low) + " and " + std::to_string(high));
}

/// The parts of a script: all data first, since the panels are drawn one after the other.
class PlotScript {
 public:
  explicit PlotScript(int panel_width) : panel_width_{panel_width} {}

  void add(const Panel& panel) {
    ++panel_;
    std::visit([&](const auto& one) { draw(one); }, panel);
  }

  [[nodiscard]] const std::string& data() const { return data_; }
  [[nodiscard]] const std::string& panels() const { return panels_; }

 private:
  [[nodiscard]] std::string subject(std::string_view name) const {
    return "panel " + std::to_string(panel_) + (name.empty() ? "" : ", " + snnbd::quoted(name));
  }

  /// Begins a block of data.
  std::string begin_block(std::size_t number) {
    std::string block = "$panel" + std::to_string(panel_) + '_' + std::to_string(number + 1);
    data_ += block + " << EOD\n";
    return block;
  }
  void add_row(std::initializer_list<double> values) {
    const char* before = "";
    for (const double value : values) {
      data_.append(before).append(plot_number(value));
      before = " ";
    }
    data_ += '\n';
  }
  void end_block() { data_ += "EOD\n"; }

  /// The lines of a plot command.
  void plot(const std::vector<std::string>& parts) {
    for (std::size_t at = 0; at < parts.size(); ++at)
      panels_.append(at == 0 ? "plot " : ", \\\n     ").append(parts[at]);
    panels_ += '\n';
  }

  void draw(const Chart& chart) {
    check_ends(subject(chart.x.label), chart.x);
    check_ends(subject(chart.y.label), chart.y);
    if (chart.series.empty()) reject(subject(chart.title), "at least one series", "none");
    std::vector<std::string> bands;
    std::vector<std::string> marks;
    for (std::size_t number = 0; number < chart.series.size(); ++number)
      add_series(chart, number, bands, marks);
    panels_ += heading(chart.title, chart.legend) + axis_text('x', chart.x) +
               axis_text('y', chart.y) + "set grid linetype 1 linecolor rgb '#dddddd'\n";
    if (chart.square) panels_ += "set size square\n";
    if (chart.diagonal)
      panels_ +=
          "set arrow 1 from graph 0,0 to graph 1,1 nohead dashtype 2 linecolor rgb '#999999'\n";
    bands.insert(bands.end(), marks.begin(), marks.end());
    plot(bands);
  }

  void add_series(const Chart& chart, std::size_t number, std::vector<std::string>& bands,
                  std::vector<std::string>& marks) {
    const Series& series = chart.series[number];
    const std::string name = subject(series.name);
    check_lengths(name, series.x.size(), series.y.size(), series.low.size(), series.high.size());
    check_numbers(name, series.x, chart.x, false);
    for (const auto* values : {&series.y, &series.low, &series.high})
      check_numbers(name, *values, chart.y, true);
    if (std::ranges::all_of(series.y, [](double value) { return std::isnan(value); }))
      reject(name, "at least one point", "none");
    const std::string block = begin_block(number);
    const bool spread = !series.low.empty();
    for (std::size_t at = 0; at < series.x.size(); ++at) {
      if (spread)
        add_row({series.x[at], series.y[at], series.low[at], series.high[at]});
      else
        add_row({series.x[at], series.y[at]});
    }
    end_block();
    const std::string look = colour(number) + (series.dashed ? " dashtype 2" : "");
    const std::string points = point_type(number) + " pointsize 0.8";
    if (series.mark == Series::Mark::points) {
      marks.push_back(block + (spread ? " using 1:2:3:4 with yerrorbars" : " with points") +
                      points + colour(number) + title_of(series.name));
      return;
    }
    if (spread)
      bands.push_back(block + " using 1:3:4 with filledcurves" + colour(number) +
                      " fillstyle transparent solid 0.2 noborder notitle");
    marks.push_back(block + " using 1:2 with " +
                    (series.mark == Series::Mark::line ? "lines" : "linespoints" + points) +
                    " linewidth 2" + look + title_of(series.name));
  }

  void draw(const BarChart& chart) {
    check_ends(subject(chart.y.label), chart.y);
    if (chart.bars.empty() || chart.groups.empty())
      reject(subject(chart.title), "at least one group of bars", "none");
    const auto groups = static_cast<double>(chart.groups.size());
    const double width = 0.8 / static_cast<double>(chart.bars.size());
    std::vector<std::string> parts;
    bool from_zero = !chart.y.low && !chart.y.logarithmic;
    for (std::size_t number = 0; number < chart.bars.size(); ++number) {
      const Bars& bars = chart.bars[number];
      const std::string name = subject(bars.name);
      check_lengths(name, chart.groups.size(), bars.values.size(), bars.low.size(),
                    bars.high.size());
      for (const auto* values : {&bars.values, &bars.low, &bars.high}) {
        check_numbers(name, *values, chart.y, false);
        from_zero =
            from_zero && std::ranges::all_of(*values, [](double value) { return value >= 0.0; });
      }
      const std::string block = begin_block(number);
      const double offset =
          (static_cast<double>(number) - 0.5 * static_cast<double>(chart.bars.size() - 1)) * width;
      for (std::size_t group = 0; group < chart.groups.size(); ++group) {
        const double x = static_cast<double>(group) + offset;
        if (bars.low.empty())
          add_row({x, bars.values[group]});
        else
          add_row({x, bars.values[group], bars.low[group], bars.high[group]});
      }
      end_block();
      parts.push_back(block + " using 1:2:(" + rounded_text(0.9 * width, 6) + ") with boxes" +
                      colour(number) + " fillstyle solid 0.7 border" + title_of(bars.name));
      if (!bars.low.empty())
        parts.push_back(block + " using 1:3:(0):($4-$3) with vectors heads size graph 0.01,90" +
                        " linewidth 1.5 linecolor rgb '#000000' notitle");
    }
    Axis y = chart.y;
    if (from_zero) y.low = 0.0;
    panels_ += heading(chart.title, chart.legend) + axis_text('y', y);
    panels_ += "set xrange [-0.6:" + rounded_text(groups - 0.4, 6) + "]\n";
    std::size_t letters = 0;
    for (const std::string& group : chart.groups) letters += group.size() + 2;
    panels_ += 7 * letters > static_cast<std::size_t>(panel_width_)
                   ? "set xtics nomirror rotate by 30 right ("
                   : "set xtics nomirror (";
    for (std::size_t group = 0; group < chart.groups.size(); ++group)
      panels_.append(group == 0 ? "" : ", ")
          .append(tic_text(chart.groups[group]))
          .append(" ")
          .append(std::to_string(group));
    panels_ += ")\nset grid ytics linetype 1 linecolor rgb '#dddddd'\n";
    plot(parts);
  }

  void draw(const Raster& raster) {
    if (raster.steps < 1 || raster.units < 1)
      reject(subject(raster.title), "at least one step and one unit",
             std::to_string(raster.steps) + " and " + std::to_string(raster.units));
    // Something to draw, also if no unit fired.
    std::vector<std::string> parts{"NaN notitle"};
    for (std::size_t number = 0; number < raster.trains.size(); ++number) {
      const RasterTrains& trains = raster.trains[number];
      if (trains.spikes.empty()) {
        parts.push_back("NaN with lines linewidth 1.5" + colour(number) + title_of(trains.name));
        continue;
      }
      const std::string block = begin_block(number);
      for (const RasterSpike& spike : trains.spikes) {
        if (spike.step < 0 || spike.step >= raster.steps || spike.unit < 0 ||
            spike.unit >= raster.units)
          reject(subject(trains.name),
                 "spikes of " + std::to_string(raster.steps) + " steps and " +
                     std::to_string(raster.units) + " units",
                 "step " + std::to_string(spike.step) + " of unit " + std::to_string(spike.unit));
        add_row({static_cast<double>(spike.step), static_cast<double>(spike.unit)});
      }
      end_block();
      parts.push_back(block + " using 1:($2-0.4):(0):(0.8) with vectors nohead linewidth 1.5" +
                      colour(number) + title_of(trains.name));
    }
    const Axis steps{"step", -0.5, raster.steps - 0.5};
    const Axis units{"unit", -0.5, raster.units - 0.5};
    panels_ += heading(raster.title, raster.legend) + axis_text('x', steps) + axis_text('y', units);
    if (raster.steps <= 10) panels_ += "set xtics 1\n";
    if (raster.units <= 10) panels_ += "set ytics 1\n";
    plot(parts);
  }

  void draw(const Picture& image) {
    const Shape shape = image.shape;
    const std::string name = subject(image.title);
    if (shape.channels != 1 && shape.channels != 3)
      reject(name, "an image of 1 (grey) or 3 channels (red, green, blue)", shape.channels);
    if (shape.height < 1 || shape.width < 1 || shape.height > 1'024 || shape.width > 1'024)
      reject(name, "an image of 1 to 1024 rows and columns", to_string(shape));
    if (image.values.size() != static_cast<std::size_t>(shape.size()))
      reject(name, std::to_string(shape.size()) + " values of an image", image.values.size());
    if (!(image.low < image.high && std::isfinite(image.low) && std::isfinite(image.high)))
      reject(name, "a brightest value above what is black", number_text(image.high));
    const auto level = [&](std::size_t at) {
      const float share = (image.values[at] - image.low) / (image.high - image.low);
      return share > 0.0F ? std::round(255.0 * static_cast<double>(std::min(share, 1.0F))) : 0.0;
    };
    // gnuplot draws no image with a side of one pixel.
    const int copies = std::min(shape.height, shape.width) == 1 ? 2 : 1;
    const int rows = shape.height * copies;
    const int columns = shape.width * copies;
    const std::string block = begin_block(0);
    for (int row = 0; row < rows; ++row)
      for (int column = 0; column < columns; ++column) {
        const auto channels = static_cast<std::size_t>(shape.channels);
        const auto pixel =
            static_cast<std::size_t>(row / copies) * static_cast<std::size_t>(shape.width) +
            static_cast<std::size_t>(column / copies);
        const std::size_t at = pixel * channels;
        add_row({static_cast<double>(column), static_cast<double>(row), level(at),
                 level(at + channels / 2), level(at + channels - 1)});
      }
    end_block();
    panels_ += heading(image.title, Legend::none) +
               "set size ratio -1\nunset xtics\nunset ytics\n" +
               axis_text('x', {"", -0.5, columns - 0.5}) + "set yrange [" +
               number_text(rows - 0.5) + ":-0.5]\n";
    plot({block + " using 1:2:3:4:5 with rgbimage notitle"});
  }

  int panel_width_;
  int panel_ = 0;
  std::string data_;
  std::string panels_;
};

inline void check_picture_name(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos ||
      snnbd::detail::printable(name) != name)
    reject("name of a picture", "a file name that can be printed", snnbd::quoted(name));
}

}  // namespace detail

SNNBD_COLD std::string gnuplot_script(const Figure& figure, std::string_view picture) {
  detail::check_picture_name(picture);
  if (figure.panels.empty() || figure.panels.size() > 1'024)
    reject("panels of a figure", "1 to 1024", figure.panels.size());
  const auto panels = static_cast<int>(figure.panels.size());
  if (figure.columns < 0) reject("columns of a figure", "at least 0", figure.columns);
  const int columns = figure.columns == 0 ? panels : std::min(figure.columns, panels);
  const int rows = (panels + columns - 1) / columns;
  for (const int side : {figure.panel_width, figure.panel_height})
    if (side < 50 || side > 16'384) reject("side of a panel", "50 to 16384 pixels", side);
  const std::int64_t width = std::int64_t{columns} * figure.panel_width;
  const std::int64_t height =
      std::int64_t{rows} * figure.panel_height + (figure.title.empty() ? 0 : 30);
  if (std::max(width, height) > 16'384)
    reject("side of a figure", "at most 16384 pixels", std::max(width, height));

  detail::PlotScript script{figure.panel_width};
  for (const Panel& panel : figure.panels) script.add(panel);
  const std::string size = std::to_string(width) + ',' + std::to_string(height);
  std::string text =
      "# Draw it again, in its folder, with gnuplot 5.2 or later.\n"
      "set encoding utf8\n"
      "if (strstrt(GPVAL_TERMINALS, ' pngcairo ') > 0) {\n"
      "  set terminal pngcairo noenhanced font 'sans,11' background rgb '#ffffff' size ";
  text += size + "\n} else {\n  set terminal png noenhanced size " + size + "\n}\nset output " +
          detail::plot_text(picture) + '\n' + script.data();
  const bool several = panels > 1 || !figure.title.empty();
  if (several)
    text += "set multiplot layout " + std::to_string(rows) + ',' + std::to_string(columns) +
            (figure.title.empty() ? "" : " title " + detail::plot_text(figure.title)) + '\n';
  text += script.panels();
  if (several) text += "unset multiplot\n";
  return text + "unset output\n";
}

}  // namespace snnbd::inline SNNBD_ISA::report

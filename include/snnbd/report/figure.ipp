#pragma once

#include <cmath>
#include <string>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/report/figure.hpp>
#include <snnbd/statistics/moments.hpp>

namespace snnbd::inline SNNBD_ISA::report {

SNNBD_COLD Series mean_and_spread(std::string name, std::vector<double> x,
                                  const statistics::Samples& samples) {
  statistics::detail::check_samples("samples of " + snnbd::quoted(name), samples, 2);
  statistics::detail::check_features("samples of " + snnbd::quoted(name), samples,
                                     static_cast<Index>(x.size()));
  Series series{.name = std::move(name), .x = std::move(x)};
  const statistics::Row mean = statistics::mean(samples);
  for (Index point = 0; point < samples.cols(); ++point) {
    const double spread = std::sqrt((samples.col(point).array() - mean(point)).square().sum() /
                                    static_cast<double>(samples.rows() - 1));
    series.y.push_back(mean(point));
    series.low.push_back(mean(point) - spread);
    series.high.push_back(mean(point) + spread);
  }
  return series;
}

SNNBD_COLD Series roc_series(std::string name, std::span<const statistics::RocPoint> curve) {
  Series series{.name = std::move(name)};
  for (const statistics::RocPoint& point : curve) {
    series.x.push_back(point.false_positive_rate);
    series.y.push_back(point.true_positive_rate);
  }
  return series;
}

SNNBD_COLD Chart roc_chart(std::string title, std::vector<Series> curves) {
  return {.title = std::move(title),
          .x = {"false-positive rate", 0.0, 1.0},
          .y = {"true-positive rate", 0.0, 1.0},
          .series = std::move(curves),
          .legend = Legend::right_bottom,
          .diagonal = true,
          .square = true};
}

SNNBD_COLD std::vector<RasterSpike> raster_spikes(std::span<const float> values, int units) {
  if (units < 1) reject("units of a raster", "at least 1", units);
  if (values.size() % static_cast<std::size_t>(units) != 0)
    reject("values of a raster", "a whole number for each of " + std::to_string(units) + " units",
           values.size());
  std::vector<RasterSpike> spikes;
  for (std::size_t at = 0; at < values.size(); ++at)
    if (values[at] != 0.0F)
      spikes.push_back({static_cast<int>(at / static_cast<std::size_t>(units)),
                        static_cast<int>(at % static_cast<std::size_t>(units))});
  return spikes;
}

SNNBD_COLD Figure picture_grid(std::vector<Picture> images, int columns, std::string title) {
  Figure figure{
      .title = std::move(title), .columns = columns, .panel_width = 200, .panel_height = 220};
  for (Picture& image : images) figure.panels.emplace_back(std::move(image));
  return figure;
}

}  // namespace snnbd::inline SNNBD_ISA::report

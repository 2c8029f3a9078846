#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>

#include <snnbd/data/runtime_set.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/stage/spike_activity.hpp>
#include <snnbd/statistics/matrix.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

namespace detail {

/// The running sums over the steps of the means over the units, [sample, step].
inline std::vector<double> running_means(const Tensor<float, 3>& voltage) {
  const Index samples = voltage.dimension(0);
  const Index steps = voltage.dimension(1);
  const Index units = voltage.dimension(2);
  std::vector<double> course;
  for (Index sample = 0; sample < samples; ++sample) {
    double sum = 0.0;
    for (Index step = 0; step < steps; ++step) {
      const float* const values = voltage.data() + (sample * steps + step) * units;
      sum += std::accumulate(values, values + units, 0.0) / static_cast<double>(units);
      course.push_back(sum);
    }
  }
  return course;
}

/// The mean distance of the units' means, in deviations of the first over its samples.
inline double separation(const Tensor<float, 2>& clean, const Tensor<float, 2>& other) {
  const auto samples = static_cast<double>(clean.dimension(0));
  double sum = 0.0;
  int varying = 0;
  for (Index unit = 0; unit < clean.dimension(1); ++unit) {
    double mean = 0.0;
    double squares = 0.0;
    double mean_other = 0.0;
    for (Index sample = 0; sample < clean.dimension(0); ++sample) {
      const auto value = static_cast<double>(clean(sample, unit));
      mean += value / samples;
      squares += value * value / samples;
    }
    for (Index sample = 0; sample < other.dimension(0); ++sample)
      mean_other +=
          static_cast<double>(other(sample, unit)) / static_cast<double>(other.dimension(0));
    const double variance = squares - mean * mean;
    if (!(variance > 1e-12 * (1.0 + squares))) continue;
    sum += std::abs(mean_other - mean) / std::sqrt(variance);
    ++varying;
  }
  return varying == 0 ? 0.0 : sum / varying;
}

inline report::Series course_series(std::string name, const SpikeActivity::Activity& activity) {
  std::vector<double> steps(static_cast<std::size_t>(activity.steps));
  std::iota(steps.begin(), steps.end(), 1.0);
  return report::mean_and_spread(
      std::move(name), std::move(steps),
      statistics::matrix_of(std::span<const double>{activity.course}, activity.total.dimension(0)));
}

inline report::Raster raster_of(std::string title, const SpikeActivity::Activity& activity,
                                int most) {
  const auto all = static_cast<int>(activity.total.dimension(1));
  report::Raster raster{.title = std::move(title),
                        .steps = static_cast<int>(activity.steps),
                        .units = std::min(all, most)};
  std::vector<report::RasterSpike> spikes = report::raster_spikes(activity.spikes, all);
  std::erase_if(spikes, [&](const report::RasterSpike& spike) { return spike.unit >= most; });
  raster.trains.push_back({.name = {}, .spikes = std::move(spikes)});
  return raster;
}

}  // namespace detail

SNNBD_COLD SpikeActivity::Activity SpikeActivity::observe(const NetworkProbe& probe,
                                                          const Context& context) const {
  if (samples < 2) reject("samples of spike activity", "at least 2", samples);
  if (units < 1) reject("units of spike activity", "at least 1", units);
  const data::Selection shown{context.tests.triggered(),
                              detail::triggered_trials(context.tests, samples)};
  const int layer = place < 0 ? probe.last_place() : place;
  const Tensor<float, 3> voltage = probe.over_time(shown, layer, network::Quantity::voltage);
  const Tensor<float, 3> fired = probe.over_time(shown, layer, network::Quantity::spikes);
  Activity activity;
  activity.steps = voltage.dimension(1);
  activity.total = Tensor<float, 2>{voltage.dimension(0), voltage.dimension(2)};
  kernels::sum_over_time<float>({voltage.data(),
                                 {voltage.dimension(0), voltage.dimension(1)},
                                 {1, 1, static_cast<int>(voltage.dimension(2))}},
                                1.0F, activity.total.data());
  activity.course = detail::running_means(voltage);
  const Index first = fired.dimension(1) * fired.dimension(2);
  activity.spikes.assign(fired.data(), fired.data() + first);
  activity.rate = std::accumulate(fired.data(), fired.data() + fired.size(), 0.0) /
                  static_cast<double>(fired.size());
  return activity;
}

SNNBD_COLD void SpikeActivity::compare(const Activity& clean, const Activity& backdoored,
                                       Context& context) const {
  report::Fields& fields = context.cells.back().extra;
  fields.set("activity_separation", detail::separation(clean.total, backdoored.total))
      .set("activity_rate", backdoored.rate)
      .set("activity_rate_clean", clean.rate);
  if (context.out.empty()) return;
  report::Chart chart;
  chart.title = "cumulative voltage under triggered samples";
  chart.x.label = "step";
  chart.y.label = "mean over the units";
  chart.legend = report::Legend::left_top;
  chart.series = {detail::course_series("clean network", clean),
                  detail::course_series("backdoored network", backdoored)};
  report::Figure figure;
  figure.panels.emplace_back(std::move(chart));
  figure.panels.emplace_back(detail::raster_of("spikes, clean network", clean, units));
  figure.panels.emplace_back(detail::raster_of("spikes, backdoored network", backdoored, units));
  detail::draw(context, "activity/" + context.stem, figure, "activity_picture", fields);
}

}  // namespace snnbd::inline SNNBD_ISA::stage

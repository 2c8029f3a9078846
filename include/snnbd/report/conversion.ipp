#pragma once

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

#include <snnbd/core/number.hpp>
#include <snnbd/report/conversion.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

inline double smallest_threshold(const learn::ConvertedLayer& layer) {
  if (layer.channels.empty()) return layer.threshold;
  return *std::min_element(layer.channels.begin(), layer.channels.end());
}

inline std::string places(double number) {
  const std::string text = decimal_text(number, 4);
  return text == "-0.0000" ? "0.0000" : text;
}

inline std::string percent(double share) {
  return decimal_text(100.0 * share, 2);
}

/// The threshold, or the smallest and the largest if channels differ.
inline std::string threshold_text(const learn::ConvertedLayer& layer) {
  std::string largest = rounded_text(layer.threshold, 4);
  if (layer.channels.empty()) return largest;
  return rounded_text(smallest_threshold(layer), 4) + ".." + largest;
}

inline Table numbers_under(std::initializer_list<const char*> headings) {
  std::vector<Table::Column> columns;
  for (const char* const heading : headings) columns.push_back({heading, Table::Align::right});
  return Table{std::move(columns)};
}

/// A value of each layer.
template <class Get>
std::vector<double> column(const learn::ConversionReport& conversion, const Get& get) {
  std::vector<double> values;
  for (const learn::LayerReport& layer : conversion.layers)
    values.push_back(static_cast<double>(get(layer)));
  return values;
}

}  // namespace detail

SNNBD_COLD Table rates_of(const learn::ConversionReport& conversion) {
  using detail::percent;
  using detail::places;
  Table table = detail::numbers_under({"layer", "neurons", "threshold", "activation", "rate",
                                       "relative error %", "clipped %", "silent %", "idle %"});
  for (const learn::LayerReport& layer : conversion.layers)
    table.add({std::to_string(layer.layer.number), std::to_string(layer.neurons),
               detail::threshold_text(layer.layer), places(layer.activation), places(layer.rate),
               percent(layer.relative_error), percent(layer.clipped), percent(layer.silent),
               percent(layer.idle)});
  return table;
}

SNNBD_COLD Table errors_of(const learn::ConversionReport& conversion) {
  Table table =
      detail::numbers_under({"layer", "clipping", "quantization", "residual", "error",
                             "rms clipping", "rms quantization", "rms residual", "rms error"});
  for (const learn::LayerReport& layer : conversion.layers) {
    std::vector<std::string> texts{std::to_string(layer.layer.number)};
    const std::array parts{layer.clipping, layer.quantization, layer.residual, layer.error};
    for (const learn::Spread& part : parts) texts.push_back(detail::places(part.mean));
    for (const learn::Spread& part : parts) texts.push_back(detail::places(part.rms));
    table.add(std::move(texts));
  }
  return table;
}

SNNBD_COLD std::string to_text(const learn::ConversionReport& conversion, std::size_t width) {
  return conversion.normalizer + ", " + std::to_string(conversion.steps) + " steps, " +
         std::to_string(conversion.samples) + " samples\n\n" + rates_of(conversion).text(width) +
         "\n" + errors_of(conversion).text(width) + "\noutputs: rms error " +
         rounded_text(conversion.output_error.rms, 4) + " (" +
         detail::percent(conversion.relative_output_error) + " %), same prediction for " +
         detail::percent(conversion.agreement) + " %\n";
}

SNNBD_COLD Fields fields_of(const learn::ConversionReport& conversion) {
  using learn::LayerReport;
  Fields fields;
  fields.set("normalizer", conversion.normalizer)
      .set("samples", conversion.samples)
      .set("steps", conversion.steps)
      .set("output_mean_error", conversion.output_error.mean)
      .set("output_rms_error", conversion.output_error.rms)
      .set("output_relative_error", conversion.relative_output_error)
      .set("agreement", conversion.agreement);
  const auto list = [&](const char* name, const auto& get) {
    fields.set(name, detail::column(conversion, get));
  };
  list("neurons", [](const LayerReport& layer) { return layer.neurons; });
  list("threshold", [](const LayerReport& layer) { return layer.layer.threshold; });
  list("smallest_threshold",
       [](const LayerReport& layer) { return detail::smallest_threshold(layer.layer); });
  list("start", [](const LayerReport& layer) { return layer.start; });
  list("activation", [](const LayerReport& layer) { return layer.activation; });
  list("rate", [](const LayerReport& layer) { return layer.rate; });
  list("mean_error", [](const LayerReport& layer) { return layer.error.mean; });
  list("mean_clipping", [](const LayerReport& layer) { return layer.clipping.mean; });
  list("mean_quantization", [](const LayerReport& layer) { return layer.quantization.mean; });
  list("mean_residual", [](const LayerReport& layer) { return layer.residual.mean; });
  list("rms_error", [](const LayerReport& layer) { return layer.error.rms; });
  list("rms_clipping", [](const LayerReport& layer) { return layer.clipping.rms; });
  list("rms_quantization", [](const LayerReport& layer) { return layer.quantization.rms; });
  list("rms_residual", [](const LayerReport& layer) { return layer.residual.rms; });
  list("relative_error", [](const LayerReport& layer) { return layer.relative_error; });
  list("clipped", [](const LayerReport& layer) { return layer.clipped; });
  list("silent", [](const LayerReport& layer) { return layer.silent; });
  list("idle", [](const LayerReport& layer) { return layer.idle; });
  for (const LayerReport& layer : conversion.layers) {
    std::vector<double> rates;
    for (const learn::RatePoint& point : layer.curve) rates.push_back(point.rate);
    fields.set("rates_of_layer_" + std::to_string(layer.layer.number), rates);
  }
  return fields;
}

}  // namespace snnbd::inline SNNBD_ISA::report

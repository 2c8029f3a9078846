#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/augment.hpp>
#include <snnbd/learn/conversion/conversion_report.hpp>
#include <snnbd/report/conversion.hpp>
#include <snnbd/report/csv.hpp>
#include <snnbd/report/json.hpp>
#include <snnbd/report/manifest.hpp>
#include <snnbd/report/png.hpp>
#include <snnbd/report/progress.hpp>
#include <snnbd/report/table.hpp>

#include "../core/comma.hpp"

using namespace snnbd;

namespace {

report::Report study() {
  report::Report result;
  result.experiment = "study";
  result.settings.set("rate", 0.0001).set("samples", 1234567).set("share", 0.25F);
  report::Cell cell;
  cell.rule = "LR_B";
  cell.timesteps = 1234;
  cell.poisoning_rate = 0.125;
  cell.acc = metric::Rate{9'999, 10'000};
  cell.mr = 1234.5678;
  cell.seconds = 123'456.7;
  cell.extra.set("list", std::vector<double>{0.5, 1e-7, 12345.0});
  result.cells = {cell};
  return result;
}

learn::ConversionReport conversion() {
  learn::ConversionReport result{"max_norm", 1000, 16, {}};
  learn::LayerReport layer;
  layer.layer = {1, 3, 1.5};
  layer.neurons = 12'345;
  layer.activation = 0.25;
  result.layers = {layer};
  result.output_error = {0.0, 0.75};
  return result;
}

/// Whatever the library writes of numbers, in one text.
std::string everything() {
  const report::Report report = study();
  std::string text = report::to_text(report) + report::to_markdown(report) +
                     report::to_csv(report) + report::to_json(report) +
                     report::to_text(conversion()) + report::training_status(0.4321, 98.7) +
                     report::duration_text(12'345.6) + report::utc_text(1'700'000'000) +
                     data::CropAndFlip{.padding = 4, .flip = 0.25}.describe();
  for (const std::byte byte : report::encode_png(std::vector<float>(12, 0.3F), Shape{2, 2, 3}))
    text += static_cast<char>(byte);
  return text;
}

}  // namespace

TEST_CASE("Reports are the same where the locale has a comma", "[report]") {
  const std::string expected = everything();
  const snnbd_tests::Comma comma;
  // Streams of C++ have the comma on every system.
  if (!snnbd_tests::Comma::in_c())
    WARN("no locale with a comma is installed: what C prints is not checked");
  CHECK(everything() == expected);
}

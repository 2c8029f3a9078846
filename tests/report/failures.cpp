#include "../core/failures.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/report/csv.hpp>
#include <snnbd/report/json.hpp>
#include <snnbd/report/png.hpp>

using namespace snnbd;
using snnbd_tests::check_writer;

namespace {

report::Report study() {
  report::Report result;
  result.experiment = "an experiment with a long name";
  result.settings.set("epochs", 3).set("rate", 0.1);
  report::Cell cell;
  cell.rule = "LR_B with a long name that needs memory";
  cell.acc = metric::Rate{1, 2};
  cell.extra.set("list", std::vector<double>{0.5, 0.25});
  result.cells = {cell, cell};
  return result;
}

}  // namespace

TEST_CASE("Whatever fails while results are written as JSON, the previous ones stay", "[report]") {
  const report::Report report = study();
  check_writer([&](const std::string& path) { report::Json{path}.write(report); });
}

TEST_CASE("Whatever fails while results are written as CSV, the previous ones stay", "[report]") {
  const report::Report report = study();
  check_writer([&](const std::string& path) { report::Csv{path}.write(report); });
}

TEST_CASE("Whatever fails while an image is written, the previous one stays", "[report]") {
  const std::vector<float> pixels(2 * 3 * 4, 0.5F);
  check_writer([&](const std::string& path) { report::write_png(path, pixels, Shape{2, 3, 1}); });
}

#include <sstream>
#include <variant>

#include <catch2/catch.hpp>

#include <snnbd/report/conversion.hpp>

using namespace snnbd;

namespace {

learn::ConversionReport example() {
  learn::ConversionReport conversion{"max_norm", 100, 16, {}};
  for (int number = 0; number < 2; ++number) {
    learn::LayerReport layer;
    layer.layer = {number, 3 * number, 1.5 + number};
    layer.neurons = 10;
    layer.activation = 0.25;
    layer.rate = 0.125;
    layer.error = {0.125, 0.5};
    layer.relative_error = 0.0725;
    layer.curve = {{3, 0.0, 0.0}, {7, 0.5, 0.25}};
    conversion.layers.push_back(layer);
  }
  conversion.output_error = {0.0, 0.75};
  conversion.relative_output_error = 0.031;
  conversion.agreement = 0.96;
  return conversion;
}

}  // namespace

TEST_CASE("A conversion prints rows for each layer and a line on the outputs", "[report]") {
  const std::string text = report::to_text(example());
  CHECK_THAT(text, Catch::StartsWith("max_norm, 16 steps, 100 samples\n"));
  CHECK_THAT(text, Catch::Contains("0.2500") && Catch::Contains("0.1250") &&
                       Catch::Contains("7.25") && Catch::Contains("2.5"));
  CHECK_THAT(text, Catch::EndsWith("outputs: rms error 0.75 (3.10 %), same prediction for "
                                   "96.00 %\n"));
  CHECK_THAT(report::errors_of(example()).markdown(), Catch::Contains("rms residual"));
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 120);

  auto channels = example();
  channels.layers[1].layer.channels = {0.5, 2.5, 1.0};
  channels.layers[1].residual = {-1e-9, 1e-9};
  CHECK_THAT(report::to_text(channels), Catch::Contains("0.5..2.5") && !Catch::Contains("-0.0000"));
}

TEST_CASE("A conversion gives fields with a value for each layer", "[report]") {
  const report::Fields fields = report::fields_of(example());
  const auto list = [&](const char* name) {
    const report::Value* const value = fields.find(name);
    REQUIRE(value != nullptr);
    return std::get<std::vector<double>>(*value);
  };
  CHECK(list("threshold") == std::vector<double>{1.5, 2.5});
  CHECK(list("smallest_threshold") == std::vector<double>{1.5, 2.5});
  CHECK(list("rms_error") == std::vector<double>{0.5, 0.5});
  CHECK(list("rates_of_layer_1") == std::vector<double>{0.0, 0.25});
  CHECK(std::get<double>(*fields.find("agreement")) == 0.96);
  CHECK(std::get<std::int64_t>(*fields.find("steps")) == 16);
}

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <catch2/catch.hpp>

#include <snnbd/core/members.hpp>
#include <snnbd/report/stealth.hpp>

namespace metric = snnbd::metric;
namespace report = snnbd::report;

TEST_CASE("Every figure of the stealth of a recording is reported", "[report]") {
  const metric::EventStealth found{1, 2, 3, 4, 5, 6, 7, 8, 9.0, 10.0, 11, 12.0, 13.0};
  report::Fields fields;
  report::add_stealth(fields, found);
  CHECK(fields.size() == 13);
  // In the order of the members, by their names.
  auto field = fields.begin();
  snnbd::members::for_each(found, [&](std::string_view name, const auto& value) {
    CHECK(field->first == "recording_" + std::string{name});
    CHECK(field->second == report::make_value(value));
    ++field;
  });
  CHECK(field == fields.end());
}

TEST_CASE("The mean of several recordings is reported by the same names", "[report]") {
  report::Fields one;
  report::Fields mean;
  report::add_stealth(one, metric::EventStealth{});
  report::add_stealth(mean, metric::MeanEventStealth{.moved = 2.5});
  REQUIRE(mean.size() == one.size());
  auto field = one.begin();
  for (const auto& [name, value] : mean) {
    CHECK(name == field->first);
    ++field;
  }
  CHECK(std::get<double>(*mean.find("recording_moved")) == 2.5);
}

TEST_CASE("Figures that a trigger without effect has not are absent", "[report]") {
  report::Fields fields;
  report::add_stealth(fields, metric::Stealth{.samples = 3});
  CHECK(std::get<std::uint64_t>(*fields.find("stealth_samples")) == 3);
  CHECK(std::holds_alternative<std::monostate>(*fields.find("psnr")));
  CHECK(std::get<double>(*fields.find("ssim")) == 1.0);
}

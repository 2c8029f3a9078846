#include <cstdint>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/event/prophesee.hpp>

#include "event_bytes.hpp"

using namespace snnbd_tests;
namespace event = snnbd::event;

namespace {

EventBytes& add(EventBytes& file, std::uint32_t stamp, std::uint32_t x, std::uint32_t y,
                std::uint32_t polarity) {
  return file.little(stamp, 4).little(x | y << 14U | polarity << 28U, 4);
}

EventBytes with_header(const std::string& lines, unsigned kind = 12, unsigned size = 8) {
  EventBytes file;
  file.text(lines).little(kind, 1).little(size, 1);
  return file;
}

}  // namespace

TEST_CASE("A .dat of Prophesee gives its sensor and its events", "[event]") {
  for (const unsigned kind : {0U, 12U}) {
    EventBytes file = with_header(
        "% Data file containing CD events\n% Version 2\n% Date 2020-09-14 14:18:29\n% Width 304\n"
        "% Height 240\r\n",
        kind);
    add(file, 37, 303, 239, 1);
    add(file, 4'000'000'000U, 0, 1, 0);
    add(file, 5, 16, 17, 1);
    add(file, 6, 304, 0, 1);
    add(file, 6, 0, 240, 1);
    const auto found = recording_of(file, "car.dat");
    CHECK(found.sensor == event::Sensor{304, 240});
    CHECK(found.events == Events{{37, 303, 239, 1},
                                 {4'000'000'000, 0, 1, 0},
                                 {(std::int64_t{1} << 32U) + 5, 16, 17, 1}});
    CHECK(found.findings.outside == 2);
    CHECK(found.findings.overflows == 1);
    check_any_buffer(file, "car.dat");
  }
}

TEST_CASE("A .dat without its sensor gives all events", "[event]") {
  EventBytes file = with_header("% Version 2\n% Width 304\n");
  add(file, 1, 16'383, 16'383, 1);
  const auto found = recording_of(file, "car.dat");
  CHECK_FALSE(found.sensor.is_known());
  CHECK(found.events == Events{{1, 16'383, 16'383, 1}});
  event::ReadOptions options;
  options.sensor = {304, 240};
  CHECK(recording_of(file, "car.dat", options).findings.outside == 1);
}

TEST_CASE("Damaged and unknown .dat files are refused", "[event]") {
  CHECK_THAT(refusal(with_header("% Version 3\n"), "car.dat"),
             Catch::Contains("expected version 2, found 3"));
  CHECK_THAT(refusal(with_header("% Width 0\n"), "car.dat"), Catch::Contains("1 to 16384"));
  CHECK_THAT(refusal(with_header("% Height 20000\n"), "car.dat"), Catch::Contains("1 to 16384"));
  CHECK_THAT(refusal(with_header("% Width 3x\n"), "car.dat"), Catch::Contains("found '3x'"));
  CHECK_THAT(refusal(with_header("% Version 2\n", 14), "car.dat"),
             Catch::Contains("found kind 14 and 8 bytes"));
  CHECK_THAT(refusal(with_header("% Version 2\n", 12, 16), "car.dat"),
             Catch::Contains("found kind 12 and 16 bytes"));
  CHECK_THAT(refusal(with_header("% Version 2\n").cut(1), "car.dat"),
             Catch::Contains("the kind and the size of the events, found its end"));
  EventBytes file = with_header("% Version 2\n");
  CHECK_THAT(refusal(add(file, 1, 2, 3, 1).cut(3), "car.dat"),
             Catch::Contains("found 5 bytes more at byte 14"));
  event::ReadOptions options;
  options.format = event::Format::prophesee;
  CHECK_THAT(refusal(EventBytes{}, "car.dat", options),
             Catch::Contains("begin with %, found none"));
}

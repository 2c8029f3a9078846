#include <cstdint>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/core/file.hpp>
#include <snnbd/event/atis.hpp>

#include "../core/failures.hpp"
#include "event_bytes.hpp"

using namespace snnbd_tests;
namespace event = snnbd::event;

namespace {

EventBytes& add(EventBytes& file, unsigned x, unsigned y, unsigned on, std::uint32_t stamp) {
  return file.big(x, 1).big(y, 1).big(on << 23U | stamp, 3);
}

/// Two events, an overflow, one event, two overflows, one event in the last row and column.
EventBytes with_markers() {
  EventBytes file;
  add(file, 10, 30, 1, 0x01'02'03);
  add(file, 33, 0, 0, 0x7F'FF'FF);
  add(file, 7, 240, 1, 5);
  add(file, 1, 2, 0, 16);
  add(file, 0, 240, 0, 0);
  add(file, 0, 240, 0, 0);
  add(file, 255, 255, 1, 1);
  return file;
}

}  // namespace

TEST_CASE("An ATIS file has five bytes an event, and markers move all later times", "[event]") {
  const auto found = recording_of(with_markers(), "digit.bin");
  CHECK(found.events == Events{{0x01'02'03, 10, 30, 1},
                               {0x7F'FF'FF, 33, 0, 0},
                               {16 + 8192, 1, 2, 0},
                               {1 + 3 * 8192, 255, 255, 1}});
  CHECK(found.findings.events == 4);
  CHECK(found.findings.overflows == 3);
  CHECK(found.findings.backwards == 1);
  CHECK_FALSE(found.sensor.is_known());
  check_any_buffer(with_markers(), "digit.bin");
}

TEST_CASE("Markers of an ATIS file are events if they are asked for, as SpikingJelly has them",
          "[event]") {
  event::ReadOptions options;
  options.overflow_markers = false;
  const auto found = recording_of(with_markers(), "digit.bin", options);
  REQUIRE(found.events.size() == 7);
  CHECK(found.events[2] == Event{5, 7, 240, 1});
  CHECK(found.events[3] == Event{16, 1, 2, 0});
  CHECK(found.events[6] == Event{1, 255, 255, 1});
  CHECK(found.findings.overflows == 0);
  CHECK(found.findings.repeated == 1);
}

TEST_CASE("Events outside of a sensor are left out and counted, markers are not among them",
          "[event]") {
  event::ReadOptions options;
  options.sensor = {33, 31};
  const auto found = recording_of(with_markers(), "digit.bin", options);
  CHECK(found.events == Events{{0x01'02'03, 10, 30, 1}, {16 + 8192, 1, 2, 0}});
  CHECK(found.findings.outside == 2);
  CHECK(found.findings.overflows == 3);
  CHECK(found.sensor == event::Sensor{33, 31});
  check_any_buffer(with_markers(), "digit.bin", options);
}

TEST_CASE("An ATIS file may be empty, and must not end within an event", "[event]") {
  CHECK(recording_of(EventBytes{}, "empty.bin").events.empty());
  for (std::size_t missing = 1; missing < 5; ++missing)
    CHECK(refusal(with_markers().cut(missing), "digit.bin") ==
          "digit.bin: expected records of 5 bytes up to its end, found " +
              std::to_string(5 - missing) + (missing == 4 ? " byte" : " bytes") +
              " more at byte 30");
}

TEST_CASE("Written ATIS files are read as they were, and what has no room is refused", "[event]") {
  const Folder folder;
  const std::string path = folder.at("poisoned.bin");
  const Events events{{0, 0, 0, 0}, {8'388'607, 255, 239, 1}, {5, 10, 20, 1}, {5, 10, 20, 1}};
  event::write_atis(path, events);
  const auto found = event::read(path);
  CHECK(found.events == events);
  CHECK(found.findings.backwards == 1);
  CHECK(found.findings.repeated == 1);
  CHECK(found.findings.overflows == 0);
  event::write_atis(path, {});
  CHECK(event::read(path).events.empty());
  const auto refused = [&](const Event& one, const std::string& expected) {
    CHECK_THROWS_WITH(event::write_atis(path, Events{{1, 1, 1, 1}, one}),
                      Catch::Contains(path + ", event 1: expected " + expected));
  };
  refused({0, 256, 0, 0}, "a pixel within 256x240");
  refused({0, 0, 240, 0}, "a pixel within 256x240");
  refused({8'388'608, 0, 0, 0}, "a time of 0 to 8388607");
  refused({-1, 0, 0, 0}, "a time of 0 to 8388607");
  refused({0, 0, 0, 2}, "a polarity of 0 or 1");
  CHECK(event::read(path).events.empty());
}

TEST_CASE("Whatever fails while an ATIS file is written, the previous one stays", "[event]") {
  check_writer([](const std::string& path) {
    event::write_atis(path, Events(1000, Event{1, 2, 3, 1}));
  });
}

#include <cstdint>
#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/event/aedat3.hpp>

#include "event_bytes.hpp"

using namespace snnbd_tests;
namespace event = snnbd::event;

namespace {

constexpr const char* header =
    "#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n"
    "#Start-Time: 2026-01-01 00:00:00 (TZ+0000)\r\n#!END-HEADER\r\n";

struct Packet {
  std::uint32_t type = 1;
  std::uint32_t source = 1;
  std::uint32_t size = 8;
  std::uint32_t offset = 4;
  std::uint32_t overflow = 0;
  std::uint32_t capacity = 0;
  std::uint32_t number = 0;
  std::uint32_t valid = 0;
};

EventBytes& add(EventBytes& file, const Packet& packet) {
  file.little(packet.type, 2).little(packet.source, 2);
  for (const std::uint32_t field :
       {packet.size, packet.offset, packet.overflow, packet.capacity, packet.number, packet.valid})
    file.little(field, 4);
  return file;
}

EventBytes& add(EventBytes& file, std::uint32_t x, std::uint32_t y, std::uint32_t on,
                std::uint32_t valid, std::uint32_t stamp) {
  return file.little(x << 17U | y << 2U | on << 1U | valid, 4).little(stamp, 4);
}

/// Packets of events, of frames, of nothing, and of events behind an overflow; the first claims a
/// capacity that is not there, and one event that is not valid.
EventBytes recording() {
  EventBytes file;
  file.text(header);
  add(file, Packet{.capacity = 100, .number = 3, .valid = 2});
  add(file, 1, 2, 1, 1, 50);
  add(file, 3, 4, 1, 0, 55);
  add(file, 127, 127, 0, 1, 0x7FFF'FFFF);
  add(file, Packet{.type = 2, .size = 20, .offset = 12, .capacity = 2, .number = 2, .valid = 2});
  for (int byte = 0; byte < 40; ++byte) file.little(0xAB, 1);
  add(file, Packet{});
  add(file, Packet{.overflow = 3, .capacity = 2, .number = 2, .valid = 1});
  add(file, 128, 0, 1, 1, 1);
  add(file, 0, 5, 1, 1, 2);
  return file;
}

std::string refused(const Packet& packet, std::size_t events) {
  EventBytes file;
  file.text(header);
  add(file, packet);
  for (std::size_t i = 0; i < events; ++i) add(file, 1, 1, 1, 1, 1);
  return refusal(file, "a.aedat");
}

}  // namespace

TEST_CASE("Packets of AEDAT 3 give their valid polarity events", "[event]") {
  const auto found = recording_of(recording(), "a.aedat");
  CHECK(found.events == Events{{50, 1, 2, 1},
                               {0x7FFF'FFFF, 127, 127, 0},
                               {3 * (std::int64_t{1} << 31U) + 2, 0, 5, 1}});
  CHECK(found.sensor == event::Sensor{128, 128});
  CHECK(found.findings ==
        event::Findings{.events = 3, .outside = 1, .invalid = 1, .overflows = 3, .others = 2});
  check_any_buffer(recording(), "a.aedat");
}

TEST_CASE("Events without their bit are valid if their packet says so of all", "[event]") {
  EventBytes file;
  file.text(header);
  add(file, Packet{.number = 2, .valid = 2});
  add(file, 1, 2, 1, 0, 50);
  add(file, 3, 4, 0, 1, 51);
  CHECK(recording_of(file, "a.aedat").events == Events{{50, 1, 2, 1}, {51, 3, 4, 0}});
}

TEST_CASE("AEDAT 3.0 counts rows from the bottom and may leave the header's end out", "[event]") {
  for (const char* end : {"", "#!END-HEADER\r\n"}) {
    EventBytes file;
    file.text("#!AER-DAT3.0\r\n#Format: RAW\r\n#Source 2: DAVIS240C\r\n").text(end);
    add(file, Packet{.source = 2, .number = 3, .valid = 3});
    add(file, 5, 0, 1, 1, 7);
    add(file, 6, 179, 0, 1, 8);
    add(file, 7, 180, 0, 1, 9);
    const auto found = recording_of(file, "a.aedat");
    CHECK(found.events == Events{{7, 5, 179, 1}, {8, 6, 0, 0}});
    CHECK(found.findings.outside == 1);
    check_any_buffer(file, "a.aedat");
    event::ReadOptions as_it_is;
    as_it_is.convention = event::Convention::spikingjelly;
    CHECK(recording_of(file, "a.aedat", as_it_is).events == Events{{7, 5, 0, 1}, {8, 6, 179, 0}});
  }
  EventBytes unknown;
  unknown.text("#!AER-DAT3.0\r\n#Source 1: Test\r\n");
  CHECK_THAT(refusal(unknown, "a.aedat"), Catch::Contains("rows from the bottom"));
  event::ReadOptions told;
  told.sensor = {10, 20};
  add(add(unknown, Packet{.number = 1, .valid = 1}), 9, 0, 1, 1, 1);
  CHECK(recording_of(unknown, "a.aedat", told).events == Events{{1, 9, 19, 1}});
}

TEST_CASE("Packets of AEDAT 3 that lie are refused", "[event]") {
  const std::string packet =
      "a.aedat, packet at byte " + std::to_string(std::string{header}.size()) + ": expected ";
  const auto begins_with = [&](const std::string& text) {
    return Catch::StartsWith(packet + text);
  };
  CHECK(refused({.number = 2, .valid = 2}, 2) == "accepted");
  CHECK_THAT(refused({.number = 3, .valid = 2}, 2),
             begins_with("8 more bytes, as it says, found 0"));
  CHECK_THAT(refused({.number = 0x7FFF'FFFF, .valid = 2}, 2),
             begins_with("17179869160 more bytes, as it says, found 0"));
  CHECK_THAT(refused({.number = 0x8000'0000, .valid = 2}, 2), begins_with("sizes and numbers"));
  CHECK_THAT(refused({.overflow = 0x8000'0000, .number = 2, .valid = 2}, 2),
             begins_with("sizes and numbers"));
  CHECK_THAT(refused({.number = 2, .valid = 3}, 2), begins_with("at most 2 valid events, found 3"));
  CHECK_THAT(refused({.size = 16, .number = 1, .valid = 1}, 2),
             begins_with("polarity events of 8 bytes"));
  CHECK_THAT(refused({.size = 0, .number = 1, .valid = 1}, 2),
             begins_with("polarity events of 8 bytes"));
  CHECK_THAT(refused({.offset = 0, .number = 1, .valid = 1}, 1),
             begins_with("polarity events of 8 bytes"));
  CHECK_THAT(refused({.type = 3, .size = 0x7FFF'FFFF, .number = 0x7FFF'FFFF}, 1),
             begins_with("4611686014132420609 more bytes, as it says, found 8"));
  EventBytes signs;
  signs.text(header);
  add(add(signs, Packet{.number = 1, .valid = 1}), 1, 1, 1, 1, 0x8000'0000U);
  CHECK_THAT(refusal(signs, "a.aedat"), begins_with("time stamps of 31 bits"));
  EventBytes sources;
  sources.text(header);
  add(add(sources, Packet{.number = 1, .valid = 1}), 1, 1, 1, 1, 1);
  add(add(sources, Packet{.source = 9, .number = 1, .valid = 1}), 1, 1, 1, 1, 1);
  CHECK_THAT(refusal(sources, "a.aedat"), Catch::Contains("events of one source, 1, found 9"));
}

TEST_CASE("Files of AEDAT 3 that end early are refused", "[event]") {
  const EventBytes whole = recording();
  // The header may lack its last line break. Whole packets end after the header and after 28 + 3 *
  // 8, 28 + 40, 28 and 28 + 2 * 8 bytes.
  const std::size_t first = std::string{header}.size();
  for (std::size_t kept = 14; kept < whole.size(); ++kept) {
    EventBytes file = whole;
    file.cut(whole.size() - kept);
    const bool complete = kept + 2 == first || kept + 1 == first || kept == first ||
                          kept == first + 52 || kept == first + 120 || kept == first + 148;
    CHECK((refusal(file, "a.aedat") == "accepted") == complete);
  }
}

TEST_CASE("Headers of AEDAT 3 that are packed or of other files are refused", "[event]") {
  EventBytes packed;
  packed.text("#!AER-DAT3.1\r\n#Format: SerializedTS\r\n#!END-HEADER\r\n");
  CHECK(refusal(packed, "a.aedat") ==
        "a.aedat, header: expected the format RAW, found '#Format: SerializedTS'");
  EventBytes other;
  CHECK_THAT(refusal(other.text("#!AER-DAT3.7\r\n"), "a.aedat"), Catch::Contains("AER-DAT3.1"));
  EventBytes endless;
  CHECK(refusal(endless.text("#!AER-DAT3.1\r\n#Format: RAW\r\n"), "a.aedat") ==
        "a.aedat, header: expected a line #!END-HEADER, found its end");
}

TEST_CASE("The test recording in AEDAT 3.1 has its twelve events", "[event]") {
  const char* folder = std::getenv("SNNBD_DATA");
  if (folder == nullptr) {
    WARN("left out: SNNBD_DATA names no folder with real data");
    return;
  }
  const std::string path = std::string{folder} + "/aedat31/aedat1_for_testing.aedat";
  const auto found = event::read(path);
  CHECK(found.events == Events{{10, 0, 0, 1},
                               {25, 10, 20, 0},
                               {38, 120, 59, 1},
                               {48, 5, 9, 0},
                               {59, 9, 5, 1},
                               {102'865, 15, 19, 1},
                               {102'898, 28, 36, 0},
                               {119'579, 32, 44, 1},
                               {126'562, 45, 59, 1},
                               {2'068'981, 127, 127, 0},
                               {2'157'619, 0, 15, 1},
                               {2'178'812, 1, 1, 1}});
}

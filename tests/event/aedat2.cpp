#include <cstdint>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/event/aedat2.hpp>

#include "../core/failures.hpp"
#include "event_bytes.hpp"

using namespace snnbd_tests;
namespace event = snnbd::event;

namespace {

constexpr const char* version = "#!AER-DAT2.0\r\n";
constexpr const char* davis =
    "#!AER-DAT2.0\r\n# AEChip: eu.seebetter.ini.chips.davis.DAVIS240C\r\n";

std::uint32_t dvs128(std::uint32_t raw_x, std::uint32_t raw_y, std::uint32_t bit) {
  return raw_y << 8U | raw_x << 1U | bit;
}

std::uint32_t davis240(std::uint32_t raw_x, std::uint32_t raw_y, std::uint32_t on) {
  return raw_y << 22U | raw_x << 12U | on << 11U;
}

EventBytes& add(EventBytes& file, std::uint32_t address, std::uint32_t stamp) {
  return file.big(address, 4).big(stamp, 4);
}

EventBytes three_events() {
  EventBytes file;
  file.text(version).text("# AEChip: ch.unizh.ini.jaer.chip.retina.DVS128\r\n");
  add(file, dvs128(0, 0, 0), 10);
  add(file, dvs128(127, 0, 1), 20);
  add(file, dvs128(3, 100, 0), 30);
  return file;
}

Events read_by(event::Convention convention) {
  event::ReadOptions options;
  options.convention = convention;
  return recording_of(three_events(), "a.aedat", options).events;
}

}  // namespace

TEST_CASE("A DVS128 is read as jAER shows it, and as two toolkits read it", "[event]") {
  CHECK(read_by(event::Convention::canonical) ==
        Events{{10, 127, 127, 1}, {20, 0, 127, 0}, {30, 124, 27, 1}});
  CHECK(read_by(event::Convention::spikingjelly) ==
        Events{{10, 127, 127, 1}, {20, 127, 0, 0}, {30, 27, 124, 1}});
  CHECK(read_by(event::Convention::tonic) ==
        Events{{10, 0, 0, 0}, {20, 0, 127, 1}, {30, 100, 3, 0}});
  const auto found = recording_of(three_events(), "a.aedat");
  CHECK(found.sensor == event::Sensor{128, 128});
  check_any_buffer(three_events(), "a.aedat");
}

TEST_CASE("Headers of AEDAT 2 have any length, and events may begin like a line", "[event]") {
  EventBytes file;
  file.text(version);
  for (int line = 0; line < 3000; ++line)
    file.text("#  <entry key=\"" + std::to_string(line) + "\" value=\"" + std::string(60, 'x') +
              "\"/>\r\n");
  file.text("#" + std::string(700'000, 'y') + "\n#\n#\r\n");
  add(file, dvs128(1, 2, 0), 1);
  CHECK(recording_of(file, "a.aedat").events == Events{{1, 126, 125, 1}});
  CHECK(recording_of(file, "a.aedat", {}, 5).events.size() == 1);

  // Row 140 of a DAVIS: its address begins with '#'.
  for (const char* end : {"", "#End Of ASCII Header\r\n"}) {
    EventBytes camera;
    camera.text(davis).text(end);
    REQUIRE(davis240(5, 140, 1) >> 24U == '#');
    add(camera, davis240(5, 140, 1), 9);
    add(camera, davis240(6, 140, 0), 10);
    CHECK(recording_of(camera, "a.aedat").events == Events{{9, 234, 39, 1}, {10, 233, 39, 0}});
    check_any_buffer(camera, "a.aedat");
  }
  EventBytes only;
  CHECK(recording_of(only.text("#!AER-DAT2.0"), "a.aedat").events.empty());
}

TEST_CASE("Frames, inertia and external events of a DAVIS are skipped and counted", "[event]") {
  EventBytes file;
  file.text(davis);
  add(file, davis240(0, 0, 1), 1);
  add(file, 0x8000'0000U | davis240(1, 1, 0), 2);  // a pixel of a frame
  add(file, 0x8000'0C00U | davis240(1, 1, 1), 3);  // inertia
  add(file, davis240(2, 3, 0) | 1U << 10U, 4);     // the input pin
  add(file, davis240(239, 179, 0), 5);
  add(file, davis240(240, 0, 0), 6);  // outside
  add(file, davis240(0, 180, 0), 7);
  add(file, davis240(1023, 511, 1), 8);
  const auto found = recording_of(file, "a.aedat");
  CHECK(found.events == Events{{1, 239, 179, 1}, {5, 0, 0, 0}});
  CHECK(found.sensor == event::Sensor{240, 180});
  CHECK(found.findings.others == 3);
  CHECK(found.findings.outside == 3);
  event::ReadOptions options;
  options.sensor = {100, 100};
  CHECK(recording_of(file, "a.aedat", options).events == Events{{5, 0, 0, 0}});
  options = {};
  options.convention = event::Convention::tonic;
  CHECK(refusal(file, "a.aedat", options) ==
        "a.aedat: expected the recording of a DVS128, for the convention tonic, found one of a "
        "davis240");
}

TEST_CASE("Marked words of a DVS128 are no events", "[event]") {
  EventBytes file = three_events();
  add(file, 0x8000U, 40);
  add(file, 0x8000'0000U | dvs128(1, 1, 1), 41);
  const auto found = recording_of(file, "a.aedat");
  CHECK(found.events.size() == 3);
  CHECK(found.findings.others == 2);
}

TEST_CASE("Time stamps of AEDAT 2 pass 2^31 and 2^32", "[event]") {
  EventBytes file;
  file.text(version);
  for (const std::uint32_t stamp : {0U, 3'000'000'000U, 4'294'967'290U, 4U, 4'294'967'295U, 5U,
                                    2'147'483'653U, 4'294'967'000U, 1U})
    add(file, dvs128(0, 0, 0), stamp);
  constexpr std::int64_t turn = std::int64_t{1} << 32U;
  const auto found = recording_of(file, "a.aedat");
  std::vector<std::int64_t> times;
  for (const Event& one : found.events) times.push_back(one.time);
  CHECK(times == std::vector<std::int64_t>{0, 3'000'000'000, 4'294'967'290, turn + 4, turn - 1,
                                           turn + 5, turn + 2'147'483'653, turn + 4'294'967'000,
                                           2 * turn + 1});
  CHECK(found.findings.overflows == 2);
  CHECK(found.findings.backwards == 1);
  check_any_buffer(file, "a.aedat");
}

TEST_CASE("Damaged recordings in AEDAT 2 and those of other cameras are refused", "[event]") {
  for (std::size_t missing = 1; missing < 8; ++missing)
    CHECK_THAT(refusal(three_events().cut(missing), "a.aedat"),
               Catch::Contains("a.aedat: expected records of 8 bytes up to its end, found " +
                               std::to_string(8 - missing) + " byte"));
  EventBytes cochlea;
  cochlea.text(version).text("# AEChip: ch.unizh.ini.jaer.chip.cochlea.CochleaAMS1c\r\n");
  CHECK(refusal(cochlea, "a.aedat") ==
        "a.aedat: expected the recording of a DVS128 or a DAVIS (240, 346, 640, 128), found '# "
        "AEChip: ch.unizh.ini.jaer.chip.cochlea.CochleaAMS1c'");
}

TEST_CASE("Written AEDAT 2 files are read as they were", "[event]") {
  const Folder folder;
  const std::string path = folder.at("poisoned.aedat");
  const Events events{{0, 0, 127, 1}, {4'294'967'295, 127, 0, 0}, {4'294'967'295, 64, 3, 1}};
  event::write_aedat2(path, events);
  CHECK(event::read(path).events == events);
  // Again in the words of the format: the last eight bytes, of column 63 and row 124 as they are.
  const std::string content = content_of(path);
  CHECK(content.substr(content.size() - 8) == std::string{"\x00\x00\x7C\x7E\xFF\xFF\xFF\xFF", 8});
  const auto refused = [&](const Event& one, const std::string& expected) {
    CHECK_THROWS_WITH(event::write_aedat2(path, Events{one}),
                      Catch::Contains(path + ", event 0: expected " + expected));
  };
  refused({0, 128, 0, 0}, "a pixel within 128x128");
  refused({0, 0, 128, 0}, "a pixel within 128x128");
  refused({std::int64_t{1} << 32U, 0, 0, 0}, "a time of 0 to 4294967295");
  refused({-1, 0, 0, 0}, "a time");
  refused({0, 0, 0, 7}, "a polarity of 0 or 1");
}

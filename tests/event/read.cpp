#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/core/file.hpp>
#include <snnbd/event/aedat2.hpp>
#include <snnbd/event/arrays.hpp>
#include <snnbd/event/atis.hpp>
#include <snnbd/event/read.hpp>

#include "../core/failures.hpp"
#include "event_bytes.hpp"

using namespace snnbd_tests;
namespace event = snnbd::event;
namespace fs = std::filesystem;

namespace {

event::Format format_of(const std::string& beginning, const std::string& name) {
  return event::format_of(std::as_bytes(std::span{beginning}), name);
}

const Events events{{1, 0, 0, 1}, {5, 127, 100, 0}, {6, 3, 4, 1}, {6, 3, 4, 1}, {2, 9, 8, 0}};

/// A file of the first gesture, digit or object of the real data, or nothing.
std::string real(const std::string& name) {
  const char* folder = std::getenv("SNNBD_DATA");
  return folder == nullptr ? std::string{} : std::string{folder} + '/' + name;
}

}  // namespace

TEST_CASE("A format is known by its first bytes, or by the ending", "[event]") {
  using event::Format;
  CHECK(format_of("#!AER-DAT2.0\r\n", "a") == Format::aedat2);
  CHECK(format_of("#!AER-DAT3.0\r\n", "a") == Format::aedat3);
  CHECK(format_of("#!AER-DAT3.1\r\n", "a.bin") == Format::aedat3);
  CHECK(format_of("#!AER-DAT4.0\r\n", "a") == Format::aedat4);
  CHECK(format_of("\x93NUMPY", "a.bin") == Format::npy);
  CHECK(format_of("PK\x03\x04", "a") == Format::npz);
  CHECK(format_of("% Version 2\n", "a") == Format::prophesee);
  // Events of an ATIS may begin like other files.
  CHECK(format_of("PK\x03\x04", "a.bin") == Format::atis);
  CHECK(format_of("%%%%%", "a.bin") == Format::atis);
  CHECK(format_of("", "a.bin") == Format::atis);
  CHECK_THROWS_WITH(format_of("", "a.aedat"), Catch::Contains("a.aedat: expected a recording") &&
                                                  Catch::Contains("found no bytes"));
  CHECK_THROWS_WITH(format_of("#!AER-DAT1.0\r\n", "a"),
                    Catch::Contains("found one that begins with '#!AER-DAT1.0'"));
  CHECK_THROWS_WITH(format_of("nothing", "a.dat"), Catch::Contains("'nothing'"));
}

TEST_CASE("The format that is told holds, whatever the file is called", "[event]") {
  const Folder folder;
  const std::string path = folder.at("digit");
  event::write_atis(path, events);
  event::ReadOptions options;
  options.format = event::Format::atis;
  CHECK(event::read(path, options).events == events);
  CHECK_THROWS_WITH(event::read(path), Catch::Contains("expected a recording"));
}

TEST_CASE("A recording of more events than asked for is refused in one sentence", "[event]") {
  const Folder folder;
  const std::string path = folder.at("digit.bin");
  event::write_atis(path, events);
  event::ReadOptions options;
  options.limit = 5;
  const auto found = event::read(path, options);
  CHECK(found.events == events);
  CHECK(found.findings == event::Findings{.events = 5, .backwards = 1, .repeated = 1});
  options.limit = 4;
  CHECK_THROWS_WITH(event::read(path, options),
                    Catch::Equals(path + ": expected at most 4 events, found more"));
  CHECK_THROWS_WITH(event::read(folder.at("absent.bin")), Catch::Contains("absent.bin"));
}

TEST_CASE("Files give the same events through buffers of any size", "[event]") {
  const Folder folder;
  event::write_atis(folder.at("a.bin"), events);
  event::write_aedat2(folder.at("a.aedat"), events);
  event::write_npz(folder.at("a.npz"), events);
  for (const char* name : {"a.bin", "a.aedat", "a.npz"})
    for (std::size_t buffer = 1; buffer < 50; ++buffer) {
      event::ReadOptions options;
      options.buffer = buffer;
      CHECK(event::read(folder.at(name), options).events == events);
    }
}

TEST_CASE("Whatever fails while events are read, all come or an error", "[event]") {
  const Folder folder;
  event::ReadOptions options;
  options.buffer = 16;
  event::write_atis(folder.at("a.bin"), events);
  event::write_aedat2(folder.at("a.aedat"), events);
  event::write_npz(folder.at("a.npz"), events);
  std::ofstream{folder.at("b.aedat"), std::ios::binary}
      << "#!AER-DAT3.1\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n";
  std::ofstream{folder.at("a.dat"), std::ios::binary} << "% Version 2\n"
                                                      << '\f' << '\b' << "12345678";
  for (const char* name : {"a.bin", "a.aedat", "b.aedat", "a.dat", "a.npz"})
    check_reader([&] { return event::read(folder.at(name), options).events; });
}

TEST_CASE("Memory does not grow with the file", "[event]") {
  const Folder folder;
  const std::string path = folder.at("large.bin");
  event::write_atis(path, {});
  // A file with a hole, of zeros: so many events at time 0 in the first pixel.
  constexpr std::uint64_t count = 1U << 21U;
  fs::resize_file(path, 5 * count);
  const std::size_t before = allocated_bytes();
  const auto source = event::open(path);
  for (auto block = source->next(); !block.empty(); block = source->next())
    REQUIRE(block.size() <= 4096);
  CHECK(allocated_bytes() - before < 500'000);
  CHECK(source->findings().events == count);
  CHECK(source->findings().repeated == count - 1);
}

TEST_CASE("Real recordings are within their sensors and in order", "[event]") {
  const std::string digit = real("NMNIST/Train/5/00001.bin");
  if (digit.empty()) {
    WARN("left out: SNNBD_DATA names no folder with real data");
    return;
  }
  event::ReadOptions options;
  options.sensor = {34, 34};
  const auto nmnist = event::read(digit, options);
  CHECK(nmnist.events.size() == 4681);
  CHECK(nmnist.findings.outside == 0);
  CHECK(nmnist.findings.backwards == 0);
  CHECK(nmnist.events.back().time < 320'000);

  const auto object = event::read(real("DVS128_objects/Train/mug/mug_0.aedat"));
  CHECK(object.sensor == event::Sensor{128, 128});
  CHECK(object.events.size() == 19'035);
  CHECK(object.findings.others == 0);
  CHECK(object.findings.backwards == 0);
  CHECK(object.events.back().time - object.events.front().time < 1'290'000);
}

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/event/aedat4.hpp>
#include <snnbd/event/read.hpp>

#include "../core/failures.hpp"
#include "../core/file_folder.hpp"
#include "aedat4_files.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using event::Event;
using event::Findings;
using event::ReadOptions;
using snnbd_tests::Aedat4Writer;
using snnbd_tests::append;
using snnbd_tests::ByteVector;
using snnbd_tests::FlatbufferWriter;
using snnbd_tests::Folder;
using snnbd_tests::overwrite;
using snnbd_tests::Packing;
using snnbd_tests::StoredEvent;
using snnbd_tests::stream_node;
using snnbd_tests::write_bytes;

namespace {

event::Recording recording_of(const std::string& path, const ReadOptions& options = {}) {
  const auto source = event::open_aedat4(ByteStream{path, options.buffer}, options);
  return event::read(*source, path);
}

std::string refusal(const std::string& path, const ReadOptions& options = {}) {
  try {
    recording_of(path, options);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

const std::string two_streams = stream_node(0, "FRME", 40, 30) + stream_node(1, "EVTS", 20, 10);

/// Two packets of events between two of frames.
Aedat4Writer example(Packing packing = Packing::none) {
  Aedat4Writer writer{two_streams, packing};
  writer.packet(0, FlatbufferWriter{}.number(0, 5, 8).finish("FRME"));
  writer.packet(1, {{1'600'000'000'000'000, 0, 9, 1}, {1'600'000'000'000'001, 19, 0, 0}});
  writer.packet(0, FlatbufferWriter{}.number(0, 6, 8).finish("FRME"));
  writer.packet(1, {{1'600'000'000'000'001, 7, 3, 255}});
  return writer;
}

const std::vector<Event> example_events{{1'600'000'000'000'000, 0, 9, 1},
                                        {1'600'000'000'000'001, 19, 0, 0},
                                        {1'600'000'000'000'001, 7, 3, 1}};

}  // namespace

TEST_CASE("AEDAT 4 gives the same events however they are packed", "[event]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  for (const Packing packing : snnbd_tests::packings())
    for (const bool ended : {false, true}) {
      CAPTURE(static_cast<int>(packing), ended);
      const ByteVector bytes = example(packing).file(ended);
      write_bytes(path, bytes);
      const event::Recording recording = recording_of(path);
      CHECK(recording.sensor == event::Sensor{20, 10});
      CHECK(recording.events == example_events);
      CHECK(recording.findings == Findings{.events = 3, .others = 2});
    }
  // By its first bytes, from memory too, and with a buffer smaller than anything.
  const ByteVector bytes = example(snnbd_tests::packings().back()).file(true);
  const auto source = event::open(ByteStream{bytes, "recording"});
  CHECK(event::read(*source, "recording").events == example_events);
  CHECK(recording_of(path, {.buffer = 1}).events == example_events);
}

#if !defined(SNNBD_HAS_LZ4)
TEST_CASE("AEDAT 4 packed with LZ4 is refused by a build without it", "[event]") {
  const Folder folder;
  write_bytes(folder.at("a"), example(Packing::lz4).file());
  CHECK_THAT(refusal(folder.at("a")), Contains("install liblz4-dev"));
}
#endif
#if !defined(SNNBD_HAS_ZSTD)
TEST_CASE("AEDAT 4 packed with Zstandard is refused by a build without it", "[event]") {
  const Folder folder;
  write_bytes(folder.at("a"), example(Packing::zstd).file());
  CHECK_THAT(refusal(folder.at("a")), Contains("install libzstd-dev"));
}
#endif

TEST_CASE("AEDAT 4: what is outside, earlier or repeated is counted", "[event]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  Aedat4Writer writer{two_streams};
  writer.packet(1, {{-7, 1, 1, 0}, {5, -1, 1, 0}, {5, 1, -32768, 0}, {5, 20, 1, 0}, {5, 1, 10, 0}});
  writer.packet(1, std::vector<StoredEvent>{});
  writer.packet(1, {{9, -1, -1, 0}});
  writer.packet(1, {{-7, 1, 1, 0}, {-8, 1, 1, 0}, {-8, 1, 1, 1}, {1LL << 40, 2, 2, 1}});
  write_bytes(path, writer.file(true));
  const event::Recording recording = recording_of(path);
  CHECK(recording.events ==
        std::vector<Event>{
            {-7, 1, 1, 0}, {-7, 1, 1, 0}, {-8, 1, 1, 0}, {-8, 1, 1, 1}, {1LL << 40, 2, 2, 1}});
  CHECK(recording.findings == Findings{.events = 5, .outside = 5, .backwards = 1, .repeated = 1});
}

TEST_CASE("AEDAT 4 without a size of the sensor leaves out negative places alone", "[event]") {
  const Folder folder;
  Aedat4Writer writer{stream_node(3, "EVTS")};
  writer.packet(3, {{0, 32767, 5, 1}, {1, 5, 32767, 1}, {2, -1, 5, 1}, {3, 5, -1, 1}});
  write_bytes(folder.at("a"), writer.file());
  const event::Recording recording = recording_of(folder.at("a"));
  CHECK_FALSE(recording.sensor.is_known());
  CHECK(recording.events == std::vector<Event>{{0, 32767, 5, 1}, {1, 5, 32767, 1}});
  CHECK(recording.findings.outside == 2);
}

TEST_CASE("AEDAT 4 gives large packets in blocks, in their order", "[event]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  constexpr int count = 70'000;
  std::vector<StoredEvent> events;
  for (int i = 0; i < count; ++i) events.push_back({5'000'000'000LL + i, i % 20, i % 10, i % 3});
  const ByteVector table = Aedat4Writer::table(events);
  for (const Packing packing : snnbd_tests::packings()) {
    write_bytes(path, Aedat4Writer{two_streams, packing}.packet(1, table).file());
    const auto source = event::open_aedat4(ByteStream{path});
    std::size_t largest = 0;
    int number = 0;
    bool right = true;
    for (auto block = source->next(); !block.empty(); block = source->next()) {
      largest = std::max(largest, block.size());
      for (const Event& event : block) {
        right = right && event.time == 5'000'000'000LL + number && event.x == number % 20 &&
                event.on == (number % 3 != 0 ? 1 : 0);
        ++number;
      }
    }
    CHECK(right);
    CHECK(largest == 4096);
    CHECK(source->findings() == Findings{.events = count});
  }
}

TEST_CASE("AEDAT 4: one of several streams of events can be chosen", "[event]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  Aedat4Writer writer{stream_node(4, "IMUS") + stream_node(2, "EVTS", 20, 10) +
                      stream_node(0, "EVTS", 5, 6)};
  writer.packet(2, {{1, 2, 2, 1}}).packet(0, {{2, 0, 0, 1}}).packet(0, {{3, 0, 0, 1}});
  write_bytes(path, writer.file());
  CHECK(recording_of(path).sensor == event::Sensor{20, 10});
  CHECK(recording_of(path).findings == Findings{.events = 1, .others = 2});
  CHECK(recording_of(path, {.stream = 0}).sensor == event::Sensor{5, 6});
  CHECK(recording_of(path, {.sensor = {1, 1}}).findings == Findings{.outside = 1, .others = 2});
  CHECK(recording_of(path, {.stream = 0}).findings == Findings{.events = 2, .others = 1});
  CHECK_THAT(refusal(path, {.stream = 4}),
             Contains("expected stream 4 of events, found one of 'IMUS'"));
  CHECK_THAT(refusal(path, {.stream = 1}), Contains("found none among its 3 streams"));
  write_bytes(path, Aedat4Writer{stream_node(4, "IMUS")}.file());
  CHECK_THAT(refusal(path), Contains("expected a stream of events (EVTS), found none"));
}

TEST_CASE("AEDAT 4 cut short at any byte is refused in one sentence", "[event]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  for (const Packing packing : snnbd_tests::packings()) {
    const Aedat4Writer writer = example(packing);
    const ByteVector bytes = writer.file(true);
    const std::size_t end = writer.file(false).size();
    write_bytes(path, bytes);
    // Only the table behind the packets is not needed.
    CHECK(end < bytes.size());
    std::filesystem::resize_file(path, end);
    CHECK(recording_of(path).events == example_events);
    for (std::size_t size = end; size-- > 0;) {
      std::filesystem::resize_file(path, size);
      const std::string said = refusal(path);
      CAPTURE(size, said);
      REQUIRE(said.starts_with(path));
      REQUIRE(said.find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("AEDAT 4 that was not ended may stop behind any packet, and nowhere else", "[event]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  std::vector<std::size_t> whole;
  Aedat4Writer writer{two_streams};
  whole.push_back(writer.file().size());
  for (int packet = 0; packet < 3; ++packet)
    whole.push_back(writer.packet(1, {{packet, 1, 1, 0}}).file().size());
  write_bytes(path, writer.file());
  for (std::size_t size = whole.back() + 1; size-- > whole.front();) {
    std::filesystem::resize_file(path, size);
    const auto place = std::find(whole.begin(), whole.end(), size);
    CAPTURE(size);
    REQUIRE(refusal(path).empty() == (place != whole.end()));
    if (place != whole.end())
      REQUIRE(recording_of(path).events.size() == static_cast<std::size_t>(place - whole.begin()));
  }
}

TEST_CASE("AEDAT 4 with any byte changed is read or refused in one sentence", "[event]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  const ByteVector bytes = example().file(true);
  write_bytes(path, bytes);
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  const auto put = [&](std::size_t place, std::byte value) {
    file.seekp(static_cast<std::streamoff>(place)).put(static_cast<char>(value)).flush();
  };
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
      put(place, bytes[place] ^ static_cast<std::byte>(change));
      const std::string said = refusal(path);
      CAPTURE(place, said);
      REQUIRE((said.empty() || said.starts_with(path)));
      REQUIRE(said.find('\n') == std::string::npos);
    }
    put(place, bytes[place]);
  }
  REQUIRE(file.good());
  CHECK(recording_of(path).events == example_events);
}

TEST_CASE("AEDAT 4 whose sizes and numbers lie is refused", "[event]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  const auto refused = [&](const ByteVector& bytes, const ReadOptions& options = {}) {
    write_bytes(path, bytes);
    return refusal(path, options);
  };
  const Aedat4Writer nothing{two_streams};
  const std::size_t head = nothing.file().size();

  CHECK_THAT(refused({}), Contains("a file of AEDAT 4") && Contains("something else"));
  CHECK_THAT(refused(ByteVector(100)), Contains("a file of AEDAT 4"));
  ByteVector bytes = nothing.file();
  overwrite(bytes, 14, 0xFFFFFFFF, 4);
  CHECK_THAT(refused(bytes), Contains("a header of at most 4194304 bytes, found 4294967295"));
  overwrite(bytes, 14, 4'194'304, 4);
  CHECK_THAT(refused(bytes), Contains("expected 4194308 bytes of the header, found"));
  CHECK_THAT(refused(Aedat4Writer{two_streams, Packing{5}}.file()),
             Contains("a compression from 0 to 4") && Contains("found 5"));
  CHECK_THAT(refused(Aedat4Writer{two_streams, static_cast<Packing>(-1)}.file()),
             Contains("found -1"));

  const auto packet = [&](std::uint64_t stream, std::uint64_t size) {
    ByteVector file = nothing.file();
    append(file, stream, 4);
    append(file, size, 4);
    file.resize(file.size() + 16);
    return refused(file);
  };
  CHECK_THAT(packet(7, 16), Contains(path + ", packet 0: expected the number of a stream"));
  CHECK_THAT(packet(0xFFFFFFFF, 16), Contains("found -1"));
  CHECK_THAT(packet(1, 0xFFFFFFFF), Contains("at most 268435456 bytes, found -1"));
  CHECK_THAT(packet(1, 0x7FFFFFFF), Contains("found 2147483647"));
  CHECK_THAT(packet(1, 1U << 28U), Contains("268435456 bytes of packet 0, found 16 before"));
  CHECK_THAT(packet(0, 1U << 28U), Contains("268435456 bytes of packet 0, found 16 before"));
  CHECK_THAT(packet(1, 16), Contains(", packet 0: expected 0 bytes in a FlatBuffers table"));
  CHECK_THAT(refused(Aedat4Writer{two_streams}
                         .packet(1, FlatbufferWriter{}.number(0, 5, 8).finish("FRME"))
                         .file()),
             Contains("identifier EVTS, found 'FRME'"));
  CHECK_THAT(refused(Aedat4Writer{two_streams}
                         .packet(1, FlatbufferWriter{}.structs(0, 3, ByteVector(32)).finish("EVTS"))
                         .file()),
             Contains("a vector within"));
  // No vector at all is no event.
  CHECK(refused(Aedat4Writer{two_streams}.packet(1, FlatbufferWriter{}.finish("EVTS")).file())
            .empty());

  const auto ends_at = [&](std::int64_t end) {
    ByteVector file = example().file();
    const ByteVector header = example().header(end);
    std::copy(header.begin(), header.end(), file.begin() + 14);
    return refused(file);
  };
  const auto size = static_cast<std::int64_t>(example().file().size());
  CHECK(ends_at(size).empty());
  CHECK(ends_at(-2).empty());
  CHECK_THAT(ends_at(size + 1), Contains("8 bytes of the header of packet 4, found 0"));
  CHECK_THAT(ends_at(size - 1), Contains(", packet 3: expected an end before byte"));
  CHECK_THAT(ends_at(static_cast<std::int64_t>(head) - 1),
             Contains("packets that end behind the header"));
  CHECK_THAT(ends_at(0), Contains("packets that end behind the header"));
  CHECK(ends_at(static_cast<std::int64_t>(head)).empty());
}

TEST_CASE("AEDAT 4: packets are bounded, packed and unpacked", "[event]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  const std::vector<StoredEvent> events(1000, {1, 1, 1, 1});
  const std::uint64_t size = Aedat4Writer::table(events).size();
  for (const Packing packing : snnbd_tests::packings()) {
    write_bytes(path, Aedat4Writer{two_streams, packing}.packet(1, events).file());
    CHECK(recording_of(path, {.packet_limit = size}).events.size() == 1000);
    CHECK_THAT(refusal(path, {.packet_limit = size - 1}),
               Contains(", packet 0: expected at most " + std::to_string(size - 1) + " bytes"));
  }
  CHECK_THAT(refusal(path, {.packet_limit = 0}), Contains("largest packet of AEDAT 4"));
  CHECK_THAT(refusal(path, {.packet_limit = ~std::uint64_t{0}}), Contains("largest packet"));
}

TEST_CASE("AEDAT 4: what is no readable file is refused, and each failure on the way",
          "[event][faults]") {
  const Folder folder;
  const std::string path = folder.at("a.aedat4");
  CHECK_THAT(refusal(path), Contains("a readable file"));
  CHECK_THAT(refusal(folder.path.string()), Contains("a regular file, found a folder"));
  for (const Packing packing : snnbd_tests::packings()) {
    write_bytes(path, example(packing).file(true));
    snnbd_tests::check_reader([&] {
      const event::Recording recording = event::read(path);
      return std::tuple{recording.events, recording.findings, recording.sensor};
    });
  }
}

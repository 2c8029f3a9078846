#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/format/lz4.hpp>

#include "packed.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using Bytes = std::vector<std::byte>;

#if defined(SNNBD_HAS_LZ4)

namespace {

Bytes counting(std::size_t count) {
  Bytes values(count);
  for (std::size_t place = 0; place < count; ++place)
    values[place] = static_cast<std::byte>((place * place >> 5U) & 0xFFU);
  return values;
}

struct Room {
  lz4::Unpacker unpacker{"some.file"};
  Bytes room;

  Bytes unpacked(const Bytes& packed, std::uint64_t limit = std::uint64_t{1} << 28U) {
    const auto bytes = unpacker.unpack(packed, room, limit, "some.file");
    return {bytes.begin(), bytes.end()};
  }
  std::string refusal(const Bytes& packed, std::uint64_t limit = std::uint64_t{1} << 28U) {
    try {
      unpacked(packed, limit);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
};

}  // namespace

TEST_CASE("LZ4 frames give what was packed, in the same room", "[format]") {
  CHECK(lz4::is_available());
  Room room;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000},
                                 std::size_t{65536}, (std::size_t{1} << 20U) + 77, std::size_t{3}})
    for (const int level : {1, 9}) {
      const Bytes values = counting(size);
      REQUIRE(room.unpacked(snnbd_tests::lz4_frame(values, level)) == values);
    }
  CHECK(room.room.size() >= (std::size_t{1} << 20U) + 77);
}

TEST_CASE("A LZ4 frame that is damaged, cut short or followed by something is refused",
          "[format]") {
  Room room;
  const Bytes values = counting(3000);
  const Bytes packed = snnbd_tests::lz4_frame(values);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const Bytes cut(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE_THAT(room.refusal(cut), Contains("some.file: expected an intact LZ4 frame, found"));
  }
  Bytes more = packed;
  more.push_back(std::byte{0});
  CHECK_THAT(room.refusal(more), Contains("expected one LZ4 frame, found 1 bytes behind it"));
  Bytes other = packed;
  other[0] ^= std::byte{1};
  CHECK_THAT(room.refusal(other), Contains("expected an intact LZ4 frame"));
  // Behind all that was refused, a whole frame is read as ever.
  CHECK(room.unpacked(packed) == values);
}

TEST_CASE("What a LZ4 frame unpacks to is bounded, and so is the memory for it", "[format]") {
  Room room;
  const Bytes packed = snnbd_tests::lz4_frame(Bytes(std::size_t{1} << 22U));
  CHECK(packed.size() < (std::size_t{1} << 16U));
  constexpr std::uint64_t limit = 200'000;
  CHECK_THAT(room.refusal(packed, limit), Contains("expected at most 200000 bytes unpacked"));
  CHECK(room.room.size() <= limit + 1);
  CHECK(room.unpacked(snnbd_tests::lz4_frame(Bytes(limit)), limit).size() == limit);
  CHECK_THAT(room.refusal(snnbd_tests::lz4_frame(Bytes(limit + 1)), limit),
             Contains("expected at most 200000 bytes unpacked"));
}

#else

TEST_CASE("A build without liblz4 says how to get one that reads LZ4", "[format]") {
  CHECK_FALSE(lz4::is_available());
  CHECK_THROWS_WITH(lz4::Unpacker{"some.file"},
                    Contains("some.file: expected a build with liblz4") &&
                        Contains("install liblz4-dev and configure with -DSNNBD_LZ4=ON"));
}

#endif

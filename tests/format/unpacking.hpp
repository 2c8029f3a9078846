#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/format/unpacker.hpp>

#include "packed.hpp"

/// What holds for each kind of packed frames. A `Kind` has its `name`, `make_unpacker(subject)` and
/// `frame(bytes, level)`.
namespace snnbd_tests::unpacking {

using Bytes = std::vector<std::byte>;

inline Bytes counting(std::size_t count) {
  Bytes values(count);
  for (std::size_t place = 0; place < count; ++place)
    values[place] = static_cast<std::byte>((place * place >> 5U) & 0xFFU);
  return values;
}

template <class Kind>
struct Room {
  std::unique_ptr<snnbd::packed::Unpacker> unpacker = Kind::make_unpacker("some.file");
  Bytes room;

  Bytes unpacked(const Bytes& packed, std::uint64_t limit = std::uint64_t{1} << 28U) {
    const auto bytes = unpacker->unpack(packed, room, limit, "some.file");
    return {bytes.begin(), bytes.end()};
  }
  std::string refusal(const Bytes& packed, std::uint64_t limit = std::uint64_t{1} << 28U) {
    try {
      unpacked(packed, limit);
    } catch (const snnbd::Error& error) {
      return error.what();
    }
    return {};
  }
};

template <class Kind>
void check_what_was_packed() {
  Room<Kind> room;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000},
                                 std::size_t{65536}, (std::size_t{1} << 20U) + 77, std::size_t{3}})
    for (const int level : {1, 9}) {
      const Bytes values = counting(size);
      REQUIRE(room.unpacked(Kind::frame(values, level)) == values);
    }
  CHECK(room.room.size() >= (std::size_t{1} << 20U) + 77);
}

template <class Kind>
void check_damage() {
  using Catch::Matchers::Contains;
  const std::string name = Kind::name;
  Room<Kind> room;
  const Bytes values = counting(3000);
  const Bytes packed = Kind::frame(values, 3);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const Bytes cut(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE_THAT(room.refusal(cut),
                 Contains("some.file: expected an intact " + name + " frame, found"));
  }
  Bytes more = packed;
  more.push_back(std::byte{0});
  CHECK_THAT(room.refusal(more),
             Contains("expected one " + name + " frame, found 1 bytes behind it"));
  Bytes other = packed;
  other[0] ^= std::byte{1};
  CHECK_THAT(room.refusal(other), Contains("expected an intact " + name + " frame"));
  // Behind all that was refused, a whole frame is read as ever.
  CHECK(room.unpacked(packed) == values);
}

template <class Kind>
void check_bounds() {
  using Catch::Matchers::Contains;
  Room<Kind> room;
  const Bytes packed = Kind::frame(Bytes(std::size_t{1} << 22U), 3);
  CHECK(packed.size() < (std::size_t{1} << 16U));
  constexpr std::uint64_t limit = 200'000;
  CHECK_THAT(room.refusal(packed, limit), Contains("expected at most 200000 bytes unpacked"));
  CHECK(room.room.size() <= limit + 1);
  CHECK(room.unpacked(Kind::frame(Bytes(limit), 3), limit).size() == limit);
  CHECK_THAT(room.refusal(Kind::frame(Bytes(limit + 1), 3), limit),
             Contains("expected at most 200000 bytes unpacked"));
}

}  // namespace snnbd_tests::unpacking

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/format/flatbuffer.hpp>

#include "flatbuffer_writer.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using flatbuffer::Table;
using snnbd_tests::ByteVector;
using snnbd_tests::FlatbufferWriter;
using snnbd_tests::overwrite;

namespace {

/// A number, a text, a field that is left out, two structs of three bytes, and a negative number.
ByteVector example() {
  const ByteVector structs{std::byte{1}, std::byte{2}, std::byte{3},
                           std::byte{4}, std::byte{5}, std::byte{6}};
  return FlatbufferWriter{}
      .number(0, 7, 4)
      .text(1, "letters")
      .structs(3, 2, structs)
      .number(4, static_cast<std::uint64_t>(-5), 8)
      .finish("TEST");
}

// Places in the example, behind the size of 4 bytes.
constexpr std::size_t size_at = 0;
constexpr std::size_t root_at = 4;
constexpr std::size_t identifier_at = 8;
constexpr std::size_t fields_at = 12;  // size of the offsets, size of the table, offsets
constexpr std::size_t table_at = 4 + 24;

/// What is wrong with the example once it has been changed; empty if nothing is.
std::string refusal(const ByteVector& bytes) {
  try {
    const Table table = Table::root(bytes, "TEST", "some.file");
    static_cast<void>(table.number<std::int32_t>(0, 0));
    static_cast<void>(table.text(1));
    static_cast<void>(table.structs(3, 3));
    static_cast<void>(table.number<std::int64_t>(4, 0));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

std::string refusal(std::size_t place, std::uint64_t value, std::size_t size) {
  ByteVector bytes = example();
  overwrite(bytes, place, value, size);
  return refusal(bytes);
}

}  // namespace

TEST_CASE("A FlatBuffers table gives its fields, and what is said of those left out", "[format]") {
  const ByteVector bytes = example();
  const Table table = Table::root(bytes, "TEST", "some.file");
  CHECK(table.number<std::int32_t>(0, 1) == 7);
  CHECK(table.text(1) == "letters");
  CHECK(table.number<std::int16_t>(2, -3) == -3);
  CHECK_FALSE(table.text(2));
  CHECK_FALSE(table.structs(2, 8));
  CHECK(table.number<std::int64_t>(4, 0) == -5);
  CHECK(table.number<std::int64_t>(5, 11) == 11);
  CHECK(table.number<std::int64_t>(std::numeric_limits<int>::max(), 11) == 11);
  CHECK(table.number<std::int64_t>(-1, 11) == 11);
  const auto structs = table.structs(3, 3);
  REQUIRE(structs);
  REQUIRE(structs->size() == 6);
  CHECK(structs->front() == std::byte{1});
  CHECK(structs->back() == std::byte{6});
  CHECK_FALSE(Table::root(FlatbufferWriter{}.finish("NONE"), "NONE", "some.file").text(0));
}

TEST_CASE("The bytes of FlatBuffers are those that flatc writes", "[format]") {
  // flatc 2.0.8 --binary --size-prefixed, of {a: 258, b: "hi"} in the schema
  // table T { a: int; b: string; } root_type T; file_identifier "TEST";
  const std::array<unsigned char, 40> written{
      0x24, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x54, 0x45, 0x53, 0x54, 0x08, 0x00,
      0x0C, 0x00, 0x04, 0x00, 0x08, 0x00, 0x08, 0x00, 0x00, 0x00, 0x02, 0x01, 0x00, 0x00,
      0x04, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x68, 0x69, 0x00, 0x00};
  const Table table = Table::root(std::as_bytes(std::span{written}), "TEST", "some.file");
  CHECK(table.number<std::int32_t>(0, 0) == 258);
  CHECK(table.text(1) == "hi");
}

TEST_CASE("Numbers of FlatBuffers are little-endian", "[format]") {
  const ByteVector bytes{std::byte{0x01}, std::byte{0x02}, std::byte{0x03}, std::byte{0xFF}};
  CHECK(flatbuffer::number_at<std::uint16_t>(bytes.data()) == 0x0201);
  CHECK(flatbuffer::number_at<std::uint32_t>(bytes.data()) == 0xFF030201U);
  CHECK(flatbuffer::number_at<std::int32_t>(bytes.data()) == -16580095);
  CHECK(flatbuffer::number_at<std::uint8_t>(bytes.data() + 3) == 255);
}

TEST_CASE("A FlatBuffers table whose offsets or sizes lie is refused in one sentence", "[format]") {
  CHECK(refusal(example()).empty());
  const std::uint64_t rest = example().size() - 4;
  CHECK_THAT(refusal(size_at, rest + 1, 4),
             Contains("some.file: expected") && Contains("as it says itself"));
  CHECK_THAT(refusal(size_at, rest - 1, 4), Contains("as it says itself"));
  CHECK_THAT(refusal(identifier_at, 'X', 1), Contains("identifier TEST") && Contains("'XEST'"));
  CHECK_THAT(refusal(root_at, rest - 3, 4), Contains("one at byte"));
  CHECK_THAT(refusal(root_at, 0xFFFFFFFF, 4), Contains("one at byte 4294967295"));
  CHECK_THAT(refusal(table_at, 0x7FFFFFFF, 4), Contains("some at byte -"));
  CHECK_THAT(refusal(table_at, 0x80000000, 4), Contains("some at byte 2147483672"));
  CHECK_THAT(refusal(table_at, 24 - (rest - 3), 4), Contains("some at byte"));
  CHECK_THAT(refusal(fields_at, 3, 2), Contains("3 bytes at byte 8"));
  CHECK_THAT(refusal(fields_at, 7, 2), Contains("7 bytes at byte 8"));
  CHECK_THAT(refusal(fields_at, 0xFFFE, 2), Contains("65534 bytes at byte 8"));
  CHECK_THAT(refusal(fields_at + 2, 3, 2), Contains("3 bytes at byte 24"));
  CHECK_THAT(refusal(fields_at + 2, 0xFFFF, 2), Contains("65535 bytes at byte 24"));
  CHECK_THAT(refusal(fields_at + 4, 3, 2), Contains("field 0") && Contains("one at byte 3"));
  CHECK_THAT(refusal(fields_at + 4, 22, 2), Contains("field 0 within the 24 bytes"));
  CHECK(refusal(fields_at + 4, 20, 2).empty());
  CHECK_THAT(refusal(fields_at + 12, 17, 2), Contains("field 4"));
  // The text: where it is, and how long.
  CHECK_THAT(refusal(table_at + 8, 0xFFFFFFFF, 4), Contains("a text within"));
  CHECK_THAT(refusal(table_at + 8, rest - 32 - 3, 4), Contains("a text within"));
  CHECK_THAT(refusal(table_at + 28, 0xFFFFFFFF, 4), Contains("4294967295 of 1 bytes"));
}

TEST_CASE("A vector of FlatBuffers that claims too many structs is refused", "[format]") {
  const ByteVector structs(48);
  const auto claiming = [&](std::uint64_t count) {
    return FlatbufferWriter{}.structs(0, count, structs).finish("TEST");
  };
  const auto read = [](const ByteVector& bytes) {
    return Table::root(bytes, "TEST", "some.file").structs(0, 16)->size();
  };
  CHECK(read(claiming(3)) == 48);
  CHECK(read(claiming(0)) == 0);
  for (const std::uint64_t count : {4ULL, 0x10000000ULL, 0x10000003ULL, 0xFFFFFFFFULL})
    CHECK_THROWS_WITH(read(claiming(count)),
                      Contains("a vector within") && Contains(std::to_string(count) + " of 16"));
}

TEST_CASE("FlatBuffers cut short or with any byte changed never lead out of their bytes",
          "[format]") {
  const ByteVector bytes = example();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const ByteVector cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE_FALSE(refusal(cut).empty());
  }
  for (std::size_t place = 0; place < bytes.size(); ++place)
    for (unsigned value = 0; value < 256; value += 17) {
      const std::string said = refusal(place, value, 1);
      REQUIRE(said.find('\n') == std::string::npos);
    }
}

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/format/gzip.hpp>

#include "../data/idx_files.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using snnbd_tests::Bytes;
using snnbd_tests::gzip_bytes;

namespace {

/// Unpacks in pieces of a size.
Bytes unpacked(const Bytes& packed, std::size_t piece, std::size_t most = 1U << 24U) {
  const std::string path = "some.gz";
  gzip::Inflater inflater{path, std::as_bytes(std::span{packed})};
  std::vector<std::byte> bytes;
  for (std::size_t before = 1; before != bytes.size() && bytes.size() < most;) {
    before = bytes.size();
    inflater.extend(bytes, std::min(bytes.size() + piece, most));
  }
  const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return {first, first + bytes.size()};
}

Bytes counting(std::size_t count) {
  Bytes values(count);
  std::iota(values.begin(), values.end(), std::uint8_t{0});
  return values;
}

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

TEST_CASE("gzip streams are known by their first two bytes", "[format]") {
  const Bytes packed = gzip_bytes(counting(3));
  CHECK(gzip::is_packed(std::as_bytes(std::span{packed})));
  CHECK_FALSE(gzip::is_packed(std::as_bytes(std::span{packed}.first(1))));
  CHECK_FALSE(gzip::is_packed({}));
}

TEST_CASE("gzip streams give what was packed, in pieces of any size", "[format]") {
  const Bytes values = counting((std::size_t{1} << 20U) + 777);
  const Bytes packed = gzip_bytes(values);
  CHECK(unpacked(packed, 1U << 24U) == values);
  CHECK(unpacked(packed, 99'991) == values);
  CHECK(unpacked(packed, 1000, 2500) == Bytes(values.begin(), values.begin() + 2500));
  CHECK(unpacked(gzip_bytes({}), 10).empty());
}

TEST_CASE("gzip streams follow one another, with zero bytes after the last", "[format]") {
  const Bytes values = counting(300);
  const Bytes two = joined(gzip_bytes(Bytes(values.begin(), values.begin() + 100)),
                           gzip_bytes(Bytes(values.begin() + 100, values.end())));
  CHECK(unpacked(two, 64) == values);
  CHECK(unpacked(joined(two, Bytes(50)), 64) == values);
  CHECK_THROWS_WITH(unpacked(joined(two, {0, 0, 7}), 64),
                    Contains("some.gz: expected nothing but gzip streams") &&
                        Contains("from byte " + std::to_string(two.size() + 2) + " on"));
}

TEST_CASE("A gzip stream that is damaged or cut short is refused in one sentence", "[format]") {
  Bytes packed = gzip_bytes(counting(300));
  CHECK_THROWS_WITH(unpacked(Bytes(packed.begin(), packed.end() - 9), 1000),
                    Contains("some.gz: expected an intact gzip stream, found a truncated one"));
  packed[packed.size() - 6] ^= 1U;
  CHECK_THROWS_WITH(unpacked(packed, 1000), Contains("expected an intact gzip stream"));
  CHECK_THROWS_WITH(unpacked({1, 2, 3, 4}, 1000), Contains("expected an intact gzip stream"));
}

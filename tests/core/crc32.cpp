#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/crc32.hpp>

using namespace snnbd;

TEST_CASE("The checksum has the standard's check value and can be continued", "[data][checksum]") {
  const std::string_view text = "123456789";
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  CHECK(crc32(bytes) == 0xCBF43926U);
  CHECK(crc32({}) == 0);
  const std::span<const std::uint8_t> all{bytes};
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    CHECK(crc32(all.subspan(cut), crc32(all.first(cut))) == 0xCBF43926U);
}

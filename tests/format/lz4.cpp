#include <string_view>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/format/lz4.hpp>

#include "unpacking.hpp"

using namespace snnbd;
namespace unpacking = snnbd_tests::unpacking;

#if defined(SNNBD_HAS_LZ4)

namespace {

struct Lz4 {
  static constexpr const char* name = "LZ4";
  static auto make_unpacker(std::string_view subject) { return lz4::make_unpacker(subject); }
  static unpacking::Bytes frame(const unpacking::Bytes& bytes, int level) {
    return snnbd_tests::lz4_frame(bytes, level);
  }
};

}  // namespace

TEST_CASE("LZ4 frames give what was packed, in the same room", "[format]") {
  CHECK(lz4::is_available());
  unpacking::check_what_was_packed<Lz4>();
}

TEST_CASE("A LZ4 frame that is damaged, cut short or followed by something is refused",
          "[format]") {
  unpacking::check_damage<Lz4>();
}

TEST_CASE("What a LZ4 frame unpacks to is bounded, and so is the memory for it", "[format]") {
  unpacking::check_bounds<Lz4>();
}

#else

TEST_CASE("A build without liblz4 says how to get one that reads LZ4", "[format]") {
  CHECK_FALSE(lz4::is_available());
  CHECK_THROWS_WITH(lz4::make_unpacker("some.file"),
                    Catch::Contains("some.file: expected a build with liblz4") &&
                        Catch::Contains("install liblz4-dev and configure with -DSNNBD_LZ4=ON"));
}

#endif

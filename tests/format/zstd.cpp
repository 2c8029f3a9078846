#include <string_view>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/format/zstd.hpp>

#include "unpacking.hpp"

using namespace snnbd;
namespace unpacking = snnbd_tests::unpacking;

#if defined(SNNBD_HAS_ZSTD)

namespace {

struct Zstd {
  static constexpr const char* name = "Zstandard";
  static auto make_unpacker(std::string_view subject) { return zstd::make_unpacker(subject); }
  static unpacking::Bytes frame(const unpacking::Bytes& bytes, int level) {
    return snnbd_tests::zstd_frame(bytes, level);
  }
};

}  // namespace

TEST_CASE("Zstandard frames give what was packed, in the same room", "[format]") {
  CHECK(zstd::is_available());
  unpacking::check_what_was_packed<Zstd>();
}

TEST_CASE("A Zstandard frame that is damaged, cut short or followed by something is refused",
          "[format]") {
  unpacking::check_damage<Zstd>();
}

TEST_CASE("What a Zstandard frame unpacks to is bounded, and so is the memory for it", "[format]") {
  unpacking::check_bounds<Zstd>();
}

#else

TEST_CASE("A build without libzstd says how to get one that reads Zstandard", "[format]") {
  CHECK_FALSE(zstd::is_available());
  CHECK_THROWS_WITH(zstd::make_unpacker("some.file"),
                    Catch::Contains("some.file: expected a build with libzstd") &&
                        Catch::Contains("install libzstd-dev and configure with -DSNNBD_ZSTD=ON"));
}

#endif

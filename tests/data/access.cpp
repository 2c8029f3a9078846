#include <catch2/catch.hpp>

#include <snnbd/data/access.hpp>

using namespace snnbd;
using Catch::Contains;

TEST_CASE("An index behind the end of a set is refused with the set's name", "[data]") {
  CHECK_NOTHROW(data::check_index("digits", 9, 10));
  CHECK_THROWS_WITH(data::check_index("digits", 10, 10),
                    Contains("digits: index of a sample: expected a number below 10, found 10"));
  CHECK_THROWS_AS(data::check_index("digits", 0, 0), Error);
}

TEST_CASE("Room for an image is exactly as large as one", "[data]") {
  CHECK_NOTHROW(data::check_image_size("digits", 784, 784));
  CHECK_THROWS_WITH(data::check_image_size("digits", 783, 784), Contains("784"));
  CHECK_THROWS_WITH(data::check_image_size("digits", 785, 784), Contains("785"));
}

#include <stdexcept>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>

using namespace snnbd;

TEST_CASE("A refusal is one sentence of subject, expectation and finding", "[core]") {
  CHECK_THROWS_WITH(reject("file.gz", "a magic number of 2051", "none"),
                    "file.gz: expected a magic number of 2051, found none");
  CHECK_THROWS_WITH(reject("threads", "a number from 1 to 1024", 0),
                    "threads: expected a number from 1 to 1024, found 0");
  CHECK_THROWS_WITH(reject("size", "less", 18446744073709551615ULL),
                    "size: expected less, found 18446744073709551615");
  CHECK_THROWS_AS(reject("a", "b", 0.5), Error);
  CHECK_THROWS_AS(reject("a", "b", "c"), std::runtime_error);
}

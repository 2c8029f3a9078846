#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/report/manifest.hpp>

namespace report = snnbd::report;
using Catch::Matchers::Contains;
using Catch::Matchers::Matches;

TEST_CASE("A manifest names the program, the machine and the moment", "[report]") {
  const report::Manifest manifest = report::describe_run();
  CHECK(manifest.version == SNNBD_VERSION_STRING);
  CHECK(manifest.instruction_set == SNNBD_ISA_NAME);
  CHECK_THAT(manifest.compiler, Matches("(g\\+\\+|clang) .*[0-9].*"));
  CHECK_THAT(manifest.time,
             Matches("20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z"));
  CHECK(manifest.threads == snnbd::thread_count());
  CHECK(manifest.data.empty());
}

TEST_CASE("A moment is written as UTC", "[report]") {
  CHECK(report::utc_text(0) == "1970-01-01T00:00:00Z");
  CHECK(report::utc_text(951'782'400) == "2000-02-29T00:00:00Z");
}

TEST_CASE("A command line is quoted as a shell takes it", "[report]") {
  CHECK(report::shell_quoted("--seed=1") == "--seed=1");
  CHECK(report::shell_quoted("a b") == "'a b'");
  CHECK(report::shell_quoted("it's") == "'it'\\''s'");
  CHECK(report::shell_quoted("") == "''");
  CHECK(report::shell_quoted("$HOME") == "'$HOME'");
}

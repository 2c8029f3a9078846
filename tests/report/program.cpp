#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/report/program.hpp>

#include "../core/file_folder.hpp"

namespace report = snnbd::report;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

TEST_CASE("A program is found in absolute folders alone", "[report]") {
  const snnbd_tests::Folder folder;
  const std::string inner = folder.at("bin");
  fs::create_directories(inner + "/folder");
  std::ofstream{inner + "/tool"} << "#!/bin/sh\n";
  CHECK(report::find_program("tool", inner).empty());  // nobody may run it
  fs::permissions(inner + "/tool", fs::perms::owner_all);
  CHECK(report::find_program("tool", inner) == inner + "/tool");
  CHECK(report::find_program("tool", "::bin:/nowhere:" + inner + ":") == inner + "/tool");
  CHECK(report::find_program("folder", inner).empty());
  CHECK(report::find_program("tool", "").empty());
  fs::current_path(folder.path);
  CHECK(report::find_program("tool", "bin:").empty());
  fs::current_path("/");
}

TEST_CASE("A program's status and both its outputs come back", "[report]") {
  const auto result = report::run_program(
      "/bin/sh", {"-c", "pwd; cat; printf '%s|' \"$@\" >&2; exit 3", "sh", "a b", "$(id)", "'"},
      "/");
  CHECK(result.status == 3);
  CHECK(result.message == "/\na b|$(id)|'|");
}

TEST_CASE("A program that prints much is read to its end", "[report]") {
  const auto result =
      report::run_program("/bin/sh", {"-c", "head -c 300000 /dev/zero; exit 0"}, "/");
  CHECK(result.status == 0);
  CHECK(result.message.size() >= 65'536);
  CHECK(result.message.size() < 70'000);
}

TEST_CASE("A program that a signal ends says so", "[report]") {
  CHECK(report::run_program("/bin/sh", {"-c", "kill -9 $$"}, "/").status == 128 + 9);
}

TEST_CASE("What cannot be started is refused by its name", "[report]") {
  CHECK_THROWS_WITH(report::run_program("/nowhere/tool", {}, "/"),
                    "/nowhere/tool: expected a program that can be run, found it could not be "
                    "started");
  CHECK_THROWS_WITH(report::run_program("/bin/sh", {}, "/nowhere"), Contains("/bin/sh"));
}

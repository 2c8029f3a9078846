#include "failures.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

#include <fcntl.h>

#include <snnbd/core/file.hpp>

using namespace snnbd_tests;
using snnbd::detail::FileOperations;
using snnbd::detail::system_file_operations;

TEST_CASE("Faults are met where they are set", "[core]") {
  CHECK_FALSE(attempt<AllocationFault>([] {}, 0, false).fired);
  const auto allocate_twice = [] {
    for (int round = 0; round < 2; ++round) std::vector<int>(100).front() = 1;
  };
  for (const long number : {0, 1}) {
    const Attempt met = attempt<AllocationFault>(allocate_twice, number, false);
    CHECK(met.fired);
    CHECK(met.refused);
  }
  CHECK_FALSE(attempt<AllocationFault>(allocate_twice, 2, false).fired);
  const long before = allocations_alive();
  const std::vector<int> kept(100);
  CHECK(allocations_alive() == before + 1);
}

TEST_CASE("Whatever fails while a file is written, nothing is lost", "[core]") {
  check_writer([](const std::string& path) {
    snnbd::write_file_atomically(path, std::string(100'000, 'x'));
  });
}

TEST_CASE("Whatever fails while folders are made, no unfinished file stays in them", "[core]") {
  const Folder folder;
  const std::string path = folder.at("new/folders/file");
  const auto before = [&] { std::filesystem::remove_all(folder.path / "new"); };
  with_each_failure(
      before, [&] { snnbd::write_file_atomically(path, std::string_view{"text"}); },
      [&](const Attempt& last) {
        const bool there = std::filesystem::exists(path);
        if (there) REQUIRE(content_of(path) == "text");
        if (!last.refused || last.renamed) REQUIRE(there);
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder.path})
          REQUIRE((entry.is_directory() || entry.path() == path));
      });
}

TEST_CASE("Whatever fails while an old unfinished file is removed, the new one is written",
          "[core]") {
  const Folder folder;
  const std::string path = folder.at("file");
  const std::string old = folder.at(".snnbd-1-0.tmp");
  const auto before = [&] {
    std::filesystem::remove(path);
    std::ofstream{old} << "unfinished";
    std::filesystem::last_write_time(
        old, std::filesystem::file_time_type::clock::now() - std::chrono::hours{2});
  };
  int removed = 0;
  with_each_failure(
      before, [&] { snnbd::write_file_atomically(path, std::string_view{"text"}); },
      [&](const Attempt& last) {
        if (!last.refused) REQUIRE(content_of(path) == "text");
        removed += std::filesystem::exists(old) ? 0 : 1;
        std::filesystem::remove(old);
        REQUIRE(folder.entries() <= 1);
      });
  CHECK(removed > 10);
}

TEST_CASE("Whatever fails while a file is read, it is read whole or refused", "[core]") {
  const Folder folder;
  const std::string path = folder.at("file");
  snnbd::write_file_atomically(path, std::string(100'000, 'x'));
  check_reader([&] { return snnbd::read_file(path, 1U << 20U); });
}

TEST_CASE("Calls that do a part or are interrupted are made again", "[core]") {
  const Folder folder;
  static std::atomic<int> turn{0};
  FileOperations halting = system_file_operations();
  halting.read = [](int descriptor, void* bytes, std::size_t count) -> ssize_t {
    errno = EINTR;
    return turn.fetch_add(1) % 3 == 0
               ? -1
               : system_file_operations().read(descriptor, bytes, std::min<std::size_t>(count, 7));
  };
  halting.write = [](int descriptor, const void* bytes, std::size_t count) -> ssize_t {
    errno = EINTR;
    return turn.fetch_add(1) % 3 == 0
               ? -1
               : system_file_operations().write(descriptor, bytes, std::min<std::size_t>(count, 5));
  };
  // File systems that cannot flush or lock say so.
  halting.flush = [](int) {
    errno = EINVAL;
    return -1;
  };
  halting.lock = [](int, int) {
    errno = ENOLCK;
    return -1;
  };
  std::string text;
  for (int number = 0; number < 3000; ++number) text += std::to_string(number);
  const Replaced replaced{halting};
  snnbd::write_file_atomically(folder.at("file"), text);
  CHECK(text_of(folder.at("file")) == text);
}

TEST_CASE("A file that grows or shrinks while it is read comes as it is", "[core]") {
  const Folder folder;
  const std::string path = folder.at("file");
  std::ofstream{path} << std::string(10'000, 'x');
  static long claimed = 0;
  FileOperations lying = system_file_operations();
  lying.status = [](int descriptor, struct stat* result) {
    const int done = system_file_operations().status(descriptor, result);
    result->st_size = claimed;
    return done;
  };
  const Replaced replaced{lying};
  for (const long size : {0L, 1L, 9'999L, 10'000L, 10'001L, 50'000L}) {
    claimed = size;
    CHECK(snnbd::read_file(path, 100'000).size() == 10'000);
  }
  claimed = 5'000;
  CHECK_THROWS_WITH(snnbd::read_file(path, 9'999),
                    Catch::Contains("at most 9999 bytes, found more"));
}

TEST_CASE("What memory has no room for is refused by name", "[core]") {
  const Folder folder;
  const std::string path = folder.at("file");
  std::ofstream{path} << "x";
  static constexpr long most = std::numeric_limits<long>::max() / 2;
  FileOperations lying = system_file_operations();
  lying.status = [](int descriptor, struct stat* result) {
    const int done = system_file_operations().status(descriptor, result);
    result->st_size = most;
    return done;
  };
  const Replaced replaced{lying};
  CHECK_THROWS_WITH(snnbd::read_file(path, std::numeric_limits<std::uint64_t>::max()),
                    Catch::Contains(path) && Catch::Contains("memory has room for"));
}

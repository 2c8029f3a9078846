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

namespace {

constexpr long never = -1;
std::atomic<long> failing_allocation{never};
std::atomic<bool> failing_behind{false};
std::atomic<long> allocations{0};
std::atomic<bool> allocation_failed{false};
std::atomic<long> alive{0};
std::atomic<std::size_t> asked_for{0};

std::atomic<long> failing_call{never};
std::atomic<int> reason_of_failure{0};
std::atomic<long> calls{0};
std::atomic<bool> call_failed{false};
std::atomic<bool> was_renamed{false};

bool allocation_fails() {
  const long failing = failing_allocation.load();
  if (failing == never) return false;
  const long number = allocations.fetch_add(1);
  if (number != failing && !(failing_behind.load() && number > failing)) return false;
  allocation_failed = true;
  return true;
}

void* allocate(std::size_t size, std::size_t alignment) noexcept {
  // A sanitizer stops a program that asks for more.
  constexpr std::size_t most = std::size_t{1} << 39U;
  if (size > most || allocation_fails()) return nullptr;
  const std::size_t room = size == 0 ? 1 : size;
  asked_for.fetch_add(room, std::memory_order_relaxed);
  void* memory =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(room)
          : std::aligned_alloc(alignment, (room + alignment - 1) / alignment * alignment);
  if (memory != nullptr) alive.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* memory = allocate(size, alignment);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}

void release(void* memory) noexcept {
  if (memory != nullptr) alive.fetch_sub(1, std::memory_order_relaxed);
  std::free(memory);
}

bool call_fails() {
  if (calls.fetch_add(1) != failing_call.load()) return false;
  call_failed = true;
  errno = reason_of_failure.load();
  return true;
}

FileOperations failing_operations() {
  return {
      [](const char* path, int flags, mode_t mode) {
        return call_fails() ? -1 : system_file_operations().open(path, flags, mode);
      },
      [](int descriptor, struct stat* result) {
        return call_fails() ? -1 : system_file_operations().status(descriptor, result);
      },
      [](int descriptor, void* bytes, std::size_t count) -> ssize_t {
        return call_fails() ? -1 : system_file_operations().read(descriptor, bytes, count);
      },
      [](int descriptor, const void* bytes, std::size_t count) -> ssize_t {
        return call_fails() ? -1 : system_file_operations().write(descriptor, bytes, count);
      },
      // To wait for the disk would take most of the time.
      [](int) { return call_fails() ? -1 : 0; },
      [](int descriptor, int operation) {
        return call_fails() ? -1 : system_file_operations().lock(descriptor, operation);
      },
      [](int descriptor) {
        return call_fails() ? -1 : system_file_operations().duplicate(descriptor);
      },
      // The descriptor is gone whatever close() says.
      [](int descriptor) {
        const int result = system_file_operations().close(descriptor);
        return call_fails() ? -1 : result;
      },
      [](const char* from, const char* to) {
        if (call_fails()) return -1;
        const int result = system_file_operations().rename(from, to);
        was_renamed = result == 0;
        return result;
      },
      [](const char* path, mode_t mode) {
        return call_fails() ? -1 : system_file_operations().make_folder(path, mode);
      },
      [](const char* path) { return call_fails() ? -1 : system_file_operations().remove(path); }};
}

}  // namespace

// All of them: a sanitizer has its own of those that are left out.
void* operator new(std::size_t size) {
  return allocate_or_throw(size, 0);
}
void* operator new[](std::size_t size) {
  return allocate_or_throw(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, 0);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete[](void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  release(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  release(memory);
}

namespace snnbd_tests {

AllocationFault::AllocationFault(long number, bool all_behind) {
  allocations = 0;
  allocation_failed = false;
  failing_behind = all_behind;
  failing_allocation = number;
}

AllocationFault::~AllocationFault() {
  failing_allocation = never;
}

bool AllocationFault::fired() {
  return allocation_failed;
}

long allocations_alive() {
  return alive;
}

std::size_t allocated_bytes() {
  return asked_for;
}

FileFault::FileFault(long number, int reason) {
  static const FileOperations failing = failing_operations();
  calls = 0;
  call_failed = false;
  was_renamed = false;
  reason_of_failure = reason;
  failing_call = number;
  snnbd::detail::replace_file_operations(&failing);
}

FileFault::~FileFault() {
  snnbd::detail::replace_file_operations(nullptr);
}

bool FileFault::fired() {
  return call_failed;
}

bool FileFault::renamed() {
  return was_renamed;
}

}  // namespace snnbd_tests

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

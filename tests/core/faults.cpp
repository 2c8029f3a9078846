#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

#include <fcntl.h>

#include <snnbd/core/file.hpp>

#include "failures.hpp"

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

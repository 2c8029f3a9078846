#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <xsimd/memory/xsimd_aligned_allocator.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA {

inline constexpr std::size_t cache_line = 64;

/// Values kept free behind a buffer: kernels load whole registers and drop what is past the end.
inline constexpr Index spare_values = 64;

/// A vector whose first value begins a cache line, so that no register of it lies on two.
template <class Value>
using AlignedVector = std::vector<Value, xsimd::aligned_allocator<Value, cache_line>>;

/// Memory on a 64-byte boundary, not initialized.
class AlignedBytes {
 public:
  AlignedBytes() = default;
  explicit AlignedBytes(std::size_t count) : size_{count} {
    if (count == 0) return;
    data_.reset(static_cast<std::byte*>(::operator new (count, std::align_val_t{cache_line})));
  }
  [[nodiscard]] std::byte* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Release {
    void operator()(std::byte* data) const {
      ::operator delete (data, std::align_val_t{cache_line});
    }
  };
  std::unique_ptr<std::byte[], Release> data_;
  std::size_t size_ = 0;
};

/// Hands out 64-byte aligned pieces of one block. Filled twice with the same requests: first as a
/// counter without memory, which is the estimate, then with the block of that size.
class Arena {
 public:
  /// A counter: pieces have no memory, `used()` tells what they would take.
  Arena() = default;

  /// An arena with memory for `bytes`.
  explicit Arena(std::size_t bytes) : block_{bytes}, counting_{false} {}

  /// A piece for `count` values, not initialized.
  template <class Value>
  std::span<Value> take(Index count) {
    const auto wanted = static_cast<std::size_t>(count);
    if (count < 0 || wanted > (std::numeric_limits<std::size_t>::max() / 4) / sizeof(Value))
      reject("memory of a pass", "a size that fits into the address space", std::to_string(count));
    const std::size_t start = used_;
    const std::size_t end =
        start + (wanted * sizeof(Value) + cache_line - 1) / cache_line * cache_line;
    if (!counting_ && end > block_.size())
      reject("memory of a pass", std::to_string(block_.size()) + " bytes", std::to_string(end));
    used_ = end;
    if (counting_) return {static_cast<Value*>(nullptr), 0};
    return {reinterpret_cast<Value*>(block_.data() + start), wanted};
  }

  /// Begins again with memory for at least `bytes`. What lies there stays unless it has to grow.
  void restart(std::size_t bytes) {
    if (counting_ || bytes > block_.size()) *this = Arena{bytes};
    used_ = 0;
  }

  /// Gives everything from `mark` on back. What was taken since then must not be used any more.
  void rewind(std::size_t mark) { used_ = mark; }

  [[nodiscard]] std::size_t used() const { return used_; }
  [[nodiscard]] bool counting() const { return counting_; }

 private:
  AlignedBytes block_;
  std::size_t used_ = 0;
  bool counting_ = true;
};

/// Room for `count` values that this thread may use until it asks again for the same purpose.
template <class Purpose, class Value>
Value* thread_scratch(Index count) {
  thread_local AlignedBytes bytes;
  const std::size_t wanted = static_cast<std::size_t>(count) * sizeof(Value);
  if (bytes.size() < wanted) bytes = AlignedBytes{wanted};
  return reinterpret_cast<Value*>(bytes.data());
}

namespace detail {
/// Its address tells one purpose of scratch memory from the others.
template <class Purpose>
inline constexpr char purpose_mark = 0;
}  // namespace detail

/// Buffers that grow to the largest request and are used again: what a layer needs only while it
/// works. A buffer is told by its purpose, a type that its user names; who asks again for the same
/// purpose gets the same memory.
class Scratch {
 public:
  /// Room for `count` values, not initialized, with `spare_values` behind them.
  template <class Purpose, class Value>
  std::span<Value> get(Index count) {
    AlignedBytes& bytes = buffer(&detail::purpose_mark<Purpose>);
    const auto wanted = static_cast<std::size_t>(count) * sizeof(Value) +
                        static_cast<std::size_t>(spare_values) * sizeof(Value);
    if (bytes.size() < wanted) bytes = AlignedBytes{wanted};
    return {reinterpret_cast<Value*>(bytes.data()), static_cast<std::size_t>(count)};
  }

  /// Bytes held at present.
  [[nodiscard]] std::size_t size() const {
    std::size_t total = 0;
    for (const Buffer& each : buffers_) total += each.bytes.size();
    return total;
  }

 private:
  struct Buffer {
    const void* purpose = nullptr;
    AlignedBytes bytes;
  };

  AlignedBytes& buffer(const void* purpose) {
    for (Buffer& each : buffers_)
      if (each.purpose == purpose) return each.bytes;
    buffers_.push_back({purpose, {}});
    return buffers_.back().bytes;
  }

  std::vector<Buffer> buffers_;
};

}  // namespace snnbd::inline SNNBD_ISA

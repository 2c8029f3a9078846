#pragma once

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/stat.h>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace detail {

inline Descriptor open_regular_file(const std::string& path) {
  struct stat status {};
  return open_regular_file(path, status);
}

}  // namespace detail

SNNBD_COLD ByteStream::ByteStream(const std::string& path, std::size_t capacity)
    : subject_{path},
      file_{detail::open_regular_file(path)},
      capacity_{std::max<std::size_t>(capacity, 1)} {}

SNNBD_COLD ByteStream::ByteStream(std::span<const std::byte> bytes, std::string subject,
                                  std::size_t capacity)
    : subject_{std::move(subject)},
      capacity_{std::max<std::size_t>(capacity, 1)},
      rest_{bytes},
      at_end_{true} {}

SNNBD_INLINE std::span<const std::byte> ByteStream::peek(std::size_t least) {
  if (rest_.size() < least && !at_end_) fill(least);
  return rest_.first(std::min(rest_.size(), std::max(capacity_, least)));
}

SNNBD_INLINE void ByteStream::skip(std::size_t count) {
  assert(count <= rest_.size());
  rest_ = rest_.subspan(count);
  position_ += count;
}

SNNBD_INLINE void ByteStream::fill(std::size_t least) {
  if (buffer_.size() < std::max(capacity_, least))
    read_within_memory(subject_, [&] {
      std::vector<std::byte> larger(std::max(capacity_, least));
      std::copy(rest_.begin(), rest_.end(), larger.begin());
      buffer_.swap(larger);
    });
  else if (!rest_.empty())
    std::memmove(buffer_.data(), rest_.data(), rest_.size());
  std::size_t used = rest_.size();
  const detail::FileOperations& call = detail::file_operations();
  while (used < least && !at_end_) {
    const auto count = call.read(file_.value(), buffer_.data() + used, buffer_.size() - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int reason = errno;
      rest_ = std::span{buffer_}.first(used);
      reject(subject_, "a readable file", detail::system_message(reason));
    }
    at_end_ = count == 0;
    used += static_cast<std::size_t>(count);
  }
  rest_ = std::span{buffer_}.first(used);
}

SNNBD_INLINE std::uint64_t ByteStream::pass(std::uint64_t count) {
  std::uint64_t passed = 0;
  while (passed < count) {
    const auto there = std::min<std::uint64_t>(peek(1).size(), count - passed);
    if (there == 0) break;
    skip(static_cast<std::size_t>(there));
    passed += there;
  }
  return passed;
}

SNNBD_INLINE std::string ByteStream::line(std::size_t kept) {
  std::string text;
  for (bool ended = false; !ended;) {
    const std::span<const std::byte> bytes = peek(1);
    if (bytes.empty()) break;
    const auto end = std::ranges::find(bytes, std::byte{'\n'});
    ended = end != bytes.end();
    const auto length = static_cast<std::size_t>(end - bytes.begin()) + (ended ? 1 : 0);
    const std::size_t more = std::min(kept - text.size(), length);
    text.append(reinterpret_cast<const char*>(bytes.data()), more);
    skip(length);
  }
  return text;
}

}  // namespace snnbd::inline SNNBD_ISA

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#if defined(SNNBD_HAS_ZSTD)
#include <zstd.h>
#include <zstd_errors.h>
#endif

#include <snnbd/core/error.hpp>
#include <snnbd/format/zstd.hpp>

namespace snnbd::inline SNNBD_ISA::zstd {

#if defined(SNNBD_HAS_ZSTD)

namespace detail {

class Unpacker final : public packed::Unpacker {
 public:
  Unpacker() {
    if (context_ == nullptr) throw std::bad_alloc{};
  }
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker() override { ::ZSTD_freeDCtx(context_); }

  [[nodiscard]] std::span<const std::byte> unpack(std::span<const std::byte> packed,
                                                  std::vector<std::byte>& room, std::uint64_t limit,
                                                  std::string_view subject) override;

 private:
  ZSTD_DCtx* context_ = ::ZSTD_createDCtx();
};

SNNBD_INLINE std::span<const std::byte> Unpacker::unpack(std::span<const std::byte> packed,
                                                         std::vector<std::byte>& room,
                                                         std::uint64_t limit,
                                                         std::string_view subject) {
  // The blocks are unpacked where they are wanted: a window of its own, as large as the frame says,
  // is what unpacking piece by piece would take. Where the room is too small, it is doubled and the
  // frame begun again, which together costs no more than twice the time.
  constexpr std::size_t smallest_room = std::size_t{1} << 16U;
  const std::size_t size = ::ZSTD_findFrameCompressedSize(packed.data(), packed.size());
  if (::ZSTD_isError(size) != 0)
    reject(subject, "an intact Zstandard frame", ::ZSTD_getErrorName(size));
  if (size != packed.size())
    reject(subject, "one Zstandard frame",
           std::to_string(packed.size() - size) + " bytes behind it");
  const auto grow = [&](std::size_t wanted) {
    room.resize(static_cast<std::size_t>(std::min<std::uint64_t>(wanted, limit) + 1));
  };
  if (room.size() < smallest_room) grow(smallest_room);
  while (true) {
    const std::size_t used =
        ::ZSTD_decompressDCtx(context_, room.data(), room.size(), packed.data(), packed.size());
    if (::ZSTD_isError(used) == 0) {
      if (used > limit)
        reject(subject, "at most " + std::to_string(limit) + " bytes unpacked", used);
      return std::span{room}.first(used);
    }
    if (::ZSTD_getErrorCode(used) != ZSTD_error_dstSize_tooSmall)
      reject(subject, "an intact Zstandard frame", ::ZSTD_getErrorName(used));
    if (room.size() > limit)
      reject(subject, "at most " + std::to_string(limit) + " bytes unpacked", "more");
    grow(2 * room.size());
  }
}

}  // namespace detail

SNNBD_COLD bool is_available() {
  return true;
}

SNNBD_COLD std::unique_ptr<packed::Unpacker> make_unpacker(std::string_view /*subject*/) {
  return std::make_unique<detail::Unpacker>();
}

#else

SNNBD_COLD bool is_available() {
  return false;
}

SNNBD_COLD std::unique_ptr<packed::Unpacker> make_unpacker(std::string_view subject) {
  reject(subject, "a build with libzstd, as it is packed with Zstandard",
         "one without: install libzstd-dev and configure with -DSNNBD_ZSTD=ON");
}

#endif

}  // namespace snnbd::inline SNNBD_ISA::zstd

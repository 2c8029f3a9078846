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

#if defined(SNNBD_HAS_LZ4)
#include <lz4frame.h>
#endif

#include <snnbd/core/error.hpp>
#include <snnbd/format/lz4.hpp>

namespace snnbd::inline SNNBD_ISA::lz4 {

#if defined(SNNBD_HAS_LZ4)

namespace detail {

class Unpacker final : public packed::Unpacker {
 public:
  Unpacker() {
    if (::LZ4F_isError(::LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) != 0)
      throw std::bad_alloc{};
  }
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker() override { ::LZ4F_freeDecompressionContext(context_); }

  [[nodiscard]] std::span<const std::byte> unpack(std::span<const std::byte> packed,
                                                  std::vector<std::byte>& room, std::uint64_t limit,
                                                  std::string_view subject) override;

 private:
  LZ4F_dctx* context_ = nullptr;
};

SNNBD_INLINE std::span<const std::byte> Unpacker::unpack(std::span<const std::byte> packed,
                                                         std::vector<std::byte>& room,
                                                         std::uint64_t limit,
                                                         std::string_view subject) {
  constexpr std::size_t smallest_room = std::size_t{1} << 16U;
  // After a frame that was refused the context stands within it.
  ::LZ4F_resetDecompressionContext(context_);
  std::size_t used = 0;
  while (true) {
    if (used > limit)
      reject(subject, "at most " + std::to_string(limit) + " bytes unpacked", "more");
    if (used == room.size())
      room.resize(static_cast<std::size_t>(
          std::min<std::uint64_t>(std::max(2 * used, smallest_room), limit) + 1));
    std::size_t made = room.size() - used;
    std::size_t taken = packed.size();
    const std::size_t hint =
        ::LZ4F_decompress(context_, room.data() + used, &made, packed.data(), &taken, nullptr);
    if (::LZ4F_isError(hint) != 0)
      reject(subject, "an intact LZ4 frame", ::LZ4F_getErrorName(hint));
    used += made;
    packed = packed.subspan(taken);
    if (hint == 0) break;
    if (made == 0 && taken == 0 && used < room.size())
      reject(subject, "an intact LZ4 frame", "a truncated one");
  }
  if (used > limit) reject(subject, "at most " + std::to_string(limit) + " bytes unpacked", used);
  if (!packed.empty())
    reject(subject, "one LZ4 frame", std::to_string(packed.size()) + " bytes behind it");
  return std::span{room}.first(used);
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
  reject(subject, "a build with liblz4, as it is packed with LZ4",
         "one without: install liblz4-dev and configure with -DSNNBD_LZ4=ON");
}

#endif

}  // namespace snnbd::inline SNNBD_ISA::lz4

#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

#if defined(SNNBD_HAS_LZ4)
#include <lz4frame.h>
#endif
#if defined(SNNBD_HAS_ZSTD)
#include <zstd.h>
#endif

namespace snnbd_tests {

#if defined(SNNBD_HAS_LZ4)
/// One LZ4 frame.
inline std::vector<std::byte> lz4_frame(std::span<const std::byte> bytes, int level = 0) {
  LZ4F_preferences_t preferences{};
  preferences.compressionLevel = level;
  preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  std::vector<std::byte> packed(::LZ4F_compressFrameBound(bytes.size(), &preferences));
  const std::size_t size =
      ::LZ4F_compressFrame(packed.data(), packed.size(), bytes.data(), bytes.size(), &preferences);
  if (::LZ4F_isError(size) != 0) throw std::runtime_error{"liblz4 cannot pack"};
  packed.resize(size);
  return packed;
}
#endif

#if defined(SNNBD_HAS_ZSTD)
/// One Zstandard frame.
inline std::vector<std::byte> zstd_frame(std::span<const std::byte> bytes, int level = 3) {
  std::vector<std::byte> packed(::ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      ::ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), level);
  if (::ZSTD_isError(size) != 0) throw std::runtime_error{"libzstd cannot pack"};
  packed.resize(size);
  return packed;
}
#endif

}  // namespace snnbd_tests

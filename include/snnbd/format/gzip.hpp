#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <snnbd/core/config.hpp>

/// Files that gzip packed.
namespace snnbd::inline SNNBD_ISA::gzip {

/// Whether bytes begin as a gzip stream does.
[[nodiscard]] inline bool is_packed(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B};
}

/// Unpacks what gzip would, piece by piece: streams one after another, zero bytes after the last.
/// Memory grows with what was unpacked, not with what a stream claims.
class Inflater {
 public:
  /// @param path what errors name; it and `packed` must outlive the inflater
  /// @param packed begins with a stream
  Inflater(const std::string& path, std::span<const std::byte> packed);
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater();

  /// Appends to `bytes` until there are `wanted` of them or nothing is left to unpack.
  ///
  /// @throws Error if a stream is damaged or cut short, or if something else follows the last one
  void extend(std::vector<std::byte>& bytes, std::size_t wanted);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace snnbd::inline SNNBD_ISA::gzip

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/gzip.ipp>
#endif

#pragma once

#include <memory>
#include <string_view>

#include <snnbd/core/config.hpp>
#include <snnbd/format/unpacker.hpp>

/// Frames that LZ4 packed, read by liblz4, which a build may lack.
namespace snnbd::inline SNNBD_ISA::lz4 {

/// Whether the library was built with liblz4 (`SNNBD_HAS_LZ4`).
[[nodiscard]] bool is_available();

/// What unpacks frames of LZ4 (`LZ4F`).
///
/// @param subject what the error names, mostly the file
/// @throws Error without liblz4; it says which package to install, and how to configure
[[nodiscard]] std::unique_ptr<packed::Unpacker> make_unpacker(std::string_view subject);

}  // namespace snnbd::inline SNNBD_ISA::lz4

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/lz4.ipp>
#endif

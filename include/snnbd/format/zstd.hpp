#pragma once

#include <memory>
#include <string_view>

#include <snnbd/core/config.hpp>
#include <snnbd/format/unpacker.hpp>

/// Frames that Zstandard packed, read by libzstd, which a build may lack.
namespace snnbd::inline SNNBD_ISA::zstd {

/// Whether the library was built with libzstd (`SNNBD_HAS_ZSTD`).
[[nodiscard]] bool is_available();

/// What unpacks frames of Zstandard.
///
/// @param subject what the error names, mostly the file
/// @throws Error without libzstd; it says which package to install, and how to configure
[[nodiscard]] std::unique_ptr<packed::Unpacker> make_unpacker(std::string_view subject);

}  // namespace snnbd::inline SNNBD_ISA::zstd

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/zstd.ipp>
#endif

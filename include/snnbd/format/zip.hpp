#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>

/// Archives in the zip format, as far as `.npz` needs them: stored and deflated members, no
/// encryption, no parts, none of the fields of zip64 that files of more than 4 GB need.
namespace snnbd::inline SNNBD_ISA::zip {

/// One file of an archive.
struct Member {
  std::string name;
  std::vector<std::byte> bytes;

  friend bool operator==(const Member&, const Member&) = default;
};

/// The bytes of an archive, its members stored in the order given. The same members give the same
/// bytes: all are dated 1 January 1980.
///
/// @throws Error if a name is empty, used twice or longer than 65,535 bytes, or if the archive
///   would need zip64
std::vector<std::byte> encode(std::span<const Member> members);

/// The members of an archive, in the order of its directory. Memory grows with what is there, not
/// with what is claimed.
///
/// @param subject what an error names, mostly the path
/// @param limit the most bytes of all members together
/// @throws Error if the archive breaks the format, if members overlap or share a name, if a member
///   is packed otherwise than by deflate, encrypted, or has another CRC-32 than the directory
///   says, or if zip64 is needed to read it
std::vector<Member> decode(std::span<const std::byte> bytes, std::string_view subject,
                           std::uint64_t limit = std::uint64_t{1} << 34U);

}  // namespace snnbd::inline SNNBD_ISA::zip

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/zip.ipp>
#endif

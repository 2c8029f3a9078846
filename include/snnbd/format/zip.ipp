#pragma once

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include <zlib.h>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/format/zip.hpp>

namespace snnbd::inline SNNBD_ISA::zip {

namespace detail {

inline constexpr std::uint32_t local_magic = 0x04034B50;
inline constexpr std::uint32_t entry_magic = 0x02014B50;
inline constexpr std::uint32_t end_magic = 0x06054B50;
inline constexpr std::size_t local_size = 30;
inline constexpr std::size_t entry_size = 46;
inline constexpr std::size_t end_size = 22;
inline constexpr std::uint32_t zip64_mark = 0xFFFFFFFF;
inline constexpr std::uint16_t short_zip64_mark = 0xFFFF;
inline constexpr std::uint16_t utf8_flag = 0x800;

/// Numbers are little-endian, whatever the machine is.
class Writer {
 public:
  Writer& number(std::uint64_t value, unsigned size) {
    for (unsigned place = 0; place < size; ++place)
      bytes.push_back(static_cast<std::byte>(value >> 8U * place & 0xFFU));
    return *this;
  }
  Writer& two(std::uint64_t value) { return number(value, 2); }
  Writer& four(std::uint64_t value) { return number(value, 4); }
  Writer& add(std::span<const std::byte> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return *this;
  }
  Writer& add(std::string_view text) { return add(std::as_bytes(std::span{text})); }

  std::vector<std::byte> bytes;
};

/// The number of `size` bytes at a place that is there.
inline std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t place, unsigned size) {
  std::uint32_t value = 0;
  for (unsigned i = size; i-- > 0;)
    value = value << 8U | std::to_integer<std::uint32_t>(bytes[place + i]);
  return value;
}

inline std::uint32_t checksum(std::span<const std::byte> bytes) {
  return crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// What the directory says of a member.
struct Entry {
  std::string name;
  std::uint32_t method = 0;
  std::uint32_t checksum = 0;
  std::size_t packed = 0;
  std::size_t size = 0;
  std::size_t local = 0;
  std::size_t first = 0;  ///< byte of the content
};

/// Where the record is that ends an archive, behind which only its own comment may stand.
inline std::size_t find_end(std::span<const std::byte> bytes, std::string_view subject) {
  constexpr std::size_t longest_comment = 65'535;
  for (std::size_t comment = 0; bytes.size() >= end_size + comment && comment <= longest_comment;
       ++comment) {
    const std::size_t place = bytes.size() - end_size - comment;
    if (number_at(bytes, place, 4) == end_magic && number_at(bytes, place + 20, 2) == comment)
      return place;
  }
  reject(subject, "a zip archive, which ends with a directory", "none");
}

[[noreturn]] inline void reject_zip64(std::string_view subject) {
  reject(subject, "a zip archive of less than 4 GB and 65535 members", "one that needs zip64");
}

/// Reads the directory.
inline std::vector<Entry> entries_of(std::span<const std::byte> bytes, std::string_view subject) {
  const std::size_t end = find_end(bytes, subject);
  const std::uint32_t count = number_at(bytes, end + 10, 2);
  const std::uint32_t size = number_at(bytes, end + 12, 4);
  const std::uint32_t first = number_at(bytes, end + 16, 4);
  if (count == short_zip64_mark || size == zip64_mark || first == zip64_mark) reject_zip64(subject);
  if (number_at(bytes, end + 4, 2) != 0 || number_at(bytes, end + 6, 2) != 0 ||
      number_at(bytes, end + 8, 2) != count)
    reject(subject, "a zip archive in one part", "one of several");
  if (first > end || size != end - first)
    reject(subject, "a directory that ends at byte " + std::to_string(end),
           std::to_string(size) + " bytes from " + std::to_string(first) + " on");
  std::vector<Entry> entries;
  std::size_t place = first;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (end - place < entry_size || number_at(bytes, place, 4) != entry_magic)
      reject(subject, std::to_string(count) + " members in its directory", i);
    const auto at = [&](std::size_t offset, unsigned bytes_of_it) {
      return number_at(bytes, place + offset, bytes_of_it);
    };
    const std::size_t name = at(28, 2);
    const std::size_t whole = entry_size + name + at(30, 2) + at(32, 2);
    if (end - place < whole) reject(subject, "a whole directory", "one that is cut short");
    Entry& entry = entries.emplace_back();
    entry.name.assign(reinterpret_cast<const char*>(bytes.data()) + place + entry_size, name);
    const std::string where = std::string{subject} + ", member " + snnbd::quoted(entry.name);
    if (entry.name.empty()) reject(where, "a name of 1 to 65535 bytes", "none");
    if ((at(8, 2) & 1U) != 0) reject(where, "a member that is not encrypted", "an encrypted one");
    entry.method = at(10, 2);
    entry.checksum = at(16, 4);
    entry.packed = at(20, 4);
    entry.size = at(24, 4);
    entry.local = at(42, 4);
    if (entry.packed == zip64_mark || entry.size == zip64_mark || entry.local == zip64_mark)
      reject_zip64(subject);
    if (entry.method != 0 && entry.method != Z_DEFLATED)
      reject(where, "a member that is stored or deflated",
             "method " + std::to_string(entry.method));
    place += whole;
  }
  if (place != end)
    reject(subject, "nothing between the members of its directory and its end",
           std::to_string(end - place) + " bytes");
  return entries;
}

/// Finds the content of each member, and refuses members that share bytes: a small file could
/// unpack to anything.
inline void locate(std::vector<Entry>& entries, std::span<const std::byte> bytes,
                   std::string_view subject) {
  std::vector<std::pair<std::size_t, std::size_t>> taken;
  for (Entry& entry : entries) {
    const std::string where = std::string{subject} + ", member " + snnbd::quoted(entry.name);
    if (bytes.size() < local_size || entry.local > bytes.size() - local_size ||
        number_at(bytes, entry.local, 4) != local_magic ||
        number_at(bytes, entry.local + 8, 2) != entry.method)
      reject(where, "its header at byte " + std::to_string(entry.local), "something else");
    // Sizes stand in the directory: here they may be left out, or written in the way of zip64.
    entry.first = entry.local + local_size + number_at(bytes, entry.local + 26, 2) +
                  number_at(bytes, entry.local + 28, 2);
    if (entry.first > bytes.size() || entry.packed > bytes.size() - entry.first)
      reject(where, std::to_string(entry.packed) + " bytes, as the directory says",
             entry.first > bytes.size() ? std::size_t{0} : bytes.size() - entry.first);
    if (entry.method == 0 && entry.size != entry.packed)
      reject(where, "a stored member of " + std::to_string(entry.size) + " bytes", entry.packed);
    taken.emplace_back(entry.local, entry.first + entry.packed);
  }
  std::sort(taken.begin(), taken.end());
  for (std::size_t i = 1; i < taken.size(); ++i)
    if (taken[i].first < taken[i - 1].second)
      reject(subject, "members that lie apart", "two that share bytes");
}

/// What deflate packed, which must be `size` bytes.
inline std::vector<std::byte> inflate(std::span<const std::byte> packed, std::size_t size,
                                      std::string_view where) {
  z_stream stream{};
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  constexpr int without_header = -MAX_WBITS;
  if (::inflateInit2(&stream, without_header) != Z_OK) throw std::bad_alloc{};
  struct End {
    z_stream& stream;
    ~End() { ::inflateEnd(&stream); }
  } const at_the_end{stream};
  constexpr std::size_t piece = std::size_t{1} << 20U;
  std::vector<std::byte> bytes;
  int result = Z_OK;
  while (result == Z_OK && bytes.size() <= size) {
    // One byte more than wanted: it must not be there.
    const std::size_t before = bytes.size();
    bytes.resize(before + std::min(piece, size + 1 - before));
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + before);
    stream.avail_out = static_cast<uInt>(bytes.size() - before);
    result = ::inflate(&stream, Z_NO_FLUSH);
    bytes.resize(bytes.size() - stream.avail_out);
  }
  if (result == Z_MEM_ERROR) throw std::bad_alloc{};
  if (bytes.size() > size) reject(where, std::to_string(size) + " bytes unpacked", "more");
  if (result != Z_STREAM_END)
    reject(where, "an intact deflate stream",
           result == Z_BUF_ERROR   ? "a truncated one"
           : stream.msg != nullptr ? stream.msg
                                   : "a damaged one");
  if (bytes.size() != size) reject(where, std::to_string(size) + " bytes unpacked", bytes.size());
  return bytes;
}

inline void check_names(std::vector<std::string_view> names, std::string_view subject) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) reject(subject, "names that differ", snnbd::quoted(*twice) + " twice");
}

}  // namespace detail

SNNBD_COLD std::vector<std::byte> encode(std::span<const Member> members) {
  constexpr std::uint64_t largest = detail::zip64_mark - 1;
  if (members.size() >= detail::short_zip64_mark)
    reject("zip archive", "at most 65534 members", members.size());
  std::vector<std::string_view> names;
  std::uint64_t whole = detail::end_size;
  for (const Member& member : members) {
    if (member.name.empty() || member.name.size() > detail::short_zip64_mark)
      reject("member of a zip archive", "a name of 1 to 65535 bytes", member.name.size());
    names.push_back(member.name);
    whole += detail::local_size + detail::entry_size + 2 * member.name.size();
    if (member.bytes.size() > largest || whole > largest - member.bytes.size())
      reject("zip archive", "at most 4 GB, as zip64 is not written", "more");
    whole += member.bytes.size();
  }
  detail::check_names(std::move(names), "zip archive");

  detail::Writer out;
  detail::Writer directory;
  out.bytes.reserve(static_cast<std::size_t>(whole));
  for (const Member& member : members) {
    const std::size_t place = out.bytes.size();
    const bool ascii = std::ranges::all_of(
        member.name, [](char letter) { return static_cast<unsigned char>(letter) < 0x80U; });
    constexpr std::uint64_t version = 20;
    constexpr std::uint64_t date = 1U << 5U | 1U;
    // What both headers have alike.
    detail::Writer shared;
    shared.two(version).two(ascii ? 0 : detail::utf8_flag).two(0).two(0).two(date);
    shared.four(detail::checksum(member.bytes)).four(member.bytes.size()).four(member.bytes.size());
    shared.two(member.name.size()).two(0);
    out.four(detail::local_magic).add(shared.bytes).add(member.name).add(member.bytes);
    directory.four(detail::entry_magic).two(version).add(shared.bytes);
    directory.two(0).two(0).two(0).four(0).four(place).add(member.name);
  }
  const std::size_t first = out.bytes.size();
  out.add(directory.bytes);
  out.four(detail::end_magic).two(0).two(0).two(members.size()).two(members.size());
  out.four(directory.bytes.size()).four(first).two(0);
  return std::move(out.bytes);
}

SNNBD_COLD std::vector<Member> decode(std::span<const std::byte> bytes, std::string_view subject,
                                      std::uint64_t limit) {
  std::vector<detail::Entry> entries = detail::entries_of(bytes, subject);
  detail::locate(entries, bytes, subject);
  std::vector<std::string_view> names;
  std::uint64_t whole = 0;
  for (const detail::Entry& entry : entries) {
    names.push_back(entry.name);
    whole += entry.size;
  }
  if (whole > limit)
    reject(subject, "at most " + std::to_string(limit) + " bytes unpacked", std::to_string(whole));
  detail::check_names(std::move(names), subject);
  std::vector<Member> members;
  members.reserve(entries.size());
  for (detail::Entry& entry : entries) {
    const std::string where = std::string{subject} + ", member " + snnbd::quoted(entry.name);
    const auto packed = bytes.subspan(entry.first, entry.packed);
    auto content = entry.method == 0 ? std::vector<std::byte>(packed.begin(), packed.end())
                                     : detail::inflate(packed, entry.size, where);
    const std::uint32_t found = detail::checksum(content);
    if (found != entry.checksum)
      reject(where, "content with the checksum " + crc32_text(entry.checksum), crc32_text(found));
    members.push_back({std::move(entry.name), std::move(content)});
  }
  return members;
}

}  // namespace snnbd::inline SNNBD_ISA::zip

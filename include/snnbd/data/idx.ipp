#pragma once

#include <new>
#include <span>
#include <string_view>

#include <zlib.h>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/data/idx.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail {

/// Unpacks what gzip would, piece by piece: streams one after another, zero bytes behind the last.
class Inflater {
 public:
  /// @param packed begins with a stream
  Inflater(const std::string& path, std::span<const std::byte> packed)
      : path_{path}, size_{std::ssize(packed)} {
    // zlib never writes there; it only leaves the qualifier out.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    constexpr int only_gzip = 16 + MAX_WBITS;
    check(::inflateInit2(&stream_, only_gzip));
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { ::inflateEnd(&stream_); }

  /// Appends to `bytes` until there are `wanted` of them or nothing is left to unpack.
  void extend(std::vector<std::byte>& bytes, std::size_t wanted) {
    // A file may be nothing but empty streams: the room is made once and not for each of them.
    constexpr std::size_t piece = std::size_t{1} << 20U;
    std::size_t used = bytes.size();
    while (used < wanted && goes_on()) {
      if (used == bytes.size()) bytes.resize(used + std::min(piece, wanted - used));
      stream_.next_out = reinterpret_cast<Bytef*>(bytes.data() + used);
      stream_.avail_out = static_cast<uInt>(std::min(piece, bytes.size() - used));
      const Bytef* before = stream_.next_out;
      const int result = ::inflate(&stream_, Z_NO_FLUSH);
      used += static_cast<std::size_t>(stream_.next_out - before);
      ended_ = result == Z_STREAM_END;
      if (!ended_) check(result);
    }
    bytes.resize(used);
  }

 private:
  /// Whether there is more to unpack; steps over the border of two streams.
  bool goes_on() {
    if (!ended_) return true;
    const std::span rest{stream_.next_in, stream_.avail_in};
    if (rest.size() >= 2 && rest[0] == 0x1F && rest[1] == 0x8B) {
      ended_ = false;
      check(::inflateReset(&stream_));
      return true;
    }
    const auto other = std::find_if(rest.begin(), rest.end(), [](Bytef byte) { return byte != 0; });
    if (other != rest.end())
      reject(path_, "nothing but gzip streams, and zero bytes behind the last",
             "something else from byte " + std::to_string(size_ - (rest.end() - other)) + " on");
    stream_.avail_in = 0;
    return false;
  }

  void check(int result) const {
    if (result == Z_OK) return;
    if (result == Z_MEM_ERROR) throw std::bad_alloc{};
    const bool starved = result == Z_BUF_ERROR;
    const std::string_view found = starved                  ? "a truncated one"
                                   : stream_.msg != nullptr ? stream_.msg
                                                            : "a damaged one";
    reject(path_, "an intact gzip stream", found);
  }

  const std::string& path_;
  std::ptrdiff_t size_;
  z_stream stream_{};
  bool ended_ = false;
};

/// Reads and checks the header at the start of `bytes`.
///
/// @returns the number of values that it claims
inline std::size_t parse_idx_header(const std::string& path, std::size_t rank,
                                    IdxContent& content) {
  const auto byte_at = [&](std::size_t index) {
    return std::to_integer<unsigned>(content.bytes[index]);
  };
  if (content.bytes.size() < 4)
    reject(path, "an IDX header", std::to_string(content.bytes.size()) + " bytes");
  if (byte_at(0) != 0 || byte_at(1) != 0)
    reject(path, "an IDX file, which begins with two zero bytes",
           std::to_string(byte_at(0)) + " and " + std::to_string(byte_at(1)));
  if (byte_at(2) != 8) reject(path, "values of type 8 (unsigned byte)", byte_at(2));
  if (byte_at(3) != rank)
    reject(path, std::to_string(rank) + (rank == 1 ? " dimension" : " dimensions"), byte_at(3));
  content.header = 4 + 4 * rank;
  if (content.bytes.size() < content.header)
    reject(path, "a header of " + std::to_string(content.header) + " bytes", content.bytes.size());
  std::size_t count = 1;
  // Whoever lays values out multiplies the sizes behind a zero, too.
  std::size_t extent = 1;
  std::string claimed;
  bool fits = true;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    std::size_t size = 0;
    for (std::size_t place = 0; place < 4; ++place)
      size = size << 8U | byte_at(4 + 4 * axis + place);
    claimed.append(axis == 0 ? "" : "x").append(std::to_string(size));
    content.sizes[axis] = size;
    count *= size;
    const std::size_t least = std::max<std::size_t>(size, 1);
    fits = fits && extent <= largest_idx / least;
    extent *= least;
  }
  if (!fits) reject(path, "sizes of at most " + std::to_string(largest_idx) + " values", claimed);
  return count;
}

SNNBD_INLINE IdxContent read_idx_content(const std::string& path, std::size_t rank) {
  IdxContent content;
  std::vector<std::byte> file = read_file(path, largest_idx);
  const bool packed = file.size() >= 2 && file[0] == std::byte{0x1F} && file[1] == std::byte{0x8B};
  const auto check_length = [&](std::size_t count) {
    const std::size_t found = content.bytes.size() - content.header;
    if (found != count)
      reject(path, std::to_string(count) + " values, as its header says",
             found > count && packed ? "more" : std::to_string(found));
  };
  if (!packed) {
    content.bytes = std::move(file);
    check_length(parse_idx_header(path, rank, content));
    return content;
  }
  Inflater inflater{path, file};
  inflater.extend(content.bytes, 4 + 4 * rank);
  const std::size_t count = parse_idx_header(path, rank, content);
  // One byte more than wanted: it must not be there, and what follows is looked through for it;
  // zlib checks its own sums on the way.
  inflater.extend(content.bytes, content.header + count + 1);
  check_length(count);
  return content;
}

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::data

#pragma once

#include <span>
#include <string_view>

#include <zlib.h>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/data/idx.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail {

/// Unpacks one gzip stream piece by piece.
class Inflater {
 public:
  Inflater(const std::string& path, std::span<const std::byte> packed) : path_{path} {
    // zlib never writes there; it only leaves the qualifier out.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    constexpr int only_gzip = 16 + MAX_WBITS;
    if (::inflateInit2(&stream_, only_gzip) != Z_OK) reject(path, "memory for zlib", "none");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { ::inflateEnd(&stream_); }

  /// Appends to `bytes` until there are `wanted` of them or the stream ends.
  void extend(std::vector<std::byte>& bytes, std::size_t wanted) {
    constexpr std::size_t piece = std::size_t{1} << 20U;
    while (!ended_ && bytes.size() < wanted) {
      const std::size_t before = bytes.size();
      const std::size_t room = std::min(piece, wanted - before);
      bytes.resize(before + room);
      stream_.next_out = reinterpret_cast<Bytef*>(bytes.data() + before);
      stream_.avail_out = static_cast<uInt>(room);
      const int result = ::inflate(&stream_, Z_NO_FLUSH);
      bytes.resize(before + room - stream_.avail_out);
      ended_ = result == Z_STREAM_END;
      if (!ended_ && result != Z_OK) fail(result);
    }
  }

  [[nodiscard]] std::size_t unused_input() const { return stream_.avail_in; }

 private:
  [[noreturn]] void fail(int result) const {
    const bool starved = result == Z_BUF_ERROR;
    const std::string_view found = starved                  ? "a truncated one"
                                   : stream_.msg != nullptr ? stream_.msg
                                                            : "a damaged one";
    reject(path_, "an intact gzip stream", found);
  }

  const std::string& path_;
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
  for (std::size_t axis = 0; axis < rank; ++axis) {
    std::size_t size = 0;
    for (std::size_t place = 0; place < 4; ++place)
      size = size << 8U | byte_at(4 + 4 * axis + place);
    if (size != 0 && count > largest_idx / size)
      reject(path, "sizes of at most " + std::to_string(largest_idx) + " values", "larger ones");
    content.sizes[axis] = size;
    count *= size;
  }
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
  // One byte more than wanted: it must not be there, and zlib checks its own sum on the way.
  inflater.extend(content.bytes, content.header + count + 1);
  check_length(count);
  if (inflater.unused_input() != 0)
    reject(path, "nothing after the gzip stream",
           std::to_string(inflater.unused_input()) + " bytes");
  return content;
}

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::data

// IDX files in gzip. Random changes to a packed file would nearly all end at its checksum: most are
// made to what it packs.
#include <algorithm>
#include <vector>

#include <zlib.h>

#include "read_idx.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t limit);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::read_idx(data, size);
  return 0;
}

namespace {

constexpr int gzip_window = 16 + MAX_WBITS;

/// The first `limit` bytes that `data` packs, or none if it is no gzip file.
std::vector<std::uint8_t> unpacked(const std::uint8_t* data, std::size_t size, std::size_t limit) {
  std::vector<std::uint8_t> bytes(limit);
  z_stream stream{};
  if (::inflateInit2(&stream, gzip_window) != Z_OK) return {};
  stream.next_in = const_cast<Bytef*>(data);
  stream.avail_in = static_cast<uInt>(size);
  stream.next_out = bytes.data();
  stream.avail_out = static_cast<uInt>(limit);
  ::inflate(&stream, Z_FINISH);
  bytes.resize(limit - stream.avail_out);
  ::inflateEnd(&stream);
  return bytes;
}

/// Packs into `data`; 0 if it does not fit.
std::size_t pack(const std::vector<std::uint8_t>& bytes, std::uint8_t* data, std::size_t limit) {
  z_stream stream{};
  constexpr int memory_level = 8;
  if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK)
    return 0;
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = data;
  stream.avail_out = static_cast<uInt>(limit);
  const bool whole = ::deflate(&stream, Z_FINISH) == Z_STREAM_END;
  ::deflateEnd(&stream);
  return whole ? limit - stream.avail_out : 0;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t limit, unsigned seed) {
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, limit);
  constexpr std::size_t largest = 1 << 14;
  std::vector<std::uint8_t> bytes = unpacked(data, size, largest);
  const std::size_t before = bytes.size();
  bytes.resize(largest);
  bytes.resize(LLVMFuzzerMutate(bytes.data(), before, largest));
  std::vector<std::uint8_t> packed(limit);
  const std::size_t length = pack(bytes, packed.data(), limit);
  if (length == 0) return LLVMFuzzerMutate(data, size, limit);
  // A second stream behind the first, now and then.
  std::size_t kept = 0;
  if (seed % 16 == 1 && size + length <= limit) kept = size;
  std::copy_n(packed.begin(), length, data + kept);
  return kept + length;
}

#pragma once

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/data/idx.hpp>
#include <snnbd/format/gzip.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail {

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

SNNBD_COLD IdxContent read_idx_content(const std::string& path, std::size_t rank) {
  IdxContent content;
  std::vector<std::byte> file = read_file(path, largest_idx);
  const bool packed = gzip::is_packed(file);
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
  gzip::Inflater inflater{path, file};
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

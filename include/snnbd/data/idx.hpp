#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <xtensor/xtensor.hpp>

#include <snnbd/core/config.hpp>
#include <snnbd/core/file.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// The largest IDX content that is read, unpacked, in bytes. The largest known set of this format
/// (EMNIST by class) needs about half of it.
inline constexpr std::size_t largest_idx = std::size_t{1} << 30U;

namespace detail {

/// An unpacked IDX file whose sizes agree with its length.
struct IdxContent {
  std::vector<std::byte> bytes;
  std::size_t header = 0;
  std::array<std::size_t, 3> sizes{};
};

IdxContent read_idx_content(const std::string& path, std::size_t rank);

}  // namespace detail

/// Reads an IDX file of unsigned bytes, plain or compressed with gzip (its first bytes tell; as
/// gzip itself does, one stream after another, and zero bytes behind them are left out).
///
/// @tparam Rank 1 for labels, 3 for images [image, row, column]
/// @throws Error if the file is unreadable, damaged, of another type or rank, if its header and its
///   length disagree, or if its sizes, those that are 0 left out, come to more than `largest_idx`;
///   memory grows with what is there, not with what is claimed
template <std::size_t Rank>
xt::xtensor<std::uint8_t, Rank> read_idx(const std::string& path) {
  static_assert(Rank == 1 || Rank == 3, "snnbd: an IDX file holds labels (1) or images (3)");
  return read_within_memory(path, [&] {
    const detail::IdxContent content = detail::read_idx_content(path, Rank);
    std::array<std::size_t, Rank> shape{};
    std::copy_n(content.sizes.begin(), Rank, shape.begin());
    auto tensor = xt::xtensor<std::uint8_t, Rank>::from_shape(shape);
    std::transform(content.bytes.begin() + static_cast<std::ptrdiff_t>(content.header),
                   content.bytes.end(), tensor.storage().begin(),
                   [](std::byte value) { return std::to_integer<std::uint8_t>(value); });
    return tensor;
  });
}

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/idx.ipp>
#endif

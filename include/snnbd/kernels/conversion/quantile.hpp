#pragma once

#include <cstdint>
#include <vector>

#include <snnbd/core/shape.hpp>

/// Order statistics of streams of values that are too long to keep. A float's bits, turned so that
/// they stand in the order of the values, are counted by their upper 16 bits, then by their lower
/// 16 among the quantile's neighbours: two passes, exact, whatever the order. In cache are the
/// counts, 512 KiB at first and 1 MiB then; each value costs one increment at a place that its bits
/// choose, on one thread, so that the latency of that cache is the limit, not memory.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The largest of some values, at least `floor`.
float largest(const float* values, Index count, float floor);

/// The exact quantile of a stream of floats that is seen twice, in 1 MiB of memory whatever its
/// length: the first time values are counted by the upper half of their bits, the second time by
/// the lower half, where the quantile's neighbours stand. The order of the stream does not matter.
///
/// Between neighbours it is interpolated linearly, as in NumPy: of n values in their order, it
/// stands at place share * (n - 1).
///
/// ```cpp
/// kernels::Quantile median{0.5};
/// do median.observe(values.data(), count); while (median.again());
/// median.value();
/// ```
class Quantile {
 public:
  /// @param share from 0, the smallest value, to 1, the largest
  /// @param positive whether only values above zero count
  /// @throws Error if `share` is out of range
  explicit Quantile(double share, bool positive = false);

  /// Some more of the stream, which must not hold NaN.
  void observe(const float* values, Index count);

  /// Ends one run through the stream.
  ///
  /// @returns whether the same values are wanted once more
  bool again();

  /// The quantile, once `again` gave false; 0 if no value counted.
  [[nodiscard]] double value() const;

  /// How many values counted.
  [[nodiscard]] std::int64_t count() const { return count_; }

 private:
  /// One of the two neighbours of the quantile.
  struct Rank {
    std::int64_t below = 0;  ///< values that stand before it
    std::uint32_t key = 0;   ///< its bits as far as they are known
  };

  void find_upper(Rank& rank) const;
  void find_lower(Rank& rank, std::size_t table) const;

  double share_;
  bool positive_;
  bool second_run_ = false;
  std::int64_t count_ = 0;
  Rank low_;
  Rank high_;
  std::vector<std::int64_t> counts_;  ///< one table, or one for each neighbour in the second run
};

/// The quantile of values that are all there, as `Quantile` defines it; 0 if no value counts.
double quantile_of(const float* values, Index count, double share, bool positive = false);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/conversion/quantile.ipp>
#endif

#pragma once

#include <array>
#include <cstdint>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::random {

/// What a random number is for: two purposes never share numbers.
enum class Purpose : std::uint32_t {
  initialize = 1,
  shuffle,
  select,
  relabel,
  trigger,
  dropout,
  encode,
  augment,
  synthetic,
  split,
  bootstrap,
  defend,   ///< what detectors and repairs choose
  permute,  ///< which samples change sides in a permutation test
  cluster,  ///< first centres of clusters
  axes,     ///< first axes of an iteration
};

/// Four independent 32-bit numbers: Philox4x32-10 (Salmon et al. 2011) of a key made of `seed` and
/// a counter made of everything else. Any of them can be had without those before it, so results
/// do not depend on who asks first.
std::array<std::uint32_t, 4> philox(std::uint64_t seed, Purpose purpose, std::uint64_t item,
                                    std::uint16_t step, std::uint32_t unit);

/// The numbers of one (seed, purpose, item, step) in the order of their units.
class Stream {
 public:
  /// @param item a sample, a layer or an epoch; below 2^48
  /// @param step a time step, or 0
  Stream(std::uint64_t seed, Purpose purpose, std::uint64_t item = 0, std::uint16_t step = 0)
      : seed_{seed}, item_{item}, purpose_{purpose}, step_{step} {}

  /// The numbers of the same seed, purpose and item, some steps later, from their beginning.
  [[nodiscard]] Stream later(std::uint16_t steps) const {
    return {seed_, purpose_, item_, static_cast<std::uint16_t>(step_ + steps)};
  }

  /// The next 32 random bits.
  std::uint32_t bits() {
    if (next_ == 4) {
      block_ = philox(seed_, purpose_, item_, step_, unit_++);
      next_ = 0;
    }
    return block_[next_++];
  }

  /// Uniform in [0, 1), a multiple of 2^-24.
  float uniform() { return static_cast<float>(bits() >> 8U) * 0x1p-24F; }

  /// Uniform below `bound`, without bias (Lemire 2019). `bound` is at least 1.
  std::uint32_t below(std::uint32_t bound);

  /// Normal with mean 0 and deviation 1 (Box-Muller).
  double normal();

 private:
  std::uint64_t seed_;
  std::uint64_t item_;
  Purpose purpose_;
  std::uint16_t step_;
  std::uint32_t unit_ = 0;
  std::array<std::uint32_t, 4> block_{};
  std::uint32_t next_ = 4;
};

}  // namespace snnbd::inline SNNBD_ISA::random

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/random.ipp>
#endif

#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>

#include <benchmark/benchmark.h>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/lanes.hpp>

/// What this machine can do at best: what a kernel's speed is to be held against.
namespace bench {

struct Machine {
  int threads = 1;
  double fma_peak = 0.0;         ///< float operations a second, all threads
  double fma_peak_of_one = 0.0;  ///< float operations a second, one thread
  double bandwidth = 0.0;        ///< bytes a second between memory and all threads

  /// How many cores the threads had to themselves: fewer than threads if they share cores, or if
  /// other programs run, beside which no time means much.
  [[nodiscard]] double cores() const { return fma_peak / fma_peak_of_one; }
};

namespace detail {

/// The shortest of some runs, in seconds: the one that was disturbed least.
template <class Body>
double best_seconds(int runs, const Body& body) {
  double best = std::numeric_limits<double>::infinity();
  for (int run = 0; run < runs; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count());
  }
  return best;
}

/// Independent chains of products: more than the latency of one times the units of a core, and few
/// enough for sixteen registers.
inline constexpr int chains = 12;

inline void multiply_add(snnbd::Index rounds) {
  using Batch = snnbd::lanes::Batch<float>;
  // Each chain tends to 1, so that no value overflows or becomes denormal.
  const Batch factor(0.75F);
  const Batch summand(0.25F);
  Batch sums[std::size_t{chains}];
#pragma GCC unroll 12
  for (int c = 0; c < chains; ++c) sums[c] = Batch(static_cast<float>(c));
  for (snnbd::Index round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int c = 0; c < chains; ++c) sums[c] = xsimd::fma(sums[c], factor, summand);
  }
  Batch total(0.0F);
#pragma GCC unroll 12
  for (int c = 0; c < chains; ++c) total += sums[c];
  benchmark::DoNotOptimize(xsimd::hadd(total));
}

inline double fma_peak(int threads) {
  constexpr snnbd::Index rounds = 250'000;
  const double seconds = best_seconds(
      300, [&] { snnbd::parallel_for(threads, [](snnbd::Index) { multiply_add(rounds); }); });
  const double operations = 2.0 * chains * snnbd::lanes::width<float> * rounds;
  return operations * threads / seconds;
}

/// The triad a = b + s c on arrays that no cache holds. Counted are two reads and a write, not what
/// the caches fetch before they write: the kernels' bytes are counted in the same way.
inline double bandwidth() {
  constexpr snnbd::Index chunk = 1 << 16;
  constexpr int width = snnbd::lanes::width<float>;
  int cache = 0;
  for (const auto& level : benchmark::CPUInfo::Get().caches) cache = std::max(cache, level.size);
  const snnbd::Index bytes =
      std::clamp(snnbd::Index{4} * cache, snnbd::Index{64} << 20, snnbd::Index{256} << 20);
  const snnbd::Index count = bytes / static_cast<snnbd::Index>(sizeof(float)) / chunk * chunk;
  const snnbd::AlignedBytes memory{3 * static_cast<std::size_t>(count) * sizeof(float)};
  auto* const a = reinterpret_cast<float*>(memory.data());
  float* const b = a + count;
  float* const c = b + count;
  snnbd::parallel_ranges(count, chunk, [&](snnbd::Index first, snnbd::Index last) {
    for (float* const array : {a, b, c}) std::fill(array + first, array + last, 1.0F);
  });
  const double seconds = best_seconds(15, [&] {
    snnbd::parallel_ranges(count, chunk, [&](snnbd::Index first, snnbd::Index last) {
      using Batch = snnbd::lanes::Batch<float>;
      const Batch scale(0.5F);
      for (snnbd::Index i = first; i < last; i += width)
        xsimd::fma(Batch::load_aligned(c + i), scale, Batch::load_aligned(b + i))
            .store_aligned(a + i);
    });
    benchmark::ClobberMemory();
  });
  return 3.0 * static_cast<double>(count) * sizeof(float) / seconds;
}

inline Machine measure() {
  Machine result;
  result.threads = snnbd::thread_count();
  result.fma_peak_of_one = fma_peak(1);
  result.fma_peak = std::max(fma_peak(result.threads), result.fma_peak_of_one);
  result.bandwidth = bandwidth();
  return result;
}

}  // namespace detail

/// This machine as it was found by the first call, which takes about a second.
inline const Machine& machine() {
  static const Machine measured = detail::measure();
  return measured;
}

}  // namespace bench

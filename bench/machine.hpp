#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>

#include <benchmark/benchmark.h>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

/// What this machine can do at best: what a kernel's speed is to be held against.
namespace bench {

struct Machine {
  int threads = 1;
  double fma_peak = 0.0;         ///< float operations a second, all threads
  double fma_peak_of_one = 0.0;  ///< float operations a second, one thread
  double second_cache = 0.0;     ///< bytes a second that all threads read from theirs
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

/// The largest cache of a level, in bytes, or of all levels; 0 if the system does not tell.
inline snnbd::Index cache_size(int level = 0) {
  int largest = 0;
  for (const auto& cache : benchmark::CPUInfo::Get().caches)
    if (level == 0 || cache.level == level) largest = std::max(largest, cache.size);
  return largest;
}

/// Bytes that no cache holds.
inline snnbd::Index beyond_caches() {
  return std::clamp(4 * cache_size(), snnbd::Index{64} << 20, snnbd::Index{256} << 20);
}

inline void add_up(const float* values, snnbd::Index count) {
  using Batch = snnbd::lanes::Batch<float>;
  constexpr int width = snnbd::lanes::width<float>;
  Batch sums[std::size_t{chains}];
#pragma GCC unroll 12
  for (int c = 0; c < chains; ++c) sums[c] = Batch(0.0F);
  for (snnbd::Index i = 0; i < count; i += snnbd::Index{chains} * width) {
#pragma GCC unroll 12
    for (int c = 0; c < chains; ++c) sums[c] += Batch::load_aligned(values + i + c * width);
  }
#pragma GCC unroll 12
  for (int c = 1; c < chains; ++c) sums[0] += sums[c];
  benchmark::DoNotOptimize(xsimd::hadd(sums[0]));
}

/// Each thread reads, again and again, an array that fills half of its second cache.
inline double second_cache(int threads) {
  constexpr snnbd::Index line = snnbd::Index{chains} * snnbd::lanes::width<float>;
  constexpr snnbd::Index usual = snnbd::Index{1} << 19;
  constexpr int rounds = 20;
  const snnbd::Index size = cache_size(2) > 0 ? cache_size(2) : usual;
  const snnbd::Index count = size / 2 / static_cast<snnbd::Index>(sizeof(float)) / line * line;
  const snnbd::AlignedBytes memory{static_cast<std::size_t>(threads * count) * sizeof(float)};
  auto* const values = reinterpret_cast<float*>(memory.data());
  std::fill_n(values, threads * count, 1.0F);
  const double seconds = best_seconds(100, [&] {
    snnbd::parallel_for(threads, [&](snnbd::Index thread) {
      for (int round = 0; round < rounds; ++round) {
        add_up(values + thread * count, count);
        benchmark::ClobberMemory();
      }
    });
  });
  return static_cast<double>(threads * rounds * count) * sizeof(float) / seconds;
}

/// The triad a = b + s c on arrays that no cache holds. Counted are two reads and a write, not what
/// the caches fetch before they write: the kernels' bytes are counted in the same way.
inline double bandwidth() {
  constexpr snnbd::Index chunk = 1 << 16;
  constexpr int width = snnbd::lanes::width<float>;
  const snnbd::Index count =
      beyond_caches() / static_cast<snnbd::Index>(sizeof(float)) / chunk * chunk;
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
  result.second_cache = second_cache(result.threads);
  result.bandwidth = bandwidth();
  return result;
}

}  // namespace detail

/// This machine as it was found by the first call, which takes about a second.
inline const Machine& machine() {
  static const Machine measured = detail::measure();
  return measured;
}

/// Writes over all caches: what comes next finds nothing in them, as a layer within a large
/// network.
inline void empty_caches() {
  static const snnbd::AlignedBytes memory{static_cast<std::size_t>(detail::beyond_caches())};
  snnbd::parallel_ranges(detail::beyond_caches(), snnbd::Index{1} << 20,
                         [](snnbd::Index first, snnbd::Index last) {
                           std::fill(memory.data() + first, memory.data() + last, std::byte{0});
                         });
  benchmark::ClobberMemory();
}

}  // namespace bench

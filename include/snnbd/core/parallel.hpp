#pragma once

#include <algorithm>
#include <exception>
#include <span>
#include <string>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include <snnbd/core/error.hpp>
#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA {

/// How many threads a loop may use.
inline int thread_count() {
#if defined(_OPENMP)
  return omp_get_max_threads();
#else
  return 1;
#endif
}

/// Sets the number of threads of this and later loops; results do not depend on it.
///
/// @throws Error if it is not between 1 and 1024
inline void set_thread_count(int threads) {
  if (threads < 1 || threads > 1024)
    reject("threads", "a number from 1 to 1024", std::to_string(threads));
#if defined(_OPENMP)
  omp_set_num_threads(threads);
#endif
}

/// Calls `body(index)` once for each index below `count`, on any thread and in any order.
///
/// The cut is by the work, never by the number of threads: a body that writes only what belongs to
/// its index gives the same bytes for any number of threads. The first exception is rethrown.
template <class Body>
void parallel_for(Index count, const Body& body) {
#if defined(_OPENMP)
  if (count > 1 && omp_get_max_threads() > 1 && !omp_in_parallel()) {
    std::exception_ptr failure;
    // Some hundred turns even out the work; to ask for each of many small bodies would cost more.
    const Index turn = std::max<Index>(count / 256, 1);
#pragma omp parallel for schedule(dynamic, turn) default(none) shared(count, body, failure, turn)
    for (Index index = 0; index < count; ++index) {
      try {
        body(index);
      } catch (...) {
#pragma omp critical(snnbd_failure)
        if (!failure) failure = std::current_exception();
      }
    }
    if (failure) std::rethrow_exception(failure);
    return;
  }
#endif
  for (Index index = 0; index < count; ++index) body(index);
}

/// Calls `body(first, last)` for consecutive ranges of `grain` indices (the last may be shorter).
template <class Body>
void parallel_ranges(Index count, Index grain, const Body& body) {
  const Index chunk = std::max<Index>(grain, 1);
  parallel_for((count + chunk - 1) / chunk,
               [&](Index part) { body(part * chunk, std::min(count, (part + 1) * chunk)); });
}

/// Sets all values of a large buffer.
template <class Value>
void parallel_fill(std::span<Value> values, Value value) {
  parallel_ranges(static_cast<Index>(values.size()), Index{1} << 16, [=](Index first, Index last) {
    std::fill(values.begin() + first, values.begin() + last, value);
  });
}

}  // namespace snnbd::inline SNNBD_ISA

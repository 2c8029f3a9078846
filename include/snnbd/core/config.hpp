#pragma once

/// How this translation unit is built: with which instruction set, with or without threads, and
/// whether the loops come with the headers or from the target `snnbd::compiled`.
///
/// Everything lives in an inline namespace named after the instruction set and the threading, so
/// that two objects built differently fail to link instead of crashing on each other's code.

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ != 0)
#error "snnbd: fast maths removes all checks for finite values; leave -ffast-math, -Ofast out"
#endif

#if defined(_OPENMP)
#define SNNBD_THREADED(isa) isa##_openmp
#else
#define SNNBD_THREADED(isa) isa##_serial
#endif

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512CD__)
#define SNNBD_ISA SNNBD_THREADED(avx512)
#define SNNBD_ISA_NAME "AVX-512"
#elif defined(__AVX2__) && defined(__FMA__)
#define SNNBD_ISA SNNBD_THREADED(avx2)
#define SNNBD_ISA_NAME "AVX2 + FMA"
#elif defined(__AVX__)
#define SNNBD_ISA SNNBD_THREADED(avx)
#define SNNBD_ISA_NAME "AVX"
#elif defined(__SSE4_2__)
#define SNNBD_ISA SNNBD_THREADED(sse42)
#define SNNBD_ISA_NAME "SSE4.2"
#elif defined(__SSE2__)
#define SNNBD_ISA SNNBD_THREADED(sse2)
#define SNNBD_ISA_NAME "SSE2"
#elif defined(__ARM_NEON)
#define SNNBD_ISA SNNBD_THREADED(neon)
#define SNNBD_ISA_NAME "NEON"
#else
#define SNNBD_ISA SNNBD_THREADED(scalar)
#define SNNBD_ISA_NAME "scalar"
#endif

#if defined(SNNBD_COMPILED)
#define SNNBD_INLINE
#else
#define SNNBD_INLINE inline
#endif

/// As SNNBD_INLINE, for what runs now and then: files, texts, reports, command lines. It is
/// compiled for size, which takes less time. Never for what calls a kernel that could be inlined
/// into it.
#define SNNBD_COLD __attribute__((cold)) SNNBD_INLINE

/// The words that its argument expands to, in quotes.
#define SNNBD_QUOTED(words) SNNBD_QUOTED_AS_IS(words)
#define SNNBD_QUOTED_AS_IS(words) #words

// The target `snnbd::compiled` says what it was compiled for; else a program with other flags would
// only learn from the linker, name by name, that nothing was found.
#if defined(SNNBD_COMPILED_FOR)
static_assert(__builtin_strcmp(SNNBD_QUOTED(SNNBD_COMPILED_FOR), SNNBD_QUOTED(SNNBD_ISA)) == 0,
              "snnbd: expected flags for " SNNBD_QUOTED(SNNBD_COMPILED_FOR)            //
              ", as snnbd::compiled was compiled for, found " SNNBD_QUOTED(SNNBD_ISA)  //
              ": compile the program and the library with the same -march and -fopenmp");
#endif

#include <snnbd/core/version.hpp>

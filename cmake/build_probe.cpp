// Says how it is compiled, as an error, since that is what every compiler prints.
#include <snnbd/core/config.hpp>

#if defined(__OPTIMIZE__)
#define SNNBD_OPTIMIZED "yes"
#else
#define SNNBD_OPTIMIZED "no"
#endif

template <bool Found>
constexpr void say() {
  static_assert(Found, "isa=" SNNBD_QUOTED(SNNBD_ISA) " optimized=" SNNBD_OPTIMIZED ".");
}

template void say<false>();

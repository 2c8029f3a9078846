// Says how it is compiled, as an error, since that is what every compiler prints.
#include <snnbd/core/config.hpp>

#if defined(__OPTIMIZE__)
#define SNNBD_OPTIMISED "yes"
#else
#define SNNBD_OPTIMISED "no"
#endif

template <bool Found>
constexpr void say() {
  static_assert(Found, "isa=" SNNBD_QUOTED(SNNBD_ISA) " optimised=" SNNBD_OPTIMISED ".");
}

template void say<false>();

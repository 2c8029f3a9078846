// expect: snnbd: Standardized stands before encoders of real values
#include <snnbd/data/cifar10.hpp>
#include <snnbd/encode/encode.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Inner = encode::Direct;
#else
using Inner = encode::Poisson;
#endif

int main() {
  const encode::Standardized<data::Cifar10, Inner> encoding{};
  return sizeof(encoding) == 0 ? 1 : 0;
}

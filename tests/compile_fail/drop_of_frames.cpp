// expect: snnbd: an operation on single events, such as poison::Drop, needs the domain
#include <snnbd/poison/composed.hpp>

#include "study.hpp"

#if defined(SNNBD_FIXED)
using Domain = poison::OnEvents;
#else
using Domain = poison::OnFrames;
#endif

int main() {
  const poison::Composed<poison::Block<>, poison::Always, poison::Drop, Domain> lossy{};
  return lossy.operation.share > 1.0F ? 1 : 0;
}

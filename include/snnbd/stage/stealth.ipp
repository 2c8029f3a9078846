#pragma once

#include <snnbd/data/subset.hpp>
#include <snnbd/stage/stealth.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

SNNBD_INLINE metric::Stealth Stealth::measure(const Context& context) const {
  const data::DatasetView clean = context.tests.clean();
  const data::DatasetView triggered = context.tests.triggered();
  if (samples == 0 || samples >= clean.size()) return metric::stealth(clean, triggered);
  return metric::stealth(clean, triggered,
                         data::detail::choose_samples(clean, samples, context.seed, true));
}

}  // namespace snnbd::inline SNNBD_ISA::stage

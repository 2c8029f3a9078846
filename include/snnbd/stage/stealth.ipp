#pragma once

#include <numeric>
#include <vector>

#include <snnbd/data/subset.hpp>
#include <snnbd/stage/stealth.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

SNNBD_INLINE Stealth::Memory Stealth::measure(const Context& context) const {
  const data::DatasetView clean = context.tests.clean();
  const data::DatasetView triggered = context.tests.triggered();
  std::vector<std::size_t> chosen(clean.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  if (samples > 0 && samples < clean.size())
    chosen = data::detail::choose_samples(clean, samples, context.seed, true);
  Memory memory;
  memory.found = metric::stealth(clean, triggered, chosen);
  if (clean.has_events() && triggered.has_events())
    memory.of_events = metric::event_stealth(clean, triggered, chosen);
  return memory;
}

}  // namespace snnbd::inline SNNBD_ISA::stage

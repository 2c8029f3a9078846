#pragma once

#include <snnbd/experiment/material.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

SNNBD_COLD report::Fields summarize(const poison::Ledger& ledger) {
  report::Fields fields;
  fields.set("poisoned", ledger.entries.size())
      .set("samples", ledger.size)
      .set("rate_asked", ledger.rate_asked)
      .set("rate_achieved", ledger.rate_achieved())
      .set("mode", ledger.mode)
      .set("trigger", ledger.trigger)
      .set("relabel", ledger.relabel)
      .set("selector", ledger.selector)
      .set("seed", ledger.seed)
      .set("checksum", crc32_text(ledger.checksum()));
  return fields;
}

}  // namespace snnbd::inline SNNBD_ISA::experiment

#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <snnbd/metric/event_stealth.hpp>
#include <snnbd/metric/stealth.hpp>
#include <snnbd/report/stealth.hpp>
#include <snnbd/stage/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

/// Measures how visible the experiment's trigger is, on some of the test samples: `psnr`, `ssim`,
/// shares of what changed and counts, as `metric::Stealth` tells them, in each cell of the report.
/// A trigger on events leaves recordings that can be compared, too: `recording_added`,
/// `recording_moved` and so on, as `metric::MeanEventStealth` tells them. A trigger on frames has
/// no such recordings. All this does not depend on the model and is measured once.
struct Stealth {
  static constexpr std::string_view name = "stealth";
  std::size_t samples = 16;  ///< of the test set, even over the classes; 0 for all

  /// What the first model's turn found.
  struct Memory {
    std::optional<metric::Stealth> found;
    std::optional<metric::MeanEventStealth> of_events;  ///< if both test sets have events
  };

  template <class Model>
  void inspect(const Model& /*model*/, Context& context, Memory& memory) const {
    if (!memory.found) memory = measure(context);
    for (report::Cell& cell : context.cells) {
      report::add_stealth(cell.extra, *memory.found);
      if (memory.of_events) report::add_stealth(cell.extra, *memory.of_events);
    }
  }

 private:
  [[nodiscard]] Memory measure(const Context& context) const;
};

}  // namespace snnbd::inline SNNBD_ISA::stage

#if !defined(SNNBD_COMPILED)
#include <snnbd/stage/stealth.ipp>
#endif

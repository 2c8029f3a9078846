#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/network/probed_network.hpp>
#include <snnbd/report/figure.hpp>
#include <snnbd/stage/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

/// The paper's Fig. 11: what a layer of neurons does under triggered samples in the backdoored
/// network, and in the clean control. Draws the cumulative voltage over the steps (mean over the
/// units, and its spread over the samples) and the spikes of the first sample side by side, to
/// `OUT/activity/STEM.png`. Each backdoored cell is given
///
/// - `activity_separation`: how far the mean cumulative voltages of a unit lie apart, in standard
///   deviations of the clean control over the samples; the mean over the units that vary;
/// - `activity_rate` and `activity_rate_clean`: the mean firing rates.
struct SpikeActivity {
  static constexpr std::string_view name = "spike_activity";
  std::size_t samples = 100;  ///< triggered test samples that the attacker wants elsewhere
  int place = -1;             ///< of the layer, see `NetworkProbe::layers`; -1 for the last
  int units = 100;            ///< the most that the raster shows

  /// What a layer did.
  struct Activity {
    Tensor<float, 2> total;      ///< cumulative voltage, [sample, unit]
    std::vector<double> course;  ///< [sample, step]: of the steps so far, mean over the units
    std::vector<float> spikes;   ///< of the first sample, [step, unit]
    double rate = 0.0;           ///< mean firing rate
    Index steps = 0;
  };
  /// The clean controls so far, by their numbers.
  struct Memory {
    std::map<std::size_t, Activity> clean;
  };

  /// @throws Error if the network has no layer of neurons there, or a file cannot be written
  template <class Model>
  void inspect(const Model& model, Context& context, Memory& memory) const {
    if constexpr (Model::Net::spikes) {
      const Activity seen =
          observe(probe_of(model.net, model.encoding, model.step_counts.back(), context.batch_size),
                  context);
      if (!model.facts.poisoned) {
        memory.clean[context.number] = seen;
      } else if (context.control) {
        const auto control = memory.clean.find(*context.control);
        if (control != memory.clean.end()) compare(control->second, seen, context);
      }
    }
  }

 private:
  [[nodiscard]] Activity observe(const NetworkProbe& probe, const Context& context) const;
  void compare(const Activity& clean, const Activity& backdoored, Context& context) const;
};

}  // namespace snnbd::inline SNNBD_ISA::stage

#if !defined(SNNBD_COMPILED)
#include <snnbd/stage/spike_activity.ipp>
#endif

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <snnbd/core/file.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/learn/conversion/conversion_report.hpp>
#include <snnbd/learn/training/model.hpp>
#include <snnbd/report/conversion.hpp>
#include <snnbd/stage/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

/// Writes why a converted network does what it does, layer by layer, into `conversions/` in the
/// folder for results. See `learn::conversion_report`.
struct ConversionReports {
  static constexpr std::string_view name = "conversion_reports";
  std::size_t samples = 100;  ///< of the clean test set; 0 for no reports

  /// @throws Error if a file cannot be written
  template <class Model>
  void inspect(const Model& model, Context& context) const {
    if constexpr (!std::is_same_v<typename Model::Origin, learn::NoOrigin>) {
      if constexpr (!Model::Origin::spikes) {
        if (samples == 0 || model.conversion == nullptr || context.out.empty()) return;
        const learn::ConversionResult<typename Model::Net> converted{model.net, *model.conversion};
        learn::ConversionReport found;
        context.with_test_samples(samples, [&](data::DatasetView set) {
          found = learn::conversion_report(*model.origin, converted, set, model.encoding,
                                           model.step_counts.back(), context.batch_size);
        });
        const char* calibrated =
            model.facts.calibrated_on_poison ? "calibrated_on_poison-" : "calibrated_clean-";
        write_file_atomically(context.out + "/conversions/" + calibrated + context.stem + ".txt",
                              report::to_text(found));
      }
    }
  }
};

}  // namespace snnbd::inline SNNBD_ISA::stage

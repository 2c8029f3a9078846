#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include <snnbd/data/dataset_view.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/report/record.hpp>
#include <snnbd/stage/measurement.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

/// What a stage is given besides a model. Models have numbers, by which a stage's memory knows
/// them.
struct Context {
  std::span<report::Cell> cells;  ///< of the model, one for each of its step counts
  const TestSets& tests;          ///< clean and triggered
  data::DatasetView clean;        ///< the training set before it was poisoned
  data::DatasetView training;     ///< poisoned; the same as `clean` for a clean control
  /// Clean samples that neither training nor tests see; empty if `Settings::held_out` is 0.
  std::optional<data::DatasetView> held_out{};
  std::size_t number = 0;  ///< of the model
  std::size_t root = 0;    ///< of the first of the models that it came from, or its own
  std::optional<std::size_t> control{};  ///< of the clean control that is like it but for poison
  std::uint64_t seed = 1;
  Index batch_size = 64;  ///< samples that are in memory at a time
  std::string out{};      ///< folder for results; empty to write no files
  std::string stem{};     ///< what files about the model begin with

  /// Calls a function with that many of the clean test samples, even over the classes, or all.
  std::function<void(std::size_t, const std::function<void(data::DatasetView)>&)>
      with_test_samples{};

  /// Shows progress, if it takes more than a moment; given a title and the number of samples.
  std::function<NetworkView::Observer(const std::string&, std::size_t)> watch{};
};

}  // namespace snnbd::inline SNNBD_ISA::stage

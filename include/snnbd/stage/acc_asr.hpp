#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/learn/training/model.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/stage/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

/// Measures accuracy (ACC), attack success (ASR) and, of a model that came from a backdoored one,
/// what migrated with it (MR; the paper's Eq. 15), after each of the model's step counts. Of a
/// repaired model, also what the repair achieved (DER and RIR, with intervals over samples).
struct AccAsr {
  static constexpr std::string_view name = "acc_asr";

  /// The figures of a model after some steps.
  struct Result {
    std::size_t number = 0;
    std::size_t root = 0;
    std::optional<std::size_t> repaired{};  ///< number of the model that it was repaired from
    Index steps = 0;
    bool poisoned = false;
    Predictions predictions;
    Measurement measurement;
  };

  /// The results of all models so far.
  struct Memory {
    std::vector<Result> results;

    /// Of a model after some steps; null if there is none.
    [[nodiscard]] const Result* find(std::size_t number, Index steps) const;
    /// The first of a model; null if there is none.
    [[nodiscard]] const Result* find(std::size_t number) const;
  };

  /// @throws Error if it is interrupted
  template <class Model>
  void inspect(const Model& model, Context& context, Memory& memory) const {
    const auto begin = std::chrono::steady_clock::now();
    std::string title = "measuring " + model.facts.rule;
    if (!model.facts.normalizer.empty()) title += ' ' + model.facts.normalizer;
    const auto predictions = context.tests.predict(
        view_of(model.net, model.encoding, model.step_counts.back()), model.step_counts,
        context.watch ? context.watch(title, context.tests.size()) : NetworkView::Observer{});
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    for (std::size_t i = 0; i < context.cells.size(); ++i) {
      context.cells[i].extra.set("evaluation_seconds", seconds);
      memory.results.push_back(
          {.number = context.number,
           .root = context.root,
           .repaired = model.facts.repair.empty() ? std::nullopt : model.facts.origin,
           .steps = model.step_counts[i],
           .poisoned = model.facts.poisoned,
           .predictions = predictions[i],
           .measurement = context.tests.measure(predictions[i])});
      fill(context, memory, context.cells[i]);
    }
  }

 private:
  /// Writes the last result into its cell.
  static void fill(const Context& context, const Memory& memory, report::Cell& cell);
};

}  // namespace snnbd::inline SNNBD_ISA::stage

#if !defined(SNNBD_COMPILED)
#include <snnbd/stage/acc_asr.ipp>
#endif

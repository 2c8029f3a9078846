#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/data/batch.hpp>
#include <snnbd/format/npy.hpp>
#include <snnbd/learn/training/model.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/network/windowed_run.hpp>
#include <snnbd/stage/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

namespace detail {

/// The arrays of one model, for an `.npz` file.
class OutputArrays {
 public:
  /// Adds what is known of a set: labels as the test sees them, those before any attacker touched a
  /// sample, and which samples are poisoned.
  void add_set(const std::string& set, data::DatasetView samples);

  /// Adds outputs [sample, class] and the classes that they predict.
  ///
  /// @param ending of the names, empty for those after the whole sequence
  void add_outputs(const std::string& set, const std::string& ending, int classes,
                   std::span<const float> outputs, bool logits);

  /// Adds spikes per sample, step and unit of each layer of neurons, the first layer first.
  void add_rates(const std::string& set, std::span<const double> rates);

  /// Writes all to the folder `outputs` in that for results.
  ///
  /// @returns where the file is in the folder for results
  [[nodiscard]] std::string write(const Context& context) const;

 private:
  std::vector<npy::NamedArray> arrays_;
};

/// Spikes, and the units that could have fired them, of each layer of neurons.
class SpikeCounts {
 public:
  void begin_window() { layer_ = 0; }
  void add(const SpikeView<const Word>& spikes);
  [[nodiscard]] std::vector<double> rates() const;

 private:
  std::size_t layer_ = 0;
  std::vector<std::int64_t> spikes_;
  std::vector<std::int64_t> chances_;
};

/// The mean firing rates of a network's layers over a set.
template <class Model>
std::vector<double> mean_rates(const Model& model, data::DatasetView set, Index batch_size) {
  using Net = typename Model::Net;
  const Index steps = model.step_counts.back();
  const auto most = std::min(set.size(), static_cast<std::size_t>(batch_size));
  WindowedRun<Net, typename Model::Encoding> run{model.net, model.encoding, steps,
                                                 static_cast<Index>(most), 0};
  SpikeCounts counts;
  data::Batch batch;
  std::vector<float> outputs;
  for (std::size_t first = 0; first < set.size(); first += most) {
    batch.fill_from(set, first, most);
    outputs.resize(batch.size() * static_cast<std::size_t>(Net::output_shape.size()));
    run(batch.values, batch.ids, std::span{&steps, 1}, outputs,
        [&](const auto& pass, Index /*first_step*/) {
          counts.begin_window();
          pass.for_each_firing([&](const SpikeView<const Word>& spikes) { counts.add(spikes); });
        });
  }
  return counts.rates();
}

}  // namespace detail

/// Writes what each model gives for each test sample to `OUT/outputs/STEM-DIGEST.npz`, for those
/// who look at it in Python; the digest is that of the model's key, and `outputs` in its cells of
/// the report names the file. For the clean test samples, and for the triggered ones with
/// `triggered_` in place of `clean_`, it has
///
/// - `clean_labels`, `clean_original_labels` [sample] `i4`, `clean_poisoned` [sample] `b1`,
/// - `clean_predictions` [sample] `i4` and `clean_logits` [sample, class] `f4` after the whole
///   sequence, and with the ending `_after_T` after each shorter number of steps,
/// - `clean_rates` [layer] `f8`, if asked for.
///
/// An experiment without a folder for results writes none.
struct SaveOutputs {
  static constexpr std::string_view name = "save_outputs";
  bool logits = true;
  bool rates = false;  ///< mean firing rates of the layers of neurons; runs each set once more

  /// @throws Error if it is interrupted, or the file cannot be written
  template <class Model>
  void inspect(const Model& model, Context& context) const {
    if (context.out.empty()) return;
    detail::OutputArrays arrays;
    const NetworkView view =
        view_of(model.net, model.encoding, model.step_counts.back(), context.batch_size);
    const auto observer =
        context.watch ? context.watch("saving outputs of " + model.facts.rule, context.tests.size())
                      : NetworkView::Observer{};
    const auto add = [&](const std::string& set, data::DatasetView samples, std::size_t done) {
      arrays.add_set(set, samples);
      const auto outputs = view.outputs_after(samples, model.step_counts, [&](std::size_t more) {
        if (observer) observer(done + more);
      });
      for (std::size_t i = 0; i < outputs.size(); ++i)
        arrays.add_outputs(
            set, i + 1 == outputs.size() ? "" : "_after_" + std::to_string(model.step_counts[i]),
            view.classes(), outputs[i], logits);
      if (rates) arrays.add_rates(set, detail::mean_rates(model, samples, context.batch_size));
    };
    add("clean", context.tests.clean(), 0);
    add("triggered", context.tests.triggered(), context.tests.clean().size());
    const std::string file = arrays.write(context);
    for (report::Cell& cell : context.cells) cell.extra.set("outputs", file);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::stage

#if !defined(SNNBD_COMPILED)
#include <snnbd/stage/save_outputs.ipp>
#endif

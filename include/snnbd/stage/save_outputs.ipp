#pragma once

#include <memory>
#include <variant>

#include <snnbd/core/error.hpp>
#include <snnbd/kernels/elementwise/softmax.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/stage/save_outputs.hpp>

namespace snnbd::inline SNNBD_ISA::stage::detail {

SNNBD_INLINE void OutputArrays::add_set(const std::string& set, data::DatasetView samples) {
  const std::size_t count = samples.size();
  std::vector<std::int32_t> labels(count);
  std::vector<std::int32_t> originals(count);
  const auto poisoned = std::make_unique<bool[]>(count);
  for (std::size_t i = 0; i < count; ++i) {
    labels[i] = samples.label(i);
    originals[i] = samples.original_label(i);
    poisoned[i] = samples.is_poisoned(i);
  }
  arrays_.push_back({set + "_labels", npy::make_array(labels)});
  arrays_.push_back({set + "_original_labels", npy::make_array(originals)});
  arrays_.push_back({set + "_poisoned", npy::make_array(std::span{poisoned.get(), count})});
}

SNNBD_INLINE void OutputArrays::add_outputs(const std::string& set, const std::string& ending,
                                            int classes, std::span<const float> outputs,
                                            bool logits) {
  const std::size_t samples = outputs.size() / static_cast<std::size_t>(classes);
  std::vector<int> predictions(samples);
  kernels::first_largest(outputs.data(), classes, predictions);
  arrays_.push_back({set + "_predictions" + ending, npy::make_array(predictions)});
  if (logits)
    arrays_.push_back(
        {set + "_logits" + ending,
         npy::make_array<float>({static_cast<std::int64_t>(samples), classes}, outputs)});
}

SNNBD_INLINE void OutputArrays::add_rates(const std::string& set, std::span<const double> rates) {
  arrays_.push_back({set + "_rates", npy::make_array(rates)});
}

SNNBD_INLINE std::string OutputArrays::write(const Context& context) const {
  std::string file = "outputs/" + context.stem;
  // Models of one rule that differ in a setting alone have the same stem.
  const report::Value* const key =
      context.cells.empty() ? nullptr : context.cells.back().extra.find("key");
  if (key != nullptr)
    if (const auto* digest = std::get_if<std::string>(key)) file += '-' + *digest;
  file += ".npz";
  npy::write_npz(context.out + '/' + file, arrays_);
  return file;
}

SNNBD_INLINE void SpikeCounts::add(const SpikeView<const Word>& spikes) {
  if (layer_ == spikes_.size()) {
    spikes_.push_back(0);
    chances_.push_back(0);
  }
  spikes_[layer_] += kernels::count_spikes(spikes);
  chances_[layer_] += spikes.extent.frames() * spikes.shape.size();
  ++layer_;
}

SNNBD_INLINE std::vector<double> SpikeCounts::rates() const {
  std::vector<double> rates(spikes_.size());
  for (std::size_t i = 0; i < rates.size(); ++i)
    rates[i] = static_cast<double>(spikes_[i]) / static_cast<double>(chances_[i]);
  return rates;
}

}  // namespace snnbd::inline SNNBD_ISA::stage::detail

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <snnbd/data/dataset_view.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/kernels/time.hpp>
#include <snnbd/network/pass.hpp>

namespace snnbd::inline SNNBD_ISA {

/// A trained network with its types erased: what metrics, defences and reports see. It looks at the
/// network and must not outlive it. Not for several threads at once: it uses all of them itself.
class NetworkView {
 public:
  /// Fills the outputs [sample, class], means over the steps, for images [sample, h, w, c].
  using Run =
      std::function<void(std::span<const float> images, std::span<const std::uint64_t> sample_ids,
                         std::span<float> outputs)>;

  NetworkView(Shape input, int classes, Index batch_size, Run run)
      : input_{input}, classes_{classes}, batch_size_{batch_size}, run_{std::move(run)} {}

  [[nodiscard]] Shape input() const { return input_; }
  [[nodiscard]] int classes() const { return classes_; }

  /// The outputs for all samples of a set, [sample, class].
  ///
  /// @throws Error if the set's shape is not the network's
  [[nodiscard]] std::vector<float> outputs(data::DatasetView set) const;

  /// The class with the largest output for each sample, the first one among equals.
  [[nodiscard]] std::vector<int> predict(data::DatasetView set) const;

 private:
  Shape input_;
  int classes_;
  Index batch_size_;
  Run run_;
};

/// Erases a network's types.
///
/// @param steps of each sequence
/// @param batch_size samples that are in memory at a time; results do not depend on it
template <class Net, encode::Encoder Encoding>
NetworkView view_of(const Net& net, Encoding encoding, Index steps, Index batch_size = 64) {
  using Scalar = typename Net::ScalarType;
  using In = typename Encoding::template Signal<Net::input_shape>;
  struct Workplace {
    Pass<Net, In> pass;
    SignalBuffer<In, Scalar> input;
  };
  auto place = std::make_shared<Workplace>(
      Workplace{Pass<Net, In>{{batch_size, steps}, false}, SignalBuffer<In, Scalar>{}});
  const auto classes = static_cast<int>(Net::output_shape.size());
  return {
      Net::input_shape, classes, batch_size,
      [&net, encoding, steps, place](std::span<const float> images,
                                     std::span<const std::uint64_t> sample_ids,
                                     std::span<float> outputs) {
        const Extent extent{static_cast<Index>(sample_ids.size()), steps};
        const auto input = place->input.view(extent);
        encoding.encode({images.data(), {extent.samples, 1}, Net::input_shape}, sample_ids, input);
        place->pass.resize(extent);
        const auto out = place->pass.forward(net, input);
        std::vector<Scalar> mean(outputs.size());
        kernels::sum_over_time(
            out, static_cast<Scalar>(1.0 / static_cast<double>(out.extent.steps)), mean.data());
        std::transform(mean.begin(), mean.end(), outputs.begin(),
                       [](Scalar value) { return static_cast<float>(value); });
      }};
}

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/network/view.ipp>
#endif

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/tensor.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/network/neuron_factors.hpp>
#include <snnbd/network/view.hpp>

/// What a detector sees of a network: outputs, what its neurons did, gradients by its input.
namespace snnbd::inline SNNBD_ISA {

namespace network {

/// What is looked at in a layer of neurons. A layer of rectifiers shows its activations, whichever
/// is asked for.
enum class Quantity {
  voltage,   ///< the membrane at charge, H: before the reset, and so without its traces
  membrane,  ///< the membrane after the reset, V
  spikes,    ///< 1 where a unit fired
};

[[nodiscard]] std::string_view to_string(Quantity quantity);

/// A layer of neurons or rectifiers that a probe can look at.
struct ProbedLayer {
  int place = 0;         ///< among all layers of the network, those within layers too
  Shape shape{};         ///< of what it gives at a step
  bool neurons = false;  ///< or rectifiers
};

/// Samples that went through a network: the cost of a detector.
struct PassCount {
  std::size_t forward = 0;
  std::size_t backward = 0;
};

/// Fills the gradient of something by the outputs, [sample, class].
///
/// @param first the number of the first sample
/// @param outputs of some samples, [sample, class]
using OutputSlopes =
    std::function<void(std::size_t first, std::span<const float> outputs, std::span<float> slopes)>;

namespace detail {

/// The network behind a probe, its type erased.
class Probed {
 public:
  Probed() = default;
  Probed(const Probed&) = delete;
  Probed& operator=(const Probed&) = delete;
  virtual ~Probed() = default;

  virtual void run(std::span<const float> samples, std::span<const std::uint64_t> ids,
                   std::span<const Index> step_counts, std::span<float> outputs) = 0;
  [[nodiscard]] virtual const std::vector<ProbedLayer>& layers() = 0;
  /// How many samples `look` takes at a time.
  [[nodiscard]] virtual Index most_samples(int place) = 0;
  /// Fills [sample, unit] with sums over the steps, or [sample, step, unit].
  virtual void look(std::span<const float> samples, std::span<const std::uint64_t> ids, int place,
                    Quantity quantity, bool over_time, std::span<float> values) = 0;
  virtual void differentiate(std::span<const float> samples, std::size_t first,
                             const OutputSlopes& slopes, std::span<float> gradient) = 0;
  /// Runs samples through a copy whose neurons have other constants.
  virtual void run_with(const NeuronFactors& /*factors*/, std::span<const float> /*samples*/,
                        std::span<const std::uint64_t> /*ids*/, std::span<float> /*outputs*/) {
    reject("network to change the neurons of", "one that can be copied", "another");
  }

  PassCount passes;
};

}  // namespace detail
}  // namespace network

/// A trained network with its types erased and its inside open. Besides what a `NetworkView` tells,
/// it shows what the neurons did and gives gradients by the input. Not for several threads at once.
class NetworkProbe : public NetworkView {
 public:
  /// For `probe_of`.
  NetworkProbe(NetworkView view, std::shared_ptr<network::detail::Probed> inside)
      : NetworkView{std::move(view)}, inside_{std::move(inside)} {}

  /// The layers of neurons, or rectifiers, from the first to the last.
  [[nodiscard]] const std::vector<network::ProbedLayer>& layers() const;

  /// The place of the last layer of neurons, or rectifiers, where the paper's detector looks.
  ///
  /// @throws Error if there is none
  [[nodiscard]] int last_place() const;

  /// What each unit of a layer did, all steps together, [sample, unit]: the sum of its membranes
  /// over the steps (of H the *cumulative voltage*, the paper's Sec. 5.2.1), or for spikes the
  /// mean: its firing rate. A unit's number is its place in [height, width, channel].
  ///
  /// @param place one of those that `layers` names
  /// @throws Error if there is no such layer or the set does not fit the network
  [[nodiscard]] Tensor<float, 2> features(data::DatasetView set, int place,
                                          network::Quantity quantity,
                                          const Observer& observer = {}) const;

  /// The same step by step, [sample, step, unit].
  [[nodiscard]] Tensor<float, 3> over_time(data::DatasetView set, int place,
                                           network::Quantity quantity,
                                           const Observer& observer = {}) const;

  /// The gradient by the samples of what `slopes` gives the gradient of by the outputs. The network
  /// runs as in evaluation, with the surrogate that the probe was made with, and sees samples
  /// through its encoder. Spike trains have no gradient: in their place images are shown as they
  /// are.
  ///
  /// @param samples [sample, frame, height, width, channel]
  /// @param slopes called for some samples at a time, in their order
  /// @param gradient as large as `samples`
  /// @throws Error if the sizes do not fit
  void differentiate(std::span<const float> samples, const network::OutputSlopes& slopes,
                     std::span<float> gradient) const;

  /// The outputs for all samples of a set, [sample, class], of a copy of the network whose neurons
  /// have other thresholds and time constants; see `network::with_neuron_factors`. The network
  /// itself stays as it is.
  ///
  /// @throws Error if a factor is not above 0 or so small that a membrane would rest above its
  ///   threshold, or as `outputs` does
  [[nodiscard]] std::vector<float> outputs_with(const network::NeuronFactors& factors,
                                                data::DatasetView set) const;

  /// The samples that went through so far.
  [[nodiscard]] network::PassCount passes() const { return inside_->passes; }

 private:
  std::vector<float> look(data::DatasetView set, int place, network::Quantity quantity,
                          bool over_time, std::size_t values, const Observer& observer) const;
  [[nodiscard]] const network::ProbedLayer& layer(int place) const;

  std::shared_ptr<network::detail::Probed> inside_;
};

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/network/probe.ipp>
#endif

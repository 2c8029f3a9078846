#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <snnbd/data/dataset_view.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/network/windowed_run.hpp>

namespace snnbd::inline SNNBD_ISA {

/// A trained network with its types erased: what metrics, defences and reports see. It looks at the
/// network and must not outlive it. Not for several threads at once: it uses all of them itself.
class NetworkView {
 public:
  /// Fills the outputs [step count, sample, class] after each of the step counts, which ascend, for
  /// samples [sample, frame, h, w, c]. Outputs are those of the readout, or means over the steps.
  using Run =
      std::function<void(std::span<const float> samples, std::span<const std::uint64_t> sample_ids,
                         std::span<const Index> step_counts, std::span<float> outputs)>;

  /// Told after each batch how many samples are done; what it throws ends the pass.
  using Observer = std::function<void(std::size_t samples)>;

  /// @param frames what the network's encoder makes of them
  NetworkView(Shape input, int classes, Index steps, Index batch_size, encode::FrameRule frames,
              Run run)
      : input_{input},
        classes_{classes},
        steps_{steps},
        batch_size_{batch_size},
        frames_{frames},
        run_{std::move(run)} {}

  [[nodiscard]] Shape input() const { return input_; }
  [[nodiscard]] int classes() const { return classes_; }
  /// The length of a sequence.
  [[nodiscard]] Index steps() const { return steps_; }
  /// Samples that are in memory at a time.
  [[nodiscard]] Index batch_size() const { return batch_size_; }
  /// The number of values of one sample, all its frames together.
  [[nodiscard]] std::size_t sample_size() const {
    return static_cast<std::size_t>(input_.size() * (frames_.passes ? steps_ : 1));
  }

  /// The outputs for all samples of a set, [sample, class].
  ///
  /// @throws Error if the set's shape is not the network's, or its samples have other frames than
  ///   the encoder takes: as many as there are steps, if it passes them on, or else one
  [[nodiscard]] std::vector<float> outputs(data::DatasetView set) const;

  /// The outputs for samples that no set holds, [sample, class].
  ///
  /// @param samples [sample, frame, height, width, channel]
  /// @param first_id the number of the first one, which an encoder's random numbers follow
  /// @throws Error if they are not whole samples
  [[nodiscard]] std::vector<float> outputs(std::span<const float> samples,
                                           std::uint64_t first_id = 0) const;

  /// The outputs after some numbers of steps, all from one pass: how a network decides with time.
  ///
  /// @param step_counts from 1 to `steps()`, each larger than the one before it
  /// @returns for each of them [sample, class]: what a view of that many steps gives, if its
  /// encoder
  ///   begins a short sequence as it begins a long one (`encode::Latency` does not)
  /// @throws Error if the step counts are out of range or do not ascend, or as `outputs` does
  [[nodiscard]] std::vector<std::vector<float>> outputs_after(data::DatasetView set,
                                                              std::span<const Index> step_counts,
                                                              const Observer& observer = {}) const;

  /// The class with the largest output for each sample, the first one among equals.
  [[nodiscard]] std::vector<int> predict(data::DatasetView set) const;

  /// The same after some numbers of steps; see `outputs_after`.
  [[nodiscard]] std::vector<std::vector<int>> predict_after(data::DatasetView set,
                                                            std::span<const Index> step_counts,
                                                            const Observer& observer = {}) const;

  /// The class with the largest of some outputs [sample, class], the first one among equals.
  [[nodiscard]] std::vector<int> largest(std::span<const float> outputs) const;

 protected:
  /// @throws Error if samples of a set are not what the network takes
  void check_set(data::DatasetView set) const;

 private:
  Shape input_;
  int classes_;
  Index steps_;
  Index batch_size_;
  encode::FrameRule frames_;
  Run run_;
};

/// Erases a network's types.
///
/// @param steps of each sequence; as many as samples have frames, if the encoder passes them on
/// @param batch_size samples that are in memory at a time; results do not depend on it
/// @param window steps that are in memory at a time, 0 for at most `automatic_window`; results do
///   not depend on it. Memory grows with it, not with `steps`
/// @throws Error if a size or a setting is out of range, a parameter is not finite, or `window` is
/// less than `steps` in a network that needs
///   the whole sequence (`Pass::windowed`)
template <class Net, encode::Encoder Encoding>
NetworkView view_of(const Net& net, Encoding encoding, Index steps, Index batch_size = 64,
                    Index window = 0) {
  const auto run =
      std::make_shared<WindowedRun<Net, Encoding>>(net, encoding, steps, batch_size, window);
  return {Net::input_shape,
          static_cast<int>(Net::output_shape.size()),
          steps,
          batch_size,
          encode::FrameRule::of<Encoding>(),
          [run](std::span<const float> samples, std::span<const std::uint64_t> sample_ids,
                std::span<const Index> step_counts,
                std::span<float> outputs) { (*run)(samples, sample_ids, step_counts, outputs); }};
}

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/network/view.ipp>
#endif

#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include <snnbd/core/arena.hpp>
#include <snnbd/layer/stage_pass.hpp>
#include <snnbd/layer/windows.hpp>
#include <snnbd/network/network.hpp>

namespace snnbd::inline SNNBD_ISA {

/// Memory for one signal that grows to the largest batch.
template <Signal S, class Scalar>
class SignalBuffer {
 public:
  /// Room for a batch. What earlier views showed is gone.
  ViewOf<S, Scalar> view(const Extent& extent) {
    Arena counter;
    layer::take_signal<S, Scalar>(counter, extent);
    arena_.restart(counter.used());
    return layer::take_signal<S, Scalar>(arena_, extent);
  }

 private:
  Arena arena_;
};

/// One batch's way through a network and back: all signals, all state of the neurons. A pass begins
/// at rest, so no sequence can leak into the next.
///
/// Without training a sequence may come in windows of steps, so that memory does not grow with its
/// length. Each goes on from the state that the one before it left, which `resize` keeps:
///
/// ```cpp
/// pass.forward(net, images, {.window = {.first_step = 0, .last = false}});
/// const auto out = pass.forward(net, images, {.window = {.first_step = 32, .last = true}});
/// ```
///
/// @tparam Net a BasicNetwork
/// @tparam In the signal it is fed: `Static<shape>` under direct coding, `Spikes<shape>` else
template <class Net, Signal In>
class Pass {
 public:
  using Scalar = typename Net::ScalarType;
  using List = typename Net::template BoundTo<In>;
  using Output = typename List::Output;
  using OutputView = ConstViewOf<Output, Scalar>;

  /// Whether a sequence can be run window by window: if no layer that walks the steps stands behind
  /// a readout.
  static constexpr bool windowed = layer::Windows<List>::possible;

  /// @param extent the largest batch and the number of steps
  /// @param training whether `backward` will be called
  Pass(const Extent& extent, bool training) : training_{training} { resize(extent); }

  /// Prepares for batches of another size or windows of another length. Memory only grows.
  void resize(const Extent& extent) {
    if (extent.samples < 1 || extent.steps < 1)
      reject(
          "batch", "at least one sample and one step",
          std::to_string(extent.samples) + " samples, " + std::to_string(extent.steps) + " steps");
    if (extent == extent_) return;
    arena_.restart(bytes(extent, training_));
    reserve(arena_, extent, training_, stages_);
    extent_ = extent;
  }

  /// The memory that the signals of a pass take, in bytes.
  static std::size_t bytes(const Extent& extent, bool training) {
    Arena counter;
    Stages counted;
    reserve(counter, extent, training, counted);
    return counter.used();
  }

  /// What a pass takes besides, in bytes, if sequences come in windows; whatever their length.
  static std::size_t state_bytes(Index samples) {
    Arena counter;
    Stages counted;
    counted.reserve_state(counter, samples);
    return counter.used();
  }

  [[nodiscard]] const Extent& extent() const { return extent_; }

  /// Runs a batch through the network.
  ///
  /// @param in `extent().samples` samples; one step if the signal is static
  /// @returns the output, valid until the next call: of a window, that of its steps, or behind a
  ///   readout what a sequence of all steps so far would give
  /// @throws Error if the input is of another size, or if a window does not go on where the one
  ///   before it ended, with the same samples
  OutputView forward(const Net& net, ConstViewOf<In, Scalar> in, const layer::Mode& mode = {}) {
    const Extent wanted = layer::extent_of<In>(extent_);
    if (in.extent != wanted || in.shape != In::shape)
      reject("input of a pass", describe(wanted, In::shape), describe(in.extent, in.shape));
    mode_ = mode;
    mode_.training = mode.training && training_;
    open_window();
    layer::Work work{scratch_, mode_};
    const OutputView out = stages_.forward(net.layers(), net.parameters().data(), in, work);
    if (!mode_.window.last) left_ = {extent_.samples, mode_.window.first_step + extent_.steps};
    return out;
  }

  /// Carries the output's gradient back, after a forward pass in training mode.
  ///
  /// @param gradient of the parameters; added to
  /// @param input_gradient [sample, step, height, width, channel], or null
  void backward(const Net& net, const Scalar* output_gradient, std::span<Scalar> gradient,
                Scalar* input_gradient = nullptr) {
    layer::Work work{scratch_, mode_};
    const Scalar* const result =
        stages_.backward(net.layers(), net.parameters().data(), gradient.data(), output_gradient,
                         input_gradient, work);
    if (input_gradient != nullptr && result != input_gradient)
      std::copy_n(result, layer::extent_of<In>(extent_).frames() * In::shape.size(),
                  input_gradient);
  }

  /// What reaches stage number `I`, as it was in the last forward pass.
  template <std::size_t I>
  [[nodiscard]] const auto& signal() const {
    return stages_.template signal<I>();
  }

  /// Calls `visit(spikes)` for what each layer of neurons fired in the last forward pass, from the
  /// first to the last: a view of packed spikes, before any pooling or dropout.
  template <class Visit>
  void for_each_firing(const Visit& visit) const {
    stages_.for_each_firing(visit);
  }

  /// Calls `visit(values)` for what each rectifier gave in the last forward pass, in the order of
  /// `for_each_firing`: a view of real values.
  template <class Visit>
  void for_each_activation(const Visit& visit) const {
    stages_.for_each_activation(visit);
  }

 private:
  using Stages = layer::StagePass<Scalar, List, In>;

  static std::string describe(const Extent& extent, const Shape& shape) {
    return std::to_string(extent.samples) + " samples of " + std::to_string(extent.steps) +
           " steps of " + to_string(shape);
  }

  static void reserve(Arena& arena, const Extent& extent, bool training, Stages& stages) {
    stages.reserve(arena, extent, training);
    if (training) stages.reserve_gradients(arena, extent);
  }

  /// Refuses a window that cannot be run and gives the others room for their state. The room's
  /// layout depends on the samples alone, so that the state stays where the last window left it.
  void open_window() {
    const Extent left = std::exchange(left_, {0, 0});
    const layer::TimeWindow& window = mode_.window;
    if (window.first_step == 0 && window.last) return;
    if (mode_.training) reject("window of steps", "a pass without training", "one in training");
    if (!windowed)
      reject("window of steps", "a network whose readout comes last",
             "one with steps behind a readout, which needs the whole sequence");
    if (window.first_step != 0) {
      if (window.first_step != left.steps)
        reject("first step of a window",
               std::to_string(left.steps) + ", where the window before it ended",
               window.first_step);
      if (extent_.samples != left.samples)
        reject("batch of a window",
               std::to_string(left.samples) + " samples, as in the window before it",
               extent_.samples);
    }
    state_.restart(state_bytes(extent_.samples));
    stages_.reserve_state(state_, extent_.samples);
  }

  bool training_;
  Extent extent_{0, 0};
  Extent left_{0, 0};  ///< samples and steps of a sequence that goes on
  Arena arena_;
  Arena state_;
  Scratch scratch_;
  layer::Mode mode_;
  Stages stages_;
};

}  // namespace snnbd::inline SNNBD_ISA

#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <snnbd/core/arena.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/layer/stage_pass.hpp>
#include <snnbd/layer/windows.hpp>
#include <snnbd/network/check.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/network/signal_buffer.hpp>
#include <snnbd/tensor/signal.hpp>

namespace snnbd::inline SNNBD_ISA {

/// One batch's way through a network and back: all signals, all state of the neurons. A pass begins
/// at rest, so no sequence can leak into the next.
///
/// What a caller hands over is read and written to its end and no further, and `backward` does not
/// read the input again: layers, which load whole registers, see copies with room behind them. An
/// input that is written where `input()` says is taken as it is.
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

  /// Prepares for batches of another size or windows of another length. Memory only grows, and the
  /// way back needs another forward pass.
  void resize(const Extent& extent) {
    if (extent.samples < 1 || extent.steps < 1)
      reject(
          "batch", "at least one sample and one step",
          std::to_string(extent.samples) + " samples, " + std::to_string(extent.steps) + " steps");
    if (extent == extent_) return;
    behind_ = Behind::nothing;
    extent_ = {0, 0};  // until all of the memory is there
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

  /// Room for the input of a batch of `extent()`, which `forward` takes without a copy. It keeps
  /// its values until a larger batch asks for room.
  ViewOf<In, Scalar> input() { return input_.view(extent_); }

  /// Runs a batch through the network.
  ///
  /// @param in `extent().samples` samples; one step if the signal is static
  /// @returns the output, valid until the next call: of a window, that of its steps, or behind a
  ///   readout what a sequence of all steps so far would give
  /// @throws Error if the input is of another size, a setting of a layer is out of range, or if a
  /// window does not go on where the one
  ///   before it ended, with the same samples
  OutputView forward(const Net& net, ConstViewOf<In, Scalar> in,
                     const layer::PassOptions& options = {}) {
    behind_ = Behind::nothing;
    const Extent wanted = layer::extent_of<In>(extent_);
    if (in.extent != wanted || in.shape != In::shape)
      reject("input of a pass", describe(wanted, In::shape), describe(in.extent, in.shape));
    if (begin_of(in) == nullptr) reject("input of a pass", "a view of values", "a null pointer");
    network::check(net);
    options_ = options;
    options_.training = options.training && training_;
    open_window();
    layer::LayerContext context{scratch_, options_};
    const OutputView out =
        stages_.forward(net.layers(), net.parameters().data(), own_input(in), context);
    const bool whole = options_.window.first_step == 0 && options_.window.last;
    if (!options_.window.last)
      left_ = {extent_.samples, options_.window.first_step + extent_.steps};
    behind_ = options_.training ? Behind::training : whole ? Behind::evaluation : Behind::window;
    net_ = &net;
    return out;
  }

  /// Carries the output's gradient back, after a forward pass in training mode, `{.training =
  /// true}`, of the same network with the same parameters. May be called more than once: each call
  /// carries a gradient of its own back through what that pass left.
  ///
  /// @param output_gradient of the real values of the output, [sample, step, height, width,
  /// channel]
  /// @param gradient of the parameters; added to
  /// @param input_gradient [sample, step, height, width, channel]; empty if nobody needs it
  /// @throws Error if there was no such forward pass, or if a gradient is of another size
  void backward(const Net& net, std::span<const Scalar> output_gradient, std::span<Scalar> gradient,
                std::span<Scalar> input_gradient = {}) {
    check_backward(net);
    check_size("gradient of the output", output_frames() * Output::shape.size(),
               output_gradient.size());
    check_size("gradient of the parameters", Net::parameter_count, gradient.size());
    if (!input_gradient.empty())
      check_size("gradient of the input", input_frames() * In::shape.size(), input_gradient.size());
    layer::LayerContext context{scratch_, options_};
    Scalar* const slopes = output_gradient_.view({output_frames(), 1}).data;
    std::copy(output_gradient.begin(), output_gradient.end(), slopes);
    const Scalar* const result = stages_.backward(
        net.layers(), {net.parameters().data(), gradient.data()}, slopes,
        input_gradient.empty() ? nullptr : input_gradient_.view({input_frames(), 1}).data, context);
    if (!input_gradient.empty()) std::copy_n(result, input_gradient.size(), input_gradient.begin());
  }

  /// Runs a batch of a tensor through the network: images [sample, height, width, channel] if they
  /// are the same at each step, else [sample, step, height, width, channel], with zeros and ones
  /// for a network that takes spikes. See `logits` and `outputs` for what comes out.
  ///
  /// @throws Error as above, and if spikes are neither 0 nor 1
  template <tensor::InMemory Input>
  void forward(const Net& net, const Input& in, const layer::PassOptions& options = {}) {
    if constexpr (SpikeSignal<In>) {
      const tensor::PackedSpikes spikes = tensor::pack(in);
      out_ = forward(net, spikes.view(), options);
    } else {
      const auto seen = tensor::const_view<Scalar, tensor::rank_of<Input>>(in);
      out_ = forward(net, tensor::signal(seen), options);
    }
  }

  /// The outputs of the last forward pass of a tensor, [sample, class], valid until the next pass.
  [[nodiscard]] ConstTensorView<Scalar, 2> logits() const {
    static_assert(StaticSignal<Output>,
                  "snnbd: this network's outputs have steps: end it with a readout, such as "
                  "layer::MeanOverTime, or ask for outputs()");
    return {out_.data, tensor::sizes(out_.extent.samples, Output::shape.size())};
  }

  /// The same [sample, step, height, width, channel], with one step after a readout.
  [[nodiscard]] ConstTensorView<Scalar, 5> outputs() const {
    static_assert(!SpikeSignal<Output>,
                  "snnbd: this network ends in spikes: unpack what forward(view) gives");
    return tensor::view(out_);
  }

  /// Carries the output's gradient back, see above; tensors in, tensors out.
  ///
  /// @param output_gradient sized as `logits()` or as `outputs()`
  /// @param gradient of the parameters; added to
  template <tensor::InMemory Slopes>
  void backward(const Net& net, const Slopes& output_gradient, network::Gradient<Net>& gradient) {
    backward(net, values_of(output_gradient), gradient.values());
  }

  /// The same, and gives the input's gradient [sample, step, height, width, channel], with one step
  /// for images that are the same at each.
  template <tensor::InMemory Slopes>
  [[nodiscard]] Tensor<Scalar, 5> backward_to_input(const Net& net, const Slopes& output_gradient,
                                                    network::Gradient<Net>& gradient) {
    const Extent extent = layer::extent_of<In>(extent_);
    Tensor<Scalar, 5> result{extent.samples, extent.steps, In::shape.height, In::shape.width,
                             In::shape.channels};
    backward(net, values_of(output_gradient), gradient.values(),
             {result.data(), static_cast<std::size_t>(result.size())});
    return result;
  }

  /// What reaches stage number `I`, as it was in the last forward pass.
  template <std::size_t I>
  [[nodiscard]] const auto& signal() const {
    return stages_.template signal<I>();
  }

  /// Calls `visit(site)` with a `layer::NeuronSite` for each layer of neurons, from the first to
  /// the last, those within layers too: what it fired in the last forward pass, and on request the
  /// currents and membranes by which it did. In training batch norms take the batch's moments, as
  /// they did. Neither the parameters nor what `input()` showed may have changed since then.
  ///
  /// @throws Error if there was no forward pass of this network, or if it was one of a window of
  /// steps
  template <class Visit>
  void for_each_neurons(const Net& net, const Visit& visit) const {
    const auto refuse = [](const char* found) {
      reject("neurons of a pass", "a forward pass of a whole sequence before it", found);
    };
    if (behind_ == Behind::nothing) refuse("none for batches of this size");
    if (behind_ == Behind::window) refuse("a window of steps");
    if (net_ != &net) refuse("one of another network");
    for_each_site([&](const auto& site) {
      if constexpr (std::remove_cvref_t<decltype(site)>::is_neurons) visit(site);
    });
  }

  /// Calls `visit(spikes)` for what each layer of neurons fired in the last forward pass, whose
  /// network must still be there, in the order of `for_each_neurons`: a view of packed spikes,
  /// before any pooling or dropout. Behind a window it is what was fired in that.
  template <class Visit>
  void for_each_firing(const Visit& visit) const {
    for_each_site([&](const auto& site) {
      if constexpr (requires { site.fired.words; }) visit(site.fired);
    });
  }

  /// Calls `visit(values)` for what each rectifier gave in the last forward pass, whose network
  /// must still be there, in the order of `for_each_neurons`: a view of real values.
  template <class Visit>
  void for_each_activation(const Visit& visit) const {
    for_each_rectifier([&](const auto& site) { visit(site.values); });
  }

  /// Calls `visit(site)` with a `layer::ActivationSite` for each layer of rectifiers.
  template <class Visit>
  void for_each_rectifier(const Visit& visit) const {
    for_each_site([&](const auto& site) {
      if constexpr (!std::remove_cvref_t<decltype(site)>::is_neurons) visit(site);
    });
  }

 private:
  using Stages = layer::StagePass<Scalar, List, In>;

  /// What the last call of `forward` left for the way back.
  enum class Behind { nothing, evaluation, window, training };

  [[nodiscard]] Index input_frames() const { return layer::extent_of<In>(extent_).frames(); }
  [[nodiscard]] Index output_frames() const { return layer::extent_of<Output>(extent_).frames(); }

  template <tensor::InMemory Slopes>
  static std::span<const Scalar> values_of(const Slopes& output_gradient) {
    constexpr int rank = tensor::rank_of<Slopes>;
    static_assert(rank == 2 || rank == 5,
                  "snnbd: the gradient of outputs is sized as logits() or as outputs()");
    const auto seen = tensor::const_view<Scalar, rank>(output_gradient);
    return {seen.data(), static_cast<std::size_t>(seen.size())};
  }

  static void check_size(const char* subject, Index wanted, std::size_t found) {
    if (found != static_cast<std::size_t>(wanted))
      reject(subject, std::to_string(wanted) + " values", std::to_string(found));
  }

  template <class Visit>
  void for_each_site(const Visit& visit) const {
    if (behind_ == Behind::nothing)
      reject("signals of a pass", "a forward pass before it", "none for batches of this size");
    layer::LayerContext context{scratch_, options_};
    stages_.for_each_site(net_->layers(), net_->parameters().data(), context, visit);
  }

  void check_backward(const Net& net) const {
    if (!training_)
      reject("backward pass", "a pass made for training, Pass{extent, true}",
             "one made without training");
    const auto refuse = [](const char* found) {
      reject("backward pass", "a forward pass in training mode before it, {.training = true}",
             found);
    };
    if (behind_ == Behind::nothing) refuse("none for batches of this size");
    if (behind_ == Behind::evaluation) refuse("one in evaluation mode");
    if (behind_ == Behind::window) refuse("a window of steps, which is in evaluation mode");
    if (net_ != &net) refuse("one of another network");
  }

  static const auto* begin_of(const ConstViewOf<In, Scalar>& in) {
    if constexpr (SpikeSignal<In>) {
      return in.words;
    } else {
      return in.data;
    }
  }

  /// The input in memory of the pass.
  ConstViewOf<In, Scalar> own_input(ConstViewOf<In, Scalar> in) {
    const ViewOf<In, Scalar> own = input();
    if constexpr (SpikeSignal<In>) {
      check_words(in);
      if (in.words != own.words) std::copy_n(in.words, in.size(), own.words);
      in.words = own.words;
    } else {
      if (in.data != own.data) std::copy_n(in.data, in.size(), own.data);
      in.data = own.data;
    }
    return in;
  }

  /// A bit behind the last channel would be followed to weights that there are not.
  static void check_words(const SpikeView<const Word>& in) {
    constexpr int used = In::shape.channels % word_bits;
    if constexpr (used != 0) {
      const Index words = in.pixel_words();
      Word outside = 0;
      for (Index last = words - 1; last < in.size(); last += words)
        outside |= in.words[last] >> used;
      if (outside != 0)
        reject(
            "input of a pass",
            "spikes of " + std::to_string(In::shape.channels) + " channels in each pixel's words",
            "bits behind them");
    }
  }

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
    const layer::TimeWindow& window = options_.window;
    if (window.first_step == 0 && window.last) return;
    if (options_.training) reject("window of steps", "a pass without training", "one in training");
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
  Behind behind_ = Behind::nothing;
  const Net* net_ = nullptr;  ///< of the last forward pass
  Extent extent_{0, 0};
  Extent left_{0, 0};  ///< samples and steps of a sequence that goes on
  SignalBuffer<In, Scalar> input_;
  SignalBuffer<Static<In::shape>, Scalar> input_gradient_;
  SignalBuffer<Static<Output::shape>, Scalar> output_gradient_;
  Arena arena_;
  Arena state_;
  mutable Scratch scratch_;  ///< holds nothing between two calls
  layer::PassOptions options_;
  Stages stages_;
  ConstViewOf<Output, Scalar> out_{};
};

namespace network {

/// What `PassOf` stands for: a type of its own, as `SinglePrecision` is.
template <class Net, class Encoding>
struct EncodedPass {
  using type = Pass<Net, typename Encoding::template Signal<Net::input_shape>>;
};

}  // namespace network

/// The pass of a network that an encoder feeds: `PassOf<Net>` under direct coding,
/// `PassOf<Net, encode::Poisson>` for spike trains.
template <class Net, class Encoding = encode::Direct>
using PassOf = typename network::EncodedPass<Net, Encoding>::type;

}  // namespace snnbd::inline SNNBD_ISA

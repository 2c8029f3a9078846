#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

#include <snnbd/core/arena.hpp>
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
    if (counter.used() > capacity_) {
      arena_ = Arena{counter.used()};
      capacity_ = counter.used();
    }
    arena_.rewind(0);
    return layer::take_signal<S, Scalar>(arena_, extent);
  }

 private:
  Arena arena_;
  std::size_t capacity_ = 0;
};

/// One batch's way through a network and back: all signals, all state of the neurons. A pass always
/// begins at rest, so no sequence can leak into the next.
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

  /// @param extent the largest batch and the number of steps
  /// @param training whether `backward` will be called
  Pass(const Extent& extent, bool training) : training_{training} { resize(extent); }

  /// Prepares for batches of another size. Memory only grows.
  void resize(const Extent& extent) {
    if (extent.samples < 1 || extent.steps < 1)
      reject(
          "batch", "at least one sample and one step",
          std::to_string(extent.samples) + " samples, " + std::to_string(extent.steps) + " steps");
    if (extent == extent_) return;
    const std::size_t wanted = bytes(extent, training_);
    if (wanted > capacity_) {
      arena_ = Arena{wanted};
      capacity_ = wanted;
    }
    arena_.rewind(0);
    reserve(arena_, extent, training_, storage_);
    extent_ = extent;
  }

  /// The memory that the signals of a pass take, in bytes.
  static std::size_t bytes(const Extent& extent, bool training) {
    Arena counter;
    Storage counted;
    reserve(counter, extent, training, counted);
    return counter.used();
  }

  [[nodiscard]] const Extent& extent() const { return extent_; }

  /// Runs a batch through the network.
  ///
  /// @param in `extent().samples` samples; one step if the signal is static
  /// @returns the output, valid until the next call
  OutputView forward(const Net& net, ConstViewOf<In, Scalar> in, const layer::Mode& mode = {}) {
    const Extent wanted = layer::extent_of<In>(extent_);
    if (in.extent != wanted || in.shape != In::shape)
      reject("input of a pass", describe(wanted, In::shape), describe(in.extent, in.shape));
    mode_ = mode;
    mode_.training = mode.training && training_;
    layer::Work work{scratch_, mode_};
    return forward_from<0>(net, in, work);
  }

  /// Carries the output's gradient back, after a forward pass in training mode.
  ///
  /// @param gradient of the parameters; added to
  /// @param input_gradient [sample, step, height, width, channel], or null
  void backward(const Net& net, const Scalar* output_gradient, std::span<Scalar> gradient,
                Scalar* input_gradient = nullptr) {
    layer::Work work{scratch_, mode_};
    backward_from<List::size>(net, output_gradient, gradient.data(), input_gradient, work);
  }

  /// What reaches stage number `I`, as it was in the last forward pass.
  template <std::size_t I>
  [[nodiscard]] const auto& signal() const {
    return std::get<I>(inputs_);
  }

 private:
  static std::string describe(const Extent& extent, const Shape& shape) {
    return std::to_string(extent.samples) + " samples of " + std::to_string(extent.steps) +
           " steps of " + to_string(shape);
  }

  template <std::size_t... I>
  static auto inputs_of(std::index_sequence<I...> /*indices*/)
      -> std::tuple<ConstViewOf<typename List::template At<I>::Input, Scalar>...>;
  using Inputs = decltype(inputs_of(std::make_index_sequence<List::size>{}));

  /// What a pass keeps in its arena.
  struct Storage {
    typename List::Memories memories;
    std::array<std::span<Scalar>, 2> gradients;
  };

  static void reserve(Arena& arena, const Extent& extent, bool training, Storage& storage) {
    reserve_stages(arena, extent, training, storage, std::make_index_sequence<List::size>{});
  }

  template <std::size_t... I>
  static void reserve_stages(Arena& arena, const Extent& extent, bool training, Storage& storage,
                             std::index_sequence<I...> /*indices*/) {
    ((std::get<I>(storage.memories) = List::template At<I>::reserve(arena, extent, training)), ...);
    if (!training) return;
    Index largest = 0;
    ((largest = std::max(largest, gradient_size<typename List::template At<I>::Input>(I, extent))),
     ...);
    for (auto& buffer : storage.gradients)
      buffer = arena.template take<Scalar>(largest + spare_values);
  }

  template <Signal S>
  static Index gradient_size(std::size_t stage, const Extent& extent) {
    return stage == 0 ? 0 : layer::extent_of<S>(extent).frames() * S::shape.size();
  }

  template <std::size_t I, class View>
  OutputView forward_from(const Net& net, const View& in, layer::Work& work) {
    if constexpr (I == List::size) {
      return in;
    } else {
      std::get<I>(inputs_) = in;
      return forward_from<I + 1>(
          net,
          List::template At<I>::forward(net.layers(), net.parameters().data(), in,
                                        std::get<I>(storage_.memories), work),
          work);
    }
  }

  template <std::size_t I>
  void backward_from(const Net& net, const Scalar* output_gradient, Scalar* gradient,
                     Scalar* input_gradient, layer::Work& work) {
    if constexpr (I > 0) {
      Scalar* target = storage_.gradients[0].data() == output_gradient
                           ? storage_.gradients[1].data()
                           : storage_.gradients[0].data();
      if constexpr (I == 1) target = input_gradient;
      const Scalar* const below = List::template At<I - 1>::backward(
          net.layers(), net.parameters().data(), gradient, std::get<I - 1>(inputs_),
          output_gradient, target, std::get<I - 1>(storage_.memories), work);
      backward_from<I - 1>(net, below, gradient, input_gradient, work);
    } else if (input_gradient != nullptr && output_gradient != input_gradient) {
      std::copy_n(output_gradient, layer::extent_of<In>(extent_).frames() * In::shape.size(),
                  input_gradient);
    }
  }

  bool training_;
  Extent extent_{0, 0};
  std::size_t capacity_ = 0;
  Arena arena_;
  Scratch scratch_;
  layer::Mode mode_;
  Storage storage_;
  Inputs inputs_;
};

}  // namespace snnbd::inline SNNBD_ISA

#pragma once

#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/tensor.hpp>
#include <snnbd/network/stage.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace network {

/// A parameter tensor of a network: which layer owns it and where it lies in the flat vector.
struct Tensor {
  int layer = 0;
  layer::Parameter parameter{};
  Index offset = 0;

  /// `3.weight`, as a PyTorch `Sequential` of the same layers names it.
  [[nodiscard]] std::string name() const {
    return std::to_string(layer) + '.' + std::string{parameter.name};
  }
};

namespace detail {

template <class Scalar, int LayerIndex, Signal In>
constexpr void list_tensors(auto& /*list*/, Index /*offset*/) {}

template <class Scalar, int LayerIndex, Signal In, class First, class... Rest>
constexpr void list_tensors(auto& list, Index offset) {
  using Bound = BoundTo<First, LayerIndex, In, Scalar>;
  for (const layer::Parameter& parameter : Bound::parameters) {
    list.push_back(Tensor{LayerIndex, parameter, offset});
    offset += parameter.size();
  }
  list_tensors<Scalar, LayerIndex + 1, typename Bound::Output, Rest...>(list, offset);
}

}  // namespace detail
}  // namespace network

/// A feed-forward network: its layers as types, its parameters as one flat vector.
///
/// Sizes are inferred from the input's shape and checked at compile time. The same network takes
/// any input signal of its shape: images under direct coding (`Static`) or spike trains (`Spikes`).
///
/// @tparam Scalar float to work with, double for gradient checks
/// @tparam Input the shape of one sample at one step
/// @tparam Specs the layers, from input to output
template <class Scalar, Shape Input, class... Specs>
class BasicNetwork {
 public:
  using ScalarType = Scalar;
  using SpecTuple = std::tuple<Specs...>;
  static constexpr Shape input_shape = Input;
  static constexpr std::size_t layer_count = sizeof...(Specs);

  /// The layers bound to an input signal of the network's shape.
  template <Signal In>
  using BoundTo = network::Stages<Scalar, In, Specs...>;

  static constexpr Index parameter_count = BoundTo<Static<Input>>::parameter_count;
  static constexpr Shape output_shape = BoundTo<Static<Input>>::Output::shape;

  BasicNetwork() : parameters_(static_cast<std::size_t>(parameter_count)) {}

  [[nodiscard]] std::span<Scalar> parameters() { return parameters_; }
  [[nodiscard]] std::span<const Scalar> parameters() const { return parameters_; }

  /// The settings of layer number `LayerIndex`: `network.layer<1>().neuron.threshold = 0.5F`.
  template <int LayerIndex>
  [[nodiscard]] auto& layer() {
    return std::get<LayerIndex>(specs_);
  }
  template <int LayerIndex>
  [[nodiscard]] const auto& layer() const {
    return std::get<LayerIndex>(specs_);
  }
  [[nodiscard]] const SpecTuple& layers() const { return specs_; }

  /// Calls `change(neuron)` for the neuron of each spiking layer.
  template <class Change>
  void for_each_neuron(const Change& change) {
    std::apply([&](auto&... spec) { (change_neuron(spec, change), ...); }, specs_);
  }

  /// Starts the neurons' own parameters where their settings say.
  void set_neuron_parameters() {
    for (const network::Tensor& tensor : tensors())
      if (tensor.parameter.kind == layer::ParameterKind::neuron)
        set_neuron_parameter(tensor, std::make_index_sequence<layer_count>{});
  }

  /// What the neurons behind layer number `layer` multiply their input by: 1/tau for LIF neurons
  /// that decay their input, 1 for IF neurons and where no neurons follow.
  [[nodiscard]] double input_gain_behind(int layer) const {
    double gain = 1.0;
    bool found = false;
    int number = 0;
    const auto look = [&](const auto& spec) {
      if constexpr (layer::is_spiking<std::remove_cvref_t<decltype(spec)>>) {
        if (number > layer && !found) {
          gain = spec.neuron.gain();
          found = true;
        }
      }
      ++number;
    };
    std::apply([&](const auto&... spec) { (look(spec), ...); }, specs_);
    return gain;
  }

  /// Whether there are neurons in it, and not only rectifiers.
  static constexpr bool spikes = (layer::is_spiking<Specs> || ...);

  /// The parameter tensors in the order of the flat vector.
  [[nodiscard]] static std::vector<network::Tensor> tensors() {
    std::vector<network::Tensor> list;
    network::detail::list_tensors<Scalar, 0, Static<Input>, Specs...>(list, 0);
    return list;
  }

  /// `32C3-P2-64C3-P2-256-10`, as papers write it, for reports.
  [[nodiscard]] static std::string notation() {
    std::string text;
    (append_notation<Specs>(text), ...);
    return text;
  }

  /// `relu`, or the name of the neurons of the first spiking layer, for reports.
  [[nodiscard]] static std::string_view neuron_name() {
    std::string_view name = "relu";
    bool found = false;
    (
        [&] {
          if constexpr (layer::is_spiking<Specs>) {
            if (!found) name = Specs::NeuronType::name;
            found = true;
          }
        }(),
        ...);
    return name;
  }

  /// `conv-spiking-max_pool-...`, by which a checkpoint knows its network.
  [[nodiscard]] static std::string description() {
    std::string text;
    ((text.append(text.empty() ? "" : "-").append(Specs::name)), ...);
    return text;
  }

 private:
  template <class Spec>
  static void append_notation(std::string& text) {
    if constexpr (requires { Spec::notation(); })
      text.append(text.empty() ? "" : "-").append(Spec::notation());
  }

  template <std::size_t... I>
  void set_neuron_parameter(const network::Tensor& tensor, std::index_sequence<I...> /*layers*/) {
    const auto start = [&](const auto& spec, std::size_t number) {
      if constexpr (requires { spec.neuron.initial_parameter(); }) {
        if (number == static_cast<std::size_t>(tensor.layer))
          parameters_[static_cast<std::size_t>(tensor.offset)] =
              static_cast<Scalar>(spec.neuron.initial_parameter());
      }
    };
    (start(std::get<I>(specs_), I), ...);
  }

  template <class Spec, class Change>
  static void change_neuron(Spec& spec, const Change& change) {
    if constexpr (layer::is_spiking<Spec>) change(spec.neuron);
  }

  SpecTuple specs_;
  std::vector<Scalar> parameters_;
};

/// A network in single precision: `Network<Shape{28, 28, 1}, layer::Conv<32, 3>, ...>`.
template <Shape Input, class... Specs>
using Network = BasicNetwork<float, Input, Specs...>;

}  // namespace snnbd::inline SNNBD_ISA

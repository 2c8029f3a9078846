#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/layer/sequence.hpp>
#include <snnbd/layer/stage.hpp>
#include <snnbd/network/parameter_view.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace network {
struct RecordOptions;
template <class Net>
class Recording;
}  // namespace network

/// How a network is run on tensors.
struct ForwardOptions {
  Index timesteps = 4;
  Index batch_size = 64;  ///< samples at a time; does not show in what comes out
};

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
  using Layers = layer::Sequence<Specs...>;
  static constexpr Shape input_shape = Input;
  static constexpr std::size_t layer_count = sizeof...(Specs);

  /// The layers bound to an input signal of the network's shape.
  template <Signal In>
  using BoundTo = layer::Stages<Scalar, In, Specs...>;

  static constexpr Index parameter_count = BoundTo<Static<Input>>::parameter_count;
  static constexpr Shape output_shape = BoundTo<Static<Input>>::Output::shape;

  BasicNetwork() : parameters_(static_cast<std::size_t>(parameter_count)) {
    for (const network::ParameterTensor& tensor : tensors())
      std::fill_n(parameters_.begin() + tensor.offset, tensor.parameter.size(),
                  static_cast<Scalar>(tensor.parameter.initial));
  }

  [[nodiscard]] std::span<Scalar> parameters() { return parameters_; }
  [[nodiscard]] std::span<const Scalar> parameters() const { return parameters_; }

  /// One parameter under its name: `net.parameter("3.weight")`, as a PyTorch `Sequential` of the
  /// same layers names it.
  ///
  /// @throws Error if there is none of that name
  [[nodiscard]] network::ParameterView<Scalar> parameter(std::string_view name) {
    return network::find_parameter(tensors(), name, parameters_.data());
  }
  [[nodiscard]] network::ParameterView<const Scalar> parameter(std::string_view name) const {
    return network::find_parameter<const Scalar>(tensors(), name, parameters_.data());
  }

  /// Runs images through the network, without training, and gives its outputs [sample, class], or
  /// [sample, value] if its last layer gives an image. Defined in network/forward.hpp.
  ///
  /// @param images a tensor [sample, height, width, channel]
  /// @throws Error if the images have another shape or there are none
  template <tensor::InMemory Images>
  [[nodiscard]] Tensor<Scalar, 2> forward(const Images& images,
                                          const ForwardOptions& options = {}) const;

  /// The same with an encoder other than direct coding. The samples' numbers, which the encoder's
  /// random numbers follow, are their places in `images`.
  template <tensor::InMemory Images, class Encoding>
  [[nodiscard]] Tensor<Scalar, 2> forward(const Images& images, const ForwardOptions& options,
                                          const Encoding& encoding) const;

  /// Runs images through the network, all at once and without training, and keeps what its neurons
  /// did: see network/recording.hpp, where it is defined.
  ///
  /// @param images a tensor [sample, height, width, channel]
  /// @throws Error if the images have another shape or there are none
  template <tensor::InMemory Images>
  [[nodiscard]] network::Recording<BasicNetwork> record(
      const Images& images, const network::RecordOptions& options) const;

  /// The settings of layer number `LayerIndex`: `network.layer<1>().neuron.threshold = 0.5F`.
  template <int LayerIndex>
  [[nodiscard]] auto& layer() {
    return std::get<LayerIndex>(specs_);
  }
  template <int LayerIndex>
  [[nodiscard]] const auto& layer() const {
    return std::get<LayerIndex>(specs_);
  }
  [[nodiscard]] SpecTuple& layers() { return specs_; }
  [[nodiscard]] const SpecTuple& layers() const { return specs_; }

  /// Calls `visit(spec, place)` for each layer, those within layers too.
  template <class Visit>
  void for_each_layer(const Visit& visit) {
    layer::for_each_layer(specs_, visit);
  }

  /// Calls `change(neuron)` for the neuron of each spiking layer.
  template <class Change>
  void for_each_neuron(const Change& change) {
    for_each_layer([&]<class Spec>(Spec& spec, int /*place*/) {
      if constexpr (layer::is_spiking<Spec>) change(spec.neuron);
    });
  }

  /// Sets the threshold of all neurons, and that which threshold-dependent batch norms aim at.
  void set_threshold(double threshold) {
    for_each_layer([&]<class Spec>(Spec& spec, int /*place*/) {
      if constexpr (layer::is_spiking<Spec>) spec.neuron.threshold = threshold;
      if constexpr (requires { spec.theta; })
        spec.theta = static_cast<decltype(spec.theta)>(threshold);
    });
  }

  /// Starts the neurons' own parameters where their settings say.
  void set_neuron_parameters() {
    for (const network::ParameterTensor& tensor : tensors()) {
      if (tensor.parameter.kind != layer::ParameterKind::neuron) continue;
      for_each_layer([&](const auto& spec, int place) {
        if constexpr (requires { spec.neuron.initial_parameters(); }) {
          if (place == tensor.place)
            std::ranges::transform(neuron::rounded<Scalar>(spec.neuron).initial_parameters(),
                                   parameters_.begin() + tensor.offset,
                                   [](double value) { return static_cast<Scalar>(value); });
        }
      });
    }
  }

  /// For each layer, by its place, what the neurons behind it multiply their input by.
  [[nodiscard]] std::vector<double> gains_behind() const {
    SpecTuple specs = specs_;
    layer::for_each_layer(specs, []<class Spec>(Spec& spec, int /*place*/) {
      if constexpr (layer::is_spiking<Spec>) spec.neuron = neuron::rounded<Scalar>(spec.neuron);
    });
    return layer::gains_behind(specs);
  }

  /// Whether there are neurons in it, and not only rectifiers.
  static constexpr bool spikes = !Layers::neuron_name().empty();

  /// How many parameters there are of a kind.
  [[nodiscard]] static constexpr Index count_parameters(layer::ParameterKind kind) {
    Index count = 0;
    Layers::template for_each_parameter<Scalar, Static<Input>>(
        [&](const layer::Parameter& parameter, const layer::Position& /*at*/) {
          if (parameter.kind == kind) count += parameter.size();
        });
    return count;
  }

  /// The parameter tensors in the order of the flat vector.
  [[nodiscard]] static std::vector<network::ParameterTensor> tensors() {
    std::vector<network::ParameterTensor> list;
    Layers::template for_each_parameter<Scalar, Static<Input>>(
        [&](const layer::Parameter& parameter, const layer::Position& at) {
          list.push_back({at.index, parameter, at.offset, at.place + parameter.place});
        });
    return list;
  }

  /// `32C3-P2-64C3-P2-256-10`, as papers write it, for reports.
  [[nodiscard]] static std::string notation() { return Layers::notation(); }

  /// The name of the neurons of the first spiking layer, for reports; that of what an artificial
  /// network has in their place: `relu`, or `qcfs` if its rectifiers have limits of their own.
  [[nodiscard]] static constexpr std::string_view neuron_name() {
    if (spikes) return Layers::neuron_name();
    return count_parameters(layer::ParameterKind::neuron) > 0 ? "qcfs" : "relu";
  }

  /// Adds the settings of all layers and a checksum of the parameters to a key.
  void add_to(Key& key, const std::string& name) const {
    key.set(
        name,
        std::string{"network of "}.append(to_string(Input)).append(", ").append(kind_of<Scalar>()));
    key.add(name, specs_);
    key.set(name + ".parameters", crc32_text(std::as_bytes(std::span<const Scalar>{parameters_})));
  }

  /// `conv-spiking-max_pool-...`, by which a checkpoint knows its network.
  [[nodiscard]] static std::string description() { return Layers::description(); }

 private:
  SpecTuple specs_;
  AlignedVector<Scalar> parameters_;
};

namespace network {

/// What `Network` stands for. An alias that named it at once would crash g++ 12 wherever the shape
/// depends on a template's parameter, as in `Network<Set::shape, ...>`.
template <Shape Input, class... Specs>
struct SinglePrecision {
  using type = BasicNetwork<float, Input, Specs...>;
};

}  // namespace network

/// A network in single precision: `Network<Shape{28, 28, 1}, layer::Conv<32, 3>, ...>`.
template <Shape Input, class... Specs>
using Network = typename network::SinglePrecision<Input, Specs...>::type;

}  // namespace snnbd::inline SNNBD_ISA

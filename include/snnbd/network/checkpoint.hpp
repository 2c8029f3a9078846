#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/format/safetensors.hpp>
#include <snnbd/network/check.hpp>
#include <snnbd/network/layer_text.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/network/neuron_scales.hpp>
#include <snnbd/neuron/model.hpp>

/// Networks in files that a PyTorch module of the same layers would load: safetensors, with the
/// names and orders of a `Sequential`.
namespace snnbd::inline SNNBD_ISA::network {

/// A parameter tensor in the order that other tools keep: [out, in, y, x] for convolutions,
/// [out, in] with the inputs as [channel, y, x] for dense layers.
///
/// @param values [y, x, in, out], the library's order
template <class Scalar>
safetensors::TensorEntry export_tensor(const ParameterTensor& tensor,
                                       std::span<const Scalar> values);

/// The way back.
///
/// @param subject what an error names: the file
/// @throws Error if the shape differs, the type is not one whose values are exact in `Scalar`, or a
///   value is not finite
template <class Scalar>
void import_tensor(const safetensors::TensorEntry& entry, const ParameterTensor& tensor,
                   std::span<Scalar> values, const std::string& subject);

/// Entries for all parameters of a network.
template <class Scalar, Shape Input, class... Specs>
std::vector<safetensors::TensorEntry> export_parameters(
    const BasicNetwork<Scalar, Input, Specs...>& net) {
  std::vector<safetensors::TensorEntry> entries;
  for (const ParameterTensor& tensor : net.tensors())
    entries.push_back(export_tensor<Scalar>(
        tensor, net.parameters().subspan(static_cast<std::size_t>(tensor.offset),
                                         static_cast<std::size_t>(tensor.parameter.size()))));
  return entries;
}

/// The parameters that a file has for a network of this type.
///
/// @throws Error that names the file and the tensor
template <class Net>
AlignedVector<typename Net::ScalarType> read_parameters(const safetensors::File& file,
                                                        const std::string& subject) {
  using Scalar = typename Net::ScalarType;
  AlignedVector<Scalar> parameters(static_cast<std::size_t>(Net::parameter_count));
  for (const ParameterTensor& tensor : Net::tensors()) {
    const safetensors::TensorEntry* entry = file.find(tensor.name());
    if (entry == nullptr) reject(subject, "a tensor '" + tensor.name() + "'", "none");
    import_tensor<Scalar>(
        *entry, tensor,
        std::span<Scalar>{parameters}.subspan(static_cast<std::size_t>(tensor.offset),
                                              static_cast<std::size_t>(tensor.parameter.size())),
        subject);
  }
  return parameters;
}

/// Sets all parameters of a network from a file's tensors, and nothing else; the network is
/// untouched if any is wrong.
template <class Scalar, Shape Input, class... Specs>
void import_parameters(const safetensors::File& file, BasicNetwork<Scalar, Input, Specs...>& net,
                       const std::string& subject) {
  const auto parameters = read_parameters<BasicNetwork<Scalar, Input, Specs...>>(file, subject);
  std::copy(parameters.begin(), parameters.end(), net.parameters().begin());
}

/// The metadata under which a file keeps the kinds and members of the layers.
inline constexpr std::string_view layers_key = "layers";

/// The metadata under which files of version 1 keep `NeuronScales`.
inline constexpr std::string_view scales_key = "neurons";

/// Reads the lines of files of version 1: place, threshold, amplitude and start of each layer of
/// neurons, the reals in hexadecimal.
///
/// @param subject what an error names: the file
/// @throws Error if a line is no such line, a threshold or an amplitude not a positive number
std::vector<NeuronScales> parse_scales(std::string_view text, const std::string& subject);

/// `1, 4`: the places of the layers.
std::string places_text(const std::vector<NeuronScales>& scales);

/// Refuses a layer of neurons that no network can have.
///
/// @param subject what an error names
template <class Spec>
void check_neurons(const Spec& spec, const std::string& subject) {
  if (!std::isfinite(spec.amplitude)) reject(subject, "a finite amplitude", spec.amplitude);
  if (!std::isfinite(spec.start)) reject(subject, "a finite start", spec.start);
  try {
    neuron::check(spec.neuron);
  } catch (const Error& error) {
    throw Error{subject + ", " + error.what()};
  }
}

/// What a file says of a network, before the network gets it.
template <class Net>
struct FileContent {
  typename Net::SpecTuple layers;
  AlignedVector<typename Net::ScalarType> parameters;

  /// Gives it to the network.
  void apply(Net& net) && {
    net.layers() = std::move(layers);
    std::copy(parameters.begin(), parameters.end(), net.parameters().begin());
  }
};

/// Reads all that a file says of a network, which is left as it is.
///
/// @param net has the members that the file does not tell
/// @param subject what an error names: the file
/// @throws Error if the file is not one of such a network
template <class Net>
FileContent<Net> read_content(const safetensors::File& file, const Net& net,
                              const std::string& subject, OtherSurrogate surrogates) {
  FileContent<Net> content{net.layers(), {}};
  if (const std::string* text = file.find_metadata(layers_key)) {
    read_layers(*text, subject, surrogates, content.layers);
    layer::for_each_layer(content.layers, [&]<class Spec>(const Spec& spec, int place) {
      if constexpr (layer::is_spiking<Spec>)
        check_neurons(spec, subject + ", layer " + std::to_string(place));
    });
  } else if (const std::string* lines = file.find_metadata(scales_key)) {
    const auto scales = parse_scales(*lines, subject);
    const auto own = neuron_scales(net);
    if (!std::ranges::equal(scales, own, {}, &NeuronScales::place, &NeuronScales::place))
      reject(subject, "neurons at the places " + places_text(own), places_text(scales));
    set_neuron_scales(content.layers, scales);
  }
  content.parameters = read_parameters<Net>(file, subject);
  return content;
}

/// Metadata that say all of a network but its parameters.
template <class Scalar, Shape Input, class... Specs>
safetensors::Metadata network_metadata(const BasicNetwork<Scalar, Input, Specs...>& net) {
  return {{"network", net.description()},
          {std::string{layers_key}, layer_key(net.layers()).text()}};
}

/// Writes a network beside `path` and renames it: its parameters as tensors, the kinds and all
/// members of its layers as metadata, where other tools do not look.
///
/// @param metadata texts to keep with it
template <class Scalar, Shape Input, class... Specs>
void save(const std::string& path, const BasicNetwork<Scalar, Input, Specs...>& net,
          safetensors::Metadata metadata = {}) {
  check_parameters(net, "network to save in '" + path + "'");
  std::erase_if(metadata, [](const auto& entry) { return entry.first == scales_key; });
  for (auto& [name, text] : network_metadata(net))
    safetensors::set_metadata(metadata, name, std::move(text));
  safetensors::write(path, export_parameters(net), metadata);
}

/// Reads a network that `save`, training or another tool wrote: parameters, and the members of all
/// layers, if the file has them; those that it does not have stay. Tensors that are not known are
/// ignored. Values of a narrower type are taken if that is exact: F16, BF16, and F32 for a network
/// in double precision.
///
/// A surrogate of another kind than the file's is left as it is, as it decides nothing of what a
/// network gives; any other kind must be the file's. To take the parameters alone, whatever the
/// layers, use `import_parameters`.
///
/// @returns the file's metadata
/// @throws Error that names the file and the tensor, the layer or the member; the network is then
///   as it was
template <class Scalar, Shape Input, class... Specs>
safetensors::Metadata load(const std::string& path, BasicNetwork<Scalar, Input, Specs...>& net) {
  safetensors::File file = safetensors::read(path);
  read_content(file, net, path, OtherSurrogate::kept_out).apply(net);
  return std::move(file.metadata);
}

}  // namespace snnbd::inline SNNBD_ISA::network

#if !defined(SNNBD_COMPILED)
#include <snnbd/network/checkpoint.ipp>
#endif

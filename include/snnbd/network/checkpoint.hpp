#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/network/network.hpp>
#include <snnbd/network/neuron_scales.hpp>
#include <snnbd/network/safetensors.hpp>

/// Parameters in files that a PyTorch module of the same layers would load: safetensors, with the
/// names and orders of a `Sequential`.
namespace snnbd::inline SNNBD_ISA::network {

/// A parameter tensor in the order that other tools keep: [out, in, y, x] for convolutions,
/// [out, in] with the inputs as [channel, y, x] for dense layers.
///
/// @param values [y, x, in, out], the library's order
template <class Scalar>
safetensors::TensorEntry export_tensor(const Tensor& tensor, std::span<const Scalar> values);

/// The way back.
///
/// @param subject what an error names: the file
/// @throws Error if the type or the shape differs, or a value is not finite
template <class Scalar>
void import_tensor(const safetensors::TensorEntry& entry, const Tensor& tensor,
                   std::span<Scalar> values, const std::string& subject);

/// Entries for all parameters of a network.
template <class Scalar, Shape Input, class... Specs>
std::vector<safetensors::TensorEntry> export_parameters(
    const BasicNetwork<Scalar, Input, Specs...>& net) {
  std::vector<safetensors::TensorEntry> entries;
  for (const Tensor& tensor : net.tensors())
    entries.push_back(export_tensor<Scalar>(
        tensor, net.parameters().subspan(static_cast<std::size_t>(tensor.offset),
                                         static_cast<std::size_t>(tensor.parameter.size()))));
  return entries;
}

/// Sets all parameters of a network from a file's tensors; the network is untouched if any is
/// wrong.
template <class Scalar, Shape Input, class... Specs>
void import_parameters(const safetensors::File& file, BasicNetwork<Scalar, Input, Specs...>& net,
                       const std::string& subject) {
  std::vector<Scalar> parameters(net.parameters().size());
  for (const Tensor& tensor : net.tensors()) {
    const safetensors::TensorEntry* entry = file.find(tensor.name());
    if (entry == nullptr) reject(subject, "a tensor '" + tensor.name() + "'", "none");
    import_tensor<Scalar>(
        *entry, tensor,
        std::span<Scalar>{parameters}.subspan(static_cast<std::size_t>(tensor.offset),
                                              static_cast<std::size_t>(tensor.parameter.size())),
        subject);
  }
  std::copy(parameters.begin(), parameters.end(), net.parameters().begin());
}

/// The metadata under which a file keeps `NeuronScales`.
inline constexpr std::string_view scales_key = "neurons";

/// One line for each layer, whose numbers come back bit for bit.
std::string format_scales(const std::vector<NeuronScales>& scales);

/// The way back.
///
/// @param subject what an error names: the file
/// @throws Error if a line is no such line, a threshold or an amplitude not a positive number
std::vector<NeuronScales> parse_scales(const std::string& text, const std::string& subject);

/// Writes a network beside `path` and renames it. Thresholds, amplitudes and starts of its neurons,
/// as conversion sets them, are kept as metadata, where other tools do not look.
///
/// @param metadata settings to keep with it
template <class Scalar, Shape Input, class... Specs>
void save(const std::string& path, const BasicNetwork<Scalar, Input, Specs...>& net,
          safetensors::Metadata metadata = {}) {
  metadata.emplace_back("network", net.description());
  if (const auto scales = neuron_scales(net); !scales.empty())
    metadata.emplace_back(scales_key, format_scales(scales));
  safetensors::write(path, export_parameters(net), metadata);
}

/// Reads a network that `save` or another tool wrote. Tensors that it does not know are ignored. If
/// the file has them, neurons get their thresholds, amplitudes and starts back.
///
/// @returns the file's metadata
/// @throws Error that names the file and the tensor; the network is then as it was
template <class Scalar, Shape Input, class... Specs>
safetensors::Metadata load(const std::string& path, BasicNetwork<Scalar, Input, Specs...>& net) {
  const safetensors::File file = safetensors::read(path);
  const std::string* text = file.find_metadata(scales_key);
  const auto scales = text == nullptr ? neuron_scales(net) : parse_scales(*text, path);
  const auto own = neuron_scales(net);
  if (!std::equal(scales.begin(), scales.end(), own.begin(), own.end(),
                  [](const auto& a, const auto& b) { return a.place == b.place; }))
    reject(path, std::to_string(own.size()) + " layers of neurons in the network's places",
           std::to_string(scales.size()) + " layers");
  import_parameters(file, net, path);
  set_neuron_scales(net, scales);
  return file.metadata;
}

}  // namespace snnbd::inline SNNBD_ISA::network

#if !defined(SNNBD_COMPILED)
#include <snnbd/network/checkpoint.ipp>
#endif

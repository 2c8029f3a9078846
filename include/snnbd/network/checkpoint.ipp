#pragma once

#include <cmath>
#include <cstdio>
#include <sstream>

#include <snnbd/network/checkpoint.hpp>

namespace snnbd::inline SNNBD_ISA::network {

namespace detail {

/// The dimensions of a tensor as other tools see it.
inline std::vector<std::int64_t> exported_shape(const layer::Parameter& parameter) {
  const auto& dims = parameter.dims;
  switch (parameter.kind) {
    case layer::ParameterKind::conv_weight:
      return {dims[3], dims[2], dims[0], dims[1]};
    case layer::ParameterKind::dense_weight:
      return {dims[3], static_cast<std::int64_t>(dims[2]) * dims[0] * dims[1]};
    case layer::ParameterKind::bias:
    case layer::ParameterKind::norm:
    case layer::ParameterKind::statistic:
      return {dims[3]};
    case layer::ParameterKind::neuron:
      if (dims[3] > 1) return {dims[3]};
      break;
  }
  return {};
}

/// Calls `body(place in the library's order, place in the exported order)` for each value.
template <class Body>
void for_each_place(const layer::Parameter& parameter, const Body& body) {
  const auto [height, width, in, out] = parameter.dims;
  std::size_t place = 0;
  for (Index y = 0; y < height; ++y)
    for (Index x = 0; x < width; ++x)
      for (Index i = 0; i < in; ++i)
        for (Index o = 0; o < out; ++o)
          body(place++, static_cast<std::size_t>(((o * in + i) * height + y) * width + x));
}

inline std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t dim : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(dim);
  return text + "]";
}

}  // namespace detail

SNNBD_INLINE std::string format_scales(const std::vector<NeuronScales>& scales) {
  std::string text;
  for (const NeuronScales& one : scales) {
    char line[128];
    std::snprintf(line, sizeof(line), "%d %a %a %a\n", one.place,
                  static_cast<double>(one.threshold), static_cast<double>(one.amplitude),
                  static_cast<double>(one.start));
    text += line;
  }
  return text;
}

SNNBD_INLINE std::vector<NeuronScales> parse_scales(const std::string& text,
                                                    const std::string& subject) {
  std::vector<NeuronScales> scales;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    NeuronScales one;
    const bool read = std::sscanf(line.c_str(), "%d %a %a %a", &one.place, &one.threshold,
                                  &one.amplitude, &one.start) == 4;
    const auto positive = [](float value) { return value > 0.0F && std::isfinite(value); };
    if (!read || !positive(one.threshold) || !positive(one.amplitude) || !std::isfinite(one.start))
      reject(subject, "a place, a threshold, an amplitude and a start for each layer of neurons",
             "'" + line + "'");
    scales.push_back(one);
  }
  return scales;
}

template <class Scalar>
safetensors::TensorEntry export_tensor(const Tensor& tensor, std::span<const Scalar> values) {
  std::vector<Scalar> exported(values.size());
  detail::for_each_place(tensor.parameter, [&](std::size_t ours, std::size_t theirs) {
    exported[theirs] = values[ours];
  });
  return safetensors::make_entry<Scalar>(tensor.name(), detail::exported_shape(tensor.parameter),
                                         exported);
}

template <class Scalar>
void import_tensor(const safetensors::TensorEntry& entry, const Tensor& tensor,
                   std::span<Scalar> values, const std::string& subject) {
  const std::string place = subject + ", tensor '" + entry.name + "'";
  const auto shape = detail::exported_shape(tensor.parameter);
  if (entry.dtype != safetensors::dtype_of<Scalar>())
    reject(place, std::string{safetensors::dtype_of<Scalar>()} + " values", entry.dtype);
  if (entry.shape != shape)
    reject(place, "shape " + detail::shape_text(shape), detail::shape_text(entry.shape));
  const std::vector<Scalar> imported = safetensors::values_of<Scalar>(entry);
  for (const Scalar value : imported)
    if (!std::isfinite(value)) reject(place, "finite values", std::to_string(value));
  detail::for_each_place(tensor.parameter, [&](std::size_t ours, std::size_t theirs) {
    values[ours] = imported[theirs];
  });
}

#if defined(SNNBD_COMPILED)
template safetensors::TensorEntry export_tensor<float>(const Tensor&, std::span<const float>);
template safetensors::TensorEntry export_tensor<double>(const Tensor&, std::span<const double>);
template void import_tensor<float>(const safetensors::TensorEntry&, const Tensor&, std::span<float>,
                                   const std::string&);
template void import_tensor<double>(const safetensors::TensorEntry&, const Tensor&,
                                    std::span<double>, const std::string&);
#endif

}  // namespace snnbd::inline SNNBD_ISA::network

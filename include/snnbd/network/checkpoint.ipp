#pragma once

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include <snnbd/core/value_text.hpp>
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

/// Cuts off what stands before the first space, which is dropped.
inline std::string_view next_word(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

/// Reads all of a text as `%a` writes it, a float, as files of version 1 have them.
inline bool parse_hexadecimal(std::string_view text, double& value) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (!text.starts_with("0x")) return false;
  text.remove_prefix(2);
  if (text.starts_with('-')) return false;
  const char* const end = text.data() + text.size();
  float found{};
  const auto result = std::from_chars(text.data(), end, found, std::chars_format::hex);
  value = negative ? -found : found;
  return result.ec == std::errc{} && result.ptr == end;
}

/// IEEE 754's 16 bits.
inline double half_value(std::uint16_t bits) {
  const int exponent = (bits >> 10U) & 0x1F;
  const int fraction = bits & 0x3FF;
  const double sign = (bits & 0x8000U) != 0 ? -1.0 : 1.0;
  constexpr int largest = 0x1F;
  if (exponent == largest)
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  return sign *
         (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 0x400, exponent - 25));
}

/// The upper half of a float.
inline double brain_value(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16U);
}

/// The values of an entry, if all that its type can be are exact in `Scalar`.
template <class Scalar>
std::vector<Scalar> exact_values(const safetensors::TensorEntry& entry, const std::string& place) {
  const auto wide = [&]<class Narrow>(Narrow /*type*/, const auto& convert) {
    std::vector<Scalar> values(entry.bytes.size() / sizeof(Narrow));
    for (std::size_t i = 0; i < values.size(); ++i) {
      Narrow one;
      std::memcpy(&one, entry.bytes.data() + i * sizeof(Narrow), sizeof(Narrow));
      values[i] = static_cast<Scalar>(convert(one));
    }
    return values;
  };
  if (entry.dtype == safetensors::dtype_of<Scalar>()) return safetensors::values_of<Scalar>(entry);
  if (entry.dtype == "F16") return wide(std::uint16_t{}, half_value);
  if (entry.dtype == "BF16") return wide(std::uint16_t{}, brain_value);
  if constexpr (sizeof(Scalar) == sizeof(double)) {
    if (entry.dtype == "F32") return wide(float{}, [](float value) { return value; });
  } else if (entry.dtype == "F64") {
    reject(place, "F32, F16 or BF16 values, which the network's single precision keeps",
           "F64 values, which it would round");
  }
  reject(place, std::string{safetensors::dtype_of<Scalar>()} + " values",
         snnbd::quoted(entry.dtype) + " values");
}

}  // namespace detail

SNNBD_INLINE std::vector<NeuronScales> parse_scales(std::string_view text,
                                                    const std::string& subject) {
  std::vector<NeuronScales> scales;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    const std::string whole = snnbd::quoted(line);
    NeuronScales one;
    const auto positive = [](double value) { return value > 0.0 && std::isfinite(value); };
    if (end == std::string_view::npos || !parse_value(detail::next_word(line), one.place) ||
        !detail::parse_hexadecimal(detail::next_word(line), one.threshold) ||
        !detail::parse_hexadecimal(detail::next_word(line), one.amplitude) ||
        !detail::parse_hexadecimal(line, one.start) || !positive(one.threshold) ||
        !positive(one.amplitude) || !std::isfinite(one.start))
      reject(subject, "a place, a threshold, an amplitude and a start for each layer of neurons",
             whole);
    scales.push_back(one);
    text.remove_prefix(end + 1);
  }
  return scales;
}

SNNBD_INLINE std::string places_text(const std::vector<NeuronScales>& scales) {
  std::string text;
  for (const NeuronScales& one : scales)
    text.append(text.empty() ? "" : ", ").append(std::to_string(one.place));
  return text.empty() ? "none" : text;
}

template <class Scalar>
safetensors::TensorEntry export_tensor(const ParameterTensor& tensor,
                                       std::span<const Scalar> values) {
  std::vector<Scalar> exported(values.size());
  detail::for_each_place(tensor.parameter, [&](std::size_t ours, std::size_t theirs) {
    exported[theirs] = values[ours];
  });
  return safetensors::make_entry<Scalar>(tensor.name(), detail::exported_shape(tensor.parameter),
                                         exported);
}

template <class Scalar>
void import_tensor(const safetensors::TensorEntry& entry, const ParameterTensor& tensor,
                   std::span<Scalar> values, const std::string& subject) {
  const std::string place = subject + ", tensor " + snnbd::quoted(entry.name);
  const auto shape = detail::exported_shape(tensor.parameter);
  if (entry.shape != shape)
    reject(place, "shape " + detail::shape_text(shape), detail::shape_text(entry.shape));
  const std::vector<Scalar> imported = detail::exact_values<Scalar>(entry, place);
  if (imported.size() != values.size())
    reject(place, std::to_string(values.size()) + " values", imported.size());
  for (const Scalar value : imported)
    if (!std::isfinite(value)) reject(place, "finite values", std::to_string(value));
  detail::for_each_place(tensor.parameter, [&](std::size_t ours, std::size_t theirs) {
    values[ours] = imported[theirs];
  });
}

#if defined(SNNBD_COMPILED)
template safetensors::TensorEntry export_tensor<float>(const ParameterTensor&,
                                                       std::span<const float>);
template safetensors::TensorEntry export_tensor<double>(const ParameterTensor&,
                                                        std::span<const double>);
template void import_tensor<float>(const safetensors::TensorEntry&, const ParameterTensor&,
                                   std::span<float>, const std::string&);
template void import_tensor<double>(const safetensors::TensorEntry&, const ParameterTensor&,
                                    std::span<double>, const std::string&);
#endif

}  // namespace snnbd::inline SNNBD_ISA::network

#pragma once

#include <limits>

#include <snnbd/core/crc32.hpp>
#include <snnbd/learn/training/mask.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

SNNBD_COLD Mask::Mask(Index parameters) {
  if (parameters < 0) reject("mask", "at least 0 parameters", parameters);
  entries_.resize(static_cast<std::size_t>(parameters), Hold::free);
}

SNNBD_COLD Mask& Mask::hold(Index offset, Index count, Hold how) {
  if (offset < 0 || count < 0 || offset > size() - count)
    reject("mask", "parameters below number " + std::to_string(size()),
           std::to_string(count) + " from number " + std::to_string(offset));
  std::fill_n(entries_.begin() + offset, count, how);
  return *this;
}

SNNBD_COLD Mask& Mask::hold_channel(const network::ParameterTensor& tensor, Index channel,
                                    Hold how) {
  const Index channels = tensor.parameter.dims[3];
  if (channel < 0 || channel >= channels)
    reject("mask of a channel of " + tensor.name(), "below " + std::to_string(channels), channel);
  for (Index input = 0; input < tensor.parameter.fan_in(); ++input)
    hold(tensor.offset + input * channels + channel, 1, how);
  return *this;
}

SNNBD_COLD Mask& Mask::hold_layer(const std::vector<network::ParameterTensor>& tensors,
                                  std::string_view name, Hold how) {
  using enum layer::ParameterKind;
  int place = std::numeric_limits<int>::min();
  for (const network::ParameterTensor& tensor : tensors) {
    const bool conv = tensor.parameter.kind == conv_weight && name != "last_dense";
    const bool dense = tensor.parameter.kind == dense_weight && name != "last_conv";
    if (name.starts_with("last") && (conv || dense)) place = tensor.place;
  }
  const bool last = name == "last" || name == "last_conv" || name == "last_dense";
  std::string names;
  bool found = false;
  for (const network::ParameterTensor& tensor : tensors) {
    const std::string own = tensor.name();
    names.append(names.empty() ? "" : ", ").append(own);
    const bool wanted =
        last ? tensor.place == place
             : own.starts_with(name) && (own.size() == name.size() || own[name.size()] == '.');
    if (!wanted) continue;
    hold(tensor.offset, tensor.parameter.size(), how);
    found = true;
  }
  if (!found)
    reject("layer to hold",
           "last, last_conv, last_dense, or the beginning of a name among " +
               (names.empty() ? "none" : names),
           snnbd::quoted(name));
  return *this;
}

SNNBD_COLD Index Mask::held() const {
  return size() - static_cast<Index>(std::count(entries_.begin(), entries_.end(), Hold::free));
}

SNNBD_COLD void Mask::check_count(Index parameters) const {
  if (size() != 0 && size() != parameters)
    reject("mask", std::to_string(parameters) + " entries, one for each parameter", size());
}

SNNBD_COLD void Mask::add_to(Key& key, const std::string& name) const {
  key.set(name, held() == 0 ? std::string{"none"}
                            : std::to_string(held()) + " of " + std::to_string(size()) + ", " +
                                  crc32_text(std::as_bytes(entries())));
}

}  // namespace snnbd::inline SNNBD_ISA::learn

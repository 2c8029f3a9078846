#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t limit);

/// Changes the header or the values of a safetensors file and puts both together again: a header
/// that grows would otherwise no longer have the length that the file begins with. Now and then it
/// changes any byte.
extern "C" inline std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                                      std::size_t limit, unsigned seed) {
  constexpr std::size_t prefix = sizeof(std::uint64_t);
  std::uint64_t length = 0;
  if (size >= prefix) std::memcpy(&length, data, prefix);
  if (seed % 4 == 0 || size < prefix || length > size - prefix || limit < prefix + 1)
    return LLVMFuzzerMutate(data, size, limit);

  const auto split = prefix + static_cast<std::size_t>(length);
  std::vector<std::uint8_t> header(data + prefix, data + split);
  std::vector<std::uint8_t> values(data + split, data + size);
  std::vector<std::uint8_t>& changed = seed % 4 == 1 ? values : header;
  const std::size_t before = changed.size();
  const std::size_t room = limit - (size - before);
  changed.resize(room);
  changed.resize(LLVMFuzzerMutate(changed.data(), before, room));

  length = header.size();
  std::memcpy(data, &length, prefix);
  std::copy(header.begin(), header.end(), data + prefix);
  std::copy(values.begin(), values.end(), data + prefix + header.size());
  return prefix + header.size() + values.size();
}

#pragma once

#include <algorithm>

#include <snnbd/core/file.hpp>
#include <snnbd/format/npy.hpp>
#include <snnbd/format/npy_header.ipp>
#include <snnbd/format/zip.hpp>

namespace snnbd::inline SNNBD_ISA::npy {

namespace detail {

inline constexpr std::string_view ending = ".npy";

/// Turns values of the other byte order round.
inline void swap_bytes(std::vector<std::byte>& bytes, std::size_t one_value) {
  for (auto first = bytes.begin(); first != bytes.end();
       first += static_cast<std::ptrdiff_t>(one_value))
    std::reverse(first, first + static_cast<std::ptrdiff_t>(one_value));
}

}  // namespace detail

SNNBD_INLINE std::vector<std::byte> encode(const Array& array) {
  const std::size_t one_value = detail::value_size(array.dtype);
  if (one_value == 0)
    reject("array", "a dtype of b1, i1, i2, i4, i8, u1, u2, u4, u8, f4, f8",
           snnbd::quoted(array.dtype));
  if (array.shape.size() > rank_limit)
    reject("array", "at most " + std::to_string(rank_limit) + " sizes", array.shape.size());
  const auto size = detail::array_size(one_value, array.shape);
  if (!size || *size != array.bytes.size())
    reject("array",
           size ? std::to_string(*size) + " bytes, as its shape says" : "a shape that fits",
           array.bytes.size());
  std::string sizes;
  for (const std::int64_t one : array.shape)
    sizes.append(sizes.empty() ? "" : ", ").append(std::to_string(one));
  if (array.shape.size() == 1) sizes += ',';
  std::string header = std::string{"{'descr': '"} + (one_value == 1 ? '|' : '<') + array.dtype +
                       "', 'fortran_order': False, 'shape': (" + sizes + "), }";
  // Values begin at a multiple of 64, as NumPy has it; the header ends with a line break.
  const std::size_t before = detail::magic.size() + 4;
  header.resize((before + header.size() + 1 + 63) / 64 * 64 - before - 1, ' ');
  header += '\n';
  std::string start{detail::magic};
  start += '\x01';
  start += '\0';
  start += static_cast<char>(header.size() & 0xFFU);
  start += static_cast<char>(header.size() >> 8U);
  start += header;
  const auto text = std::as_bytes(std::span{start});
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() + array.bytes.size());
  bytes.insert(bytes.end(), text.begin(), text.end());
  bytes.insert(bytes.end(), array.bytes.begin(), array.bytes.end());
  return bytes;
}

SNNBD_INLINE Array decode(std::span<const std::byte> bytes, std::string_view subject) {
  std::span<const std::byte> values;
  detail::Header header = detail::read_header(bytes, subject, values);
  const std::size_t one_value = detail::value_size(header.dtype);
  const auto size = detail::array_size(one_value, header.shape);
  if (!size || *size != values.size())
    reject(subject,
           size ? std::to_string(*size) + " bytes of values, as its shape says"
                : "sizes that fit any memory",
           values.size());
  Array array{std::move(header.dtype), std::move(header.shape), {values.begin(), values.end()}};
  if (header.big_endian && one_value > 1) detail::swap_bytes(array.bytes, one_value);
  if (header.fortran_order && array.shape.size() > 1)
    array.bytes = detail::from_fortran(array.bytes, array.shape, one_value);
  if (array.dtype == "b1")
    for (const std::byte value : array.bytes)
      if (value > std::byte{1})
        reject(subject, "booleans of 0 or 1", std::to_integer<unsigned>(value));
  return array;
}

SNNBD_INLINE std::vector<std::byte> encode_npz(std::span<const NamedArray> arrays) {
  std::vector<zip::Member> members;
  members.reserve(arrays.size());
  for (const NamedArray& one : arrays) {
    if (one.name.empty()) reject("array of an npz file", "a name", "none");
    members.push_back({one.name + std::string{detail::ending}, encode(one.array)});
  }
  return zip::encode(members);
}

SNNBD_INLINE std::vector<NamedArray> decode_npz(std::span<const std::byte> bytes,
                                                std::string_view subject, std::uint64_t limit) {
  std::vector<NamedArray> arrays;
  for (const zip::Member& member : zip::decode(bytes, subject, limit)) {
    const std::string where = std::string{subject} + ", member " + snnbd::quoted(member.name);
    const std::string_view name = member.name;
    if (!name.ends_with(detail::ending) || name.size() == detail::ending.size())
      reject(where, "a name that ends with .npy", "another");
    arrays.push_back({std::string{name.substr(0, name.size() - detail::ending.size())},
                      decode(member.bytes, where)});
  }
  return arrays;
}

SNNBD_INLINE void write(const std::string& path, const Array& array) {
  write_file_atomically(path, std::span<const std::byte>{encode(array)});
}

SNNBD_INLINE void write_npz(const std::string& path, std::span<const NamedArray> arrays) {
  write_file_atomically(path, std::span<const std::byte>{encode_npz(arrays)});
}

SNNBD_INLINE Array read(const std::string& path, std::uint64_t limit) {
  return read_within_memory(path, [&] { return decode(read_file(path, limit), path); });
}

SNNBD_INLINE std::vector<NamedArray> read_npz(const std::string& path, std::uint64_t limit) {
  return read_within_memory(path, [&] { return decode_npz(read_file(path, limit), path, limit); });
}

SNNBD_INLINE const Array* find(std::span<const NamedArray> arrays, std::string_view name) {
  for (const NamedArray& one : arrays)
    if (one.name == name) return &one.array;
  return nullptr;
}

SNNBD_INLINE std::vector<std::int64_t> whole_numbers(const Array& array, std::string_view subject) {
  const auto widened = [&]<class Value>(Value /*of the type*/) {
    const std::vector<Value> values = values_of<Value>(array, subject);
    if constexpr (sizeof(Value) == 8 && std::is_unsigned_v<Value>)
      for (const Value value : values)
        if (value > static_cast<Value>(std::numeric_limits<std::int64_t>::max()))
          reject(subject, "whole numbers below 2^63", value);
    return std::vector<std::int64_t>(values.begin(), values.end());
  };
  if (array.dtype == "u1") return widened(std::uint8_t{});
  if (array.dtype == "u2") return widened(std::uint16_t{});
  if (array.dtype == "u4") return widened(std::uint32_t{});
  if (array.dtype == "u8") return widened(std::uint64_t{});
  if (array.dtype == "i1") return widened(std::int8_t{});
  if (array.dtype == "i2") return widened(std::int16_t{});
  if (array.dtype == "i4") return widened(std::int32_t{});
  if (array.dtype == "i8") return widened(std::int64_t{});
  reject(subject, "whole numbers (i1 to i8, u1 to u8)", array.dtype);
}

}  // namespace snnbd::inline SNNBD_ISA::npy

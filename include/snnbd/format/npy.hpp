#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/format/number_array.hpp>

/// NumPy's files: `.npy` holds one array, `.npz` several with names.
///
/// ```cpp
/// npy::save("logits.npy", logits);                 // an Eigen tensor, an xtensor array, a span
/// const npy::Array array = npy::read("logits.npy");
/// const std::vector<float> values = npy::values_of<float>(array, "logits.npy");
/// ```
namespace snnbd::inline SNNBD_ISA::npy {

static_assert(std::endian::native == std::endian::little,
              "snnbd: npy files are written as values lie in memory, little-endian");

/// One array, its values little-endian, the last index fastest, whatever the file's orders were.
struct Array {
  std::string dtype;                ///< `b1`, `i1`, `i2`, `i4`, `i8`, `u1`, ..., `u8`, `f4`, `f8`
  std::vector<std::int64_t> shape;  ///< empty for a single number
  std::vector<std::byte> bytes;

  friend bool operator==(const Array&, const Array&) = default;
};

/// An array of an `.npz`.
struct NamedArray {
  std::string name;  ///< without `.npy`
  Array array;

  friend bool operator==(const NamedArray&, const NamedArray&) = default;
};

/// The largest file that is read unless another limit is given, in bytes.
inline constexpr std::uint64_t default_limit = std::uint64_t{1} << 34U;

/// The longest header that is read, in bytes; those of arrays of numbers have about a hundred.
inline constexpr std::size_t header_limit = 65'536;

/// The highest rank that is read and written.
inline constexpr std::size_t rank_limit = 32;

/// The bytes of an `.npy` file, version 1.0.
///
/// @throws Error if the type is unknown, the rank too high, or if the bytes do not match type and
///   shape
std::vector<std::byte> encode(const Array& array);

/// What the bytes of an `.npy` file hold: versions 1.0, 2.0 and 3.0, either byte order, C and
/// Fortran order. Nothing is allocated by a size that they only claim.
///
/// @param subject what an error names, mostly the path
/// @throws Error if they break the format, hold another type than those of `Array`, or are more or
///   fewer than the header says
Array decode(std::span<const std::byte> bytes, std::string_view subject);

/// The bytes of an `.npz` file; see `zip::encode`.
///
/// @throws Error as `encode` does, or if a name is empty or used twice
std::vector<std::byte> encode_npz(std::span<const NamedArray> arrays);

/// The arrays of an `.npz` file, whose members are stored or deflated; see `zip::decode`.
std::vector<NamedArray> decode_npz(std::span<const std::byte> bytes, std::string_view subject,
                                   std::uint64_t limit = default_limit);

/// Writes a file beside its place and renames it; see `encode`.
void write(const std::string& path, const Array& array);
void write_npz(const std::string& path, std::span<const NamedArray> arrays);

/// Reads a file; see `decode`.
///
/// @param limit the largest file that is read, packed and unpacked, in bytes
Array read(const std::string& path, std::uint64_t limit = default_limit);
std::vector<NamedArray> read_npz(const std::string& path, std::uint64_t limit = default_limit);

/// The array of that name, or null.
const Array* find(std::span<const NamedArray> arrays, std::string_view name);

/// The values of an array of whole numbers, of any width.
///
/// @throws Error that names `subject` if the array holds other types, or a number too large
std::vector<std::int64_t> whole_numbers(const Array& array, std::string_view subject);

/// How the format spells a type of values.
template <class Value>
requires std::is_arithmetic_v<Value> std::string dtype_of() {
  static_assert(sizeof(Value) <= 8, "snnbd: numbers of an npy file have at most 8 bytes");
  const char kind = std::same_as<Value, bool>    ? 'b'
                    : std::floating_point<Value> ? 'f'
                    : std::is_signed_v<Value>    ? 'i'
                                                 : 'u';
  return {kind, static_cast<char>('0' + sizeof(Value))};
}

/// A copy of values with a shape.
template <class Value>
Array make_array(std::vector<std::int64_t> shape, std::span<const Value> values) {
  const auto bytes = std::as_bytes(values);
  return {dtype_of<Value>(), std::move(shape), {bytes.begin(), bytes.end()}};
}

/// A copy of an Eigen tensor, an xtensor array, a span or a vector.
template <NumberArray Source>
Array make_array(const Source& source) {
  using Value = NumberOf<Source>;
  Array array{dtype_of<Value>(), sizes_of(source), {}};
  std::size_t count = 1;
  for (const std::int64_t size : array.shape) count *= static_cast<std::size_t>(size);
  const auto values = std::make_unique<Value[]>(count);
  copy_row_major(source, values.get());
  const auto bytes = std::as_bytes(std::span{values.get(), count});
  array.bytes.assign(bytes.begin(), bytes.end());
  return array;
}

/// Writes an Eigen tensor, an xtensor array, a span or a vector to an `.npy` file.
///
/// @throws Error if the file cannot be written
template <class Source>
void save(const std::string& path, const Source& source) {
  static_assert(NumberArray<Source>,
                "snnbd: what is saved as .npy is an Eigen tensor (not an expression of one), an "
                "array of xtensor's, or a span or vector of numbers");
  write(path, make_array(source));
}

/// Writes values with a shape to an `.npy` file.
///
/// @throws Error if the shape has another number of values, or the file cannot be written
template <class Value>
void save(const std::string& path, std::vector<std::int64_t> shape, std::span<const Value> values) {
  write(path, make_array(std::move(shape), values));
}

/// The values of an array, the last index fastest. Booleans are read as `std::uint8_t`.
///
/// @param subject what an error names, mostly the path
/// @throws Error if the array holds another type
template <class Value>
std::vector<Value> values_of(const Array& array, std::string_view subject) {
  static_assert(std::is_arithmetic_v<Value> && !std::same_as<Value, bool>,
                "snnbd: values of an npy array are numbers; booleans are read as std::uint8_t");
  const bool fits = array.dtype == dtype_of<Value>() ||
                    (std::same_as<Value, std::uint8_t> && array.dtype == "b1");
  if (!fits || array.bytes.size() % sizeof(Value) != 0)
    reject(subject, "values of type " + dtype_of<Value>(), array.dtype);
  std::vector<Value> values(array.bytes.size() / sizeof(Value));
  if (!values.empty()) std::memcpy(values.data(), array.bytes.data(), array.bytes.size());
  return values;
}

}  // namespace snnbd::inline SNNBD_ISA::npy

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/npy.ipp>
#endif

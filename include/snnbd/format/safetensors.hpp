#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/core/error.hpp>

/// Files of named tensors in the safetensors format: a 64-bit header length, a JSON header that
/// maps names to types, shapes and places, and the values.
namespace snnbd::inline SNNBD_ISA::safetensors {

static_assert(std::endian::native == std::endian::little,
              "snnbd: safetensors files are little-endian and are read as they lie in memory");

/// One named tensor, its values as they lie in the file: little-endian, the last index fastest.
struct TensorEntry {
  std::string name;
  std::string dtype;  ///< `F32`, `F64`, `I64`, `U8`, ... as the format spells them
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;

  friend bool operator==(const TensorEntry&, const TensorEntry&) = default;
};

/// Names and texts in the order of the file.
using Metadata = std::vector<std::pair<std::string, std::string>>;

/// What a file holds, tensors in the order of their values.
struct File {
  std::vector<TensorEntry> tensors;
  Metadata metadata;

  /// The tensor of that name, or null.
  [[nodiscard]] const TensorEntry* find(std::string_view name) const;

  /// The metadata of that name, or null.
  [[nodiscard]] const std::string* find_metadata(std::string_view name) const;
};

/// The metadata under which `write` keeps a CRC-32 of all that a file holds, as `content-crc32:`
/// and eight hex digits: names, types, shapes and values of the tensors, and the other metadata.
inline constexpr std::string_view checksum_key = "checksum";

/// The metadata that says that the library wrote a file, and which version of the format. A file
/// that has it must have the checksum too: it is not lost by a change of its name.
inline constexpr std::string_view version_key = "snnbd";
inline constexpr std::string_view version = "2";

/// The longest header that is read, in bytes; the format's own limit.
inline constexpr std::uint64_t header_limit = 100'000'000;

/// The bytes of a file: larger element types first, otherwise in the order given.
///
/// @param metadata free texts; version and checksum are added to them, or replaced
/// @throws Error if a name is used twice or empty, a type unknown, a text not UTF-8, or if the
///         bytes of an entry do not match its type and shape
std::vector<std::byte> encode(std::span<const TensorEntry> entries, const Metadata& metadata = {});

/// What `bytes` hold. Nothing is allocated by a size that they only claim. Files of version 1,
/// whose checksum is that of the values alone, and files of other tools, without a checksum, are
/// read too.
///
/// @param subject what an error names, mostly the path
/// @throws Error if they break the format, are of a later version, or the checksum does not match
File decode(std::span<const std::byte> bytes, std::string_view subject);

/// Writes a file beside its place and renames it; see `encode`.
void write(const std::string& path, std::span<const TensorEntry> entries,
           const Metadata& metadata = {});

/// Reads a file; see `decode`.
///
/// @param limit the largest file that is read, in bytes
File read(const std::string& path, std::uint64_t limit = std::uint64_t{1} << 34U);

/// Gives the metadata of that name another text, or adds it.
void set_metadata(Metadata& metadata, std::string_view name, std::string text);

/// How the format spells a type of values.
template <class Value>
requires std::same_as<Value, float> || std::same_as<Value, double> ||
    std::same_as<Value, std::int64_t> || std::same_as<Value, std::uint8_t>
constexpr std::string_view dtype_of() {
  if constexpr (std::same_as<Value, float>) return "F32";
  if constexpr (std::same_as<Value, double>) return "F64";
  if constexpr (std::same_as<Value, std::int64_t>) return "I64";
  return "U8";
}

/// An entry with a copy of `values`.
template <class Value>
TensorEntry make_entry(std::string name, std::vector<std::int64_t> shape,
                       std::span<const Value> values) {
  const auto bytes = std::as_bytes(values);
  return {std::move(name), std::string{dtype_of<Value>()}, std::move(shape),
          std::vector<std::byte>(bytes.begin(), bytes.end())};
}

/// The values of an entry, the last index fastest.
///
/// @throws Error if the entry holds another type
template <class Value>
std::vector<Value> values_of(const TensorEntry& entry) {
  if (entry.dtype != dtype_of<Value>() || entry.bytes.size() % sizeof(Value) != 0)
    reject("tensor '" + entry.name + "'", std::string{dtype_of<Value>()} + " values",
           entry.dtype + " values");
  std::vector<Value> values(entry.bytes.size() / sizeof(Value));
  if (!values.empty()) std::memcpy(values.data(), entry.bytes.data(), entry.bytes.size());
  return values;
}

}  // namespace snnbd::inline SNNBD_ISA::safetensors

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/safetensors.ipp>
#endif

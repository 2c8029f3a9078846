#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include <snnbd/core/config.hpp>

/// Tables of FlatBuffers, read where they lie. Every offset, size and count is compared with the
/// bytes that are there before it is followed. Offsets are 32 bits wide and are added in 64 bits.
namespace snnbd::inline SNNBD_ISA::flatbuffer {

/// What FlatBuffers calls scalars. A `bool` is read as `std::uint8_t`, as it may hold any byte.
template <class Type>
concept Scalar = (std::integral<Type> && !std::same_as<Type, bool>) || std::floating_point<Type>;

/// The little-endian number at a place where there are enough bytes.
template <Scalar Number>
[[nodiscard]] Number number_at(const std::byte* bytes) {
  if constexpr (sizeof(Number) == 1 || std::endian::native == std::endian::little) {
    Number number;
    std::memcpy(&number, bytes, sizeof(Number));
    return number;
  } else {
    std::array<std::byte, sizeof(Number)> turned;
    std::reverse_copy(bytes, bytes + sizeof(Number), turned.begin());
    return std::bit_cast<Number>(turned);
  }
}

/// A table. Fields have the numbers that a schema gives them by their order, from 0.
class Table {
 public:
  /// The root table of a buffer whose first four bytes are the size of the rest.
  ///
  /// @param bytes outlive the table
  /// @param identifier four letters that tell what the buffer holds
  /// @param subject what errors name, mostly the file; outlives the table
  /// @throws Error if the size is not the number of bytes behind it, if the identifier is another
  ///   one, or if the table does not lie within the bytes
  [[nodiscard]] static Table root(std::span<const std::byte> bytes, std::string_view identifier,
                                  std::string_view subject);

  /// A number.
  ///
  /// @param absent what the schema says of a number that is left out
  /// @throws Error if the number does not lie within the table
  template <Scalar Number>
  [[nodiscard]] Number number(int field, Number absent) const {
    const std::byte* place = find(field, sizeof(Number));
    return place == nullptr ? absent : number_at<Number>(place);
  }

  /// A text, if there is one.
  ///
  /// @throws Error if it does not lie within the bytes
  [[nodiscard]] std::optional<std::string_view> text(int field) const;

  /// The bytes of a vector of structs, one after another, if there is one.
  ///
  /// @param size of a struct in bytes, with its padding
  /// @throws Error if it does not lie within the bytes
  [[nodiscard]] std::optional<std::span<const std::byte>> structs(int field,
                                                                  std::size_t size) const;

 private:
  Table(std::span<const std::byte> bytes, std::string_view subject, std::uint64_t place);

  /// Where the value of a field is in the table; null if it is left out.
  [[nodiscard]] const std::byte* find(int field, std::size_t size) const;
  /// What an offset in the table leads to: a count, and so many elements behind it.
  [[nodiscard]] std::optional<std::span<const std::byte>> vector(int field, std::size_t size,
                                                                 std::string_view what) const;

  std::span<const std::byte> bytes_;  ///< without the size in front of them
  std::string_view subject_;
  std::uint64_t place_ = 0;   ///< of the table
  std::uint64_t size_ = 0;    ///< of the table
  std::uint64_t fields_ = 0;  ///< place of the offsets of the fields
  std::uint64_t count_ = 0;   ///< of these offsets
};

}  // namespace snnbd::inline SNNBD_ISA::flatbuffer

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/flatbuffer.ipp>
#endif

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace snnbd_tests {

using ByteVector = std::vector<std::byte>;

/// Appends a little-endian number of `size` bytes.
inline void append(ByteVector& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t place = 0; place < size; ++place)
    bytes.push_back(static_cast<std::byte>(value >> 8U * place & 0xFFU));
}

inline void overwrite(ByteVector& bytes, std::size_t place, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    bytes.at(place + i) = static_cast<std::byte>(value >> 8U * i & 0xFFU);
}

/// Writes one FlatBuffers table: the size, the place of the table, the identifier, the places of
/// the fields, the table, and behind it what its fields point to.
class FlatbufferWriter {
 public:
  /// A number within the table.
  FlatbufferWriter& number(std::size_t field, std::uint64_t value, std::size_t size) {
    Field& added = add(field);
    append(added.value, value, size);
    return *this;
  }

  FlatbufferWriter& text(std::size_t field, std::string_view text) {
    ByteVector content;
    append(content, text.size(), 4);
    for (const char letter : text) content.push_back(static_cast<std::byte>(letter));
    content.push_back(std::byte{0});
    return pointer(field, std::move(content));
  }

  FlatbufferWriter& structs(std::size_t field, std::size_t count, const ByteVector& structs) {
    ByteVector content;
    append(content, count, 4);
    content.insert(content.end(), structs.begin(), structs.end());
    return pointer(field, std::move(content));
  }

  [[nodiscard]] ByteVector finish(std::string_view identifier) const {
    const std::size_t fields = 8;
    std::size_t table = fields + 4 + 2 * fields_.size();
    table += (8 - table % 8) % 8;
    ByteVector offsets;
    ByteVector inside;
    std::vector<std::size_t> pointers(fields_.size());
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const Field& field = fields_[i];
      append(offsets, field.value.empty() ? 0 : 4 + inside.size(), 2);
      pointers[i] = table + 4 + inside.size();
      inside.insert(inside.end(), field.value.begin(), field.value.end());
    }
    ByteVector bytes;
    append(bytes, table, 4);
    for (const char letter : identifier) bytes.push_back(static_cast<std::byte>(letter));
    append(bytes, 4 + offsets.size(), 2);
    append(bytes, 4 + inside.size(), 2);
    bytes.insert(bytes.end(), offsets.begin(), offsets.end());
    bytes.resize(table);
    append(bytes, table - fields, 4);
    bytes.insert(bytes.end(), inside.begin(), inside.end());
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].content.empty()) continue;
      while (bytes.size() % 8 != 4) bytes.push_back(std::byte{0});
      overwrite(bytes, pointers[i], bytes.size() - pointers[i], 4);
      bytes.insert(bytes.end(), fields_[i].content.begin(), fields_[i].content.end());
    }
    ByteVector whole;
    append(whole, bytes.size(), 4);
    whole.insert(whole.end(), bytes.begin(), bytes.end());
    return whole;
  }

 private:
  struct Field {
    ByteVector value;    ///< within the table
    ByteVector content;  ///< what the value points to
  };

  Field& add(std::size_t field) {
    if (fields_.size() <= field) fields_.resize(field + 1);
    return fields_[field];
  }
  FlatbufferWriter& pointer(std::size_t field, ByteVector content) {
    Field& added = add(field);
    added.value.assign(4, std::byte{0});
    added.content = std::move(content);
    return *this;
  }

  std::vector<Field> fields_;
};

}  // namespace snnbd_tests

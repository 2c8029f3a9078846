#pragma once

#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/format/flatbuffer.hpp>

namespace snnbd::inline SNNBD_ISA::flatbuffer {

namespace detail {

inline std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace detail

SNNBD_COLD Table Table::root(std::span<const std::byte> bytes, std::string_view identifier,
                             std::string_view subject) {
  constexpr std::size_t prefix = 4;
  constexpr std::size_t smallest = prefix + 8;
  if (bytes.size() < smallest)
    reject(subject, "a FlatBuffers table, of at least 12 bytes", bytes.size());
  const auto size = number_at<std::uint32_t>(bytes.data());
  if (size != bytes.size() - prefix)
    reject(subject, std::to_string(size) + " bytes in a FlatBuffers table, as it says itself",
           bytes.size() - prefix);
  bytes = bytes.subspan(prefix);
  const std::string_view found = detail::text_of(bytes.subspan(4, 4));
  if (found != identifier)
    reject(subject, "a FlatBuffers table with the identifier " + std::string{identifier},
           snnbd::quoted(found));
  return Table{bytes, subject, number_at<std::uint32_t>(bytes.data())};
}

SNNBD_COLD Table::Table(std::span<const std::byte> bytes, std::string_view subject,
                        std::uint64_t place)
    : bytes_{bytes}, subject_{subject}, place_{place} {
  const std::uint64_t end = bytes_.size();
  if (place_ > end || end - place_ < 4)
    reject(subject_, "a FlatBuffers table within " + std::to_string(end) + " bytes",
           "one at byte " + std::to_string(place_));
  // The offsets of the fields lie so many bytes before the table, or behind it.
  const std::int64_t offsets = static_cast<std::int64_t>(place_) -
                               std::int64_t{number_at<std::int32_t>(bytes_.data() + place_)};
  if (offsets < 0 || static_cast<std::uint64_t>(offsets) > end ||
      end - static_cast<std::uint64_t>(offsets) < 4)
    reject(subject_, "the fields of a FlatBuffers table within " + std::to_string(end) + " bytes",
           "some at byte " + std::to_string(offsets));
  const auto fields = static_cast<std::uint64_t>(offsets);
  const std::uint64_t whole = number_at<std::uint16_t>(bytes_.data() + fields);
  size_ = number_at<std::uint16_t>(bytes_.data() + fields + 2);
  if (whole < 4 || whole % 2 != 0 || whole > end - fields)
    reject(subject_, "the fields of a FlatBuffers table within " + std::to_string(end) + " bytes",
           std::to_string(whole) + " bytes at byte " + std::to_string(fields));
  if (size_ < 4 || size_ > end - place_)
    reject(subject_, "a FlatBuffers table within " + std::to_string(end) + " bytes",
           std::to_string(size_) + " bytes at byte " + std::to_string(place_));
  fields_ = fields + 4;
  count_ = (whole - 4) / 2;
}

SNNBD_COLD const std::byte* Table::find(int field, std::size_t size) const {
  const auto number = static_cast<std::uint64_t>(field);
  if (number >= count_) return nullptr;
  const std::uint64_t offset = number_at<std::uint16_t>(bytes_.data() + fields_ + 2 * number);
  if (offset == 0) return nullptr;
  if (offset < 4 || offset > size_ || size > size_ - offset)
    reject(subject_,
           "field " + std::to_string(field) + " within the " + std::to_string(size_) +
               " bytes of its FlatBuffers table",
           "one at byte " + std::to_string(offset));
  return bytes_.data() + place_ + offset;
}

SNNBD_COLD std::optional<std::span<const std::byte>> Table::vector(int field, std::size_t size,
                                                                   std::string_view what) const {
  const std::byte* offset = find(field, 4);
  if (offset == nullptr) return std::nullopt;
  const std::uint64_t end = bytes_.size();
  const std::uint64_t place = static_cast<std::uint64_t>(offset - bytes_.data()) +
                              std::uint64_t{number_at<std::uint32_t>(offset)};
  const auto refuse = [&](std::uint64_t count) {
    reject(
        subject_,
        std::string{what} + " within the " + std::to_string(end) + " bytes of a FlatBuffers file",
        std::to_string(count) + " of " + std::to_string(size) + " bytes at byte " +
            std::to_string(place));
  };
  if (place > end || end - place < 4) refuse(0);
  const std::uint64_t count = number_at<std::uint32_t>(bytes_.data() + place);
  const std::uint64_t first = place + 4;
  if (count > (end - first) / size) refuse(count);
  return bytes_.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count) * size);
}

SNNBD_COLD std::optional<std::string_view> Table::text(int field) const {
  const auto bytes = vector(field, 1, "a text");
  if (!bytes) return std::nullopt;
  return detail::text_of(*bytes);
}

SNNBD_COLD std::optional<std::span<const std::byte>> Table::structs(int field,
                                                                    std::size_t size) const {
  return vector(field, size, "a vector");
}

}  // namespace snnbd::inline SNNBD_ISA::flatbuffer

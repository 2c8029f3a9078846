#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/event/arrays.hpp>
#include <snnbd/event/block_source.hpp>
#include <snnbd/format/npy.hpp>
#include <snnbd/format/npy_header.ipp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

/// One of the four numbers of events that lie in memory one behind the other.
struct Column {
  std::string_view name;
  std::string dtype;
  bool big_endian = false;
  std::size_t offset = 0;  ///< of the first number
  std::size_t stride = 0;  ///< from one to the next, in bytes
};

/// x, y, p, t.
using Columns = std::array<Column, 4>;

/// The number of `Size` bytes at a place.
inline std::uint64_t number_at(const std::byte* place, std::size_t size, bool big_endian) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < size; ++i)
    bits |= std::to_integer<std::uint64_t>(place[big_endian ? size - 1 - i : i]) << 8U * i;
  return bits;
}

/// A number of an array: whole, or real.
struct ArrayNumber {
  bool real = false;
  std::int64_t whole = 0;
  double value = 0.0;
};

inline ArrayNumber read_number(const Column& column, const std::byte* place) {
  const std::size_t size = npy::detail::value_size(column.dtype);
  const std::uint64_t bits = number_at(place, size, column.big_endian);
  ArrayNumber number;
  const char kind = column.dtype.front();
  if (kind == 'f') {
    number.real = true;
    number.value = size == 4 ? double{std::bit_cast<float>(static_cast<std::uint32_t>(bits))}
                             : std::bit_cast<double>(bits);
  } else if (kind == 'i' && size < 8) {
    const std::uint64_t sign = std::uint64_t{1} << (8U * size - 1);
    number.whole = static_cast<std::int64_t>((bits ^ sign) - sign);
  } else if (kind == 'u' && bits >> 63U != 0) {
    number.real = true;
    number.value = static_cast<double>(bits);
  } else {
    number.whole = static_cast<std::int64_t>(bits);
  }
  return number;
}

/// Makes events of numbers in memory.
class ArrayDecoder {
 public:
  ArrayDecoder(Columns columns, const Sensor& sensor, std::int64_t time_unit, std::string subject)
      : columns_{std::move(columns)},
        bounds_{sensor},
        time_unit_{time_unit},
        subject_{std::move(subject)} {}

  /// @param bytes of which each column's first number is at its offset
  /// @returns how many events were made of `count` rows
  std::size_t decode(std::span<const std::byte* const, 4> first, std::size_t count,
                     std::span<Event> block, Findings& findings) {
    std::size_t made = 0;
    for (std::size_t i = 0; i < count; ++i, ++row_) {
      const auto at = [&](std::size_t column) {
        return read_number(columns_[column],
                           first[column] + columns_[column].offset + i * columns_[column].stride);
      };
      const std::int64_t x = whole(0, at(0));
      const std::int64_t y = whole(1, at(1));
      const std::int64_t on = whole(2, at(2));
      if (on != 0 && on != 1) refuse(2, "0 or 1", std::to_string(on));
      const std::int64_t time = microseconds(at(3));
      const bool inside =
          x >= 0 && y >= 0 && x < std::int64_t{bounds_.width} && y < std::int64_t{bounds_.height};
      if (inside)
        put(&block[made++], time,
            place_word(static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(y),
                       static_cast<std::uint64_t>(on)));
      else
        ++findings.outside;
    }
    return made;
  }

  [[nodiscard]] const Columns& columns() const { return columns_; }

 private:
  /// Reals below it are whole numbers of 64 bits.
  static constexpr double largest = 9.0e18;

  [[noreturn]] void refuse(std::size_t column, std::string_view expected,
                           std::string_view found) const {
    reject(subject_ + ", event " + std::to_string(row_) + ", " + std::string{columns_[column].name},
           expected, found);
  }

  [[nodiscard]] std::int64_t whole(std::size_t column, const ArrayNumber& number) const {
    if (!number.real) return number.whole;
    if (!(std::abs(number.value) < largest) || number.value != std::trunc(number.value))
      refuse(column, "a whole number", number_text(number.value));
    return static_cast<std::int64_t>(number.value);
  }

  [[nodiscard]] std::int64_t microseconds(const ArrayNumber& number) const {
    constexpr std::string_view expected = "a time whose microseconds fit 64 bits";
    if (number.real) {
      const double scaled = number.value * static_cast<double>(time_unit_);
      if (!(std::abs(scaled) < largest)) refuse(3, expected, number_text(number.value));
      return std::llround(scaled);
    }
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(number.whole, time_unit_, &scaled))
      refuse(3, expected, std::to_string(number.whole));
    return scaled;
  }

  Columns columns_;
  Bounds bounds_;
  std::int64_t time_unit_;
  std::string subject_;
  std::uint64_t row_ = 0;
};

/// Rows one behind the other, in a file or in memory.
class RowSource final : public BlockSource {
 public:
  /// @param kept what the stream reads, if it reads memory
  RowSource(ByteStream stream, const Sensor& sensor, std::uint64_t rows, ArrayDecoder decoder,
            std::vector<std::byte> kept)
      : BlockSource{sensor},
        stream_{std::move(stream)},
        left_{rows},
        decoder_{std::move(decoder)},
        kept_{std::move(kept)} {}

 protected:
  std::size_t fill(std::span<Event> block) override {
    const std::size_t size = decoder_.columns().front().stride;
    const std::span<const std::byte> bytes = stream_.peek(size);
    if (left_ == 0) {
      if (!bytes.empty()) reject(stream_.subject(), "nothing behind its events", "more bytes");
      finish();
      return 0;
    }
    if (bytes.size() < size)
      reject(stream_.subject(), std::to_string(left_) + " more events, as its shape says",
             "its end");
    const std::uint64_t there = std::min(bytes.size() / size, block.size());
    const auto count = static_cast<std::size_t>(std::min(there, left_));
    const std::array<const std::byte*, 4> first{bytes.data(), bytes.data(), bytes.data(),
                                                bytes.data()};
    const std::size_t made = decoder_.decode(first, count, block, findings_);
    stream_.skip(count * size);
    left_ -= count;
    return made;
  }

 private:
  ByteStream stream_;
  std::uint64_t left_;
  ArrayDecoder decoder_;
  std::vector<std::byte> kept_;
};

/// Four arrays in memory.
class ColumnSource final : public BlockSource {
 public:
  ColumnSource(std::array<npy::Array, 4> arrays, std::uint64_t rows, const Sensor& sensor,
               ArrayDecoder decoder)
      : BlockSource{sensor},
        arrays_{std::move(arrays)},
        rows_{rows},
        decoder_{std::move(decoder)} {}

 protected:
  std::size_t fill(std::span<Event> block) override {
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(rows_ - next_, block.size()));
    if (count == 0) {
      finish();
      return 0;
    }
    std::array<const std::byte*, 4> first{};
    for (std::size_t column = 0; column < first.size(); ++column)
      first[column] = arrays_[column].bytes.data() + next_ * decoder_.columns()[column].stride;
    next_ += count;
    return decoder_.decode(first, count, block, findings_);
  }

 private:
  std::array<npy::Array, 4> arrays_;
  std::uint64_t rows_;
  std::uint64_t next_ = 0;
  ArrayDecoder decoder_;
};

inline constexpr std::array<std::string_view, 4> column_names{"x", "y", "p", "t"};

/// All that is left of a stream.
inline std::vector<std::byte> rest_of(ByteStream& stream, std::uint64_t limit) {
  std::vector<std::byte> bytes;
  while (true) {
    const std::span<const std::byte> next = stream.peek(1);
    if (next.empty()) return bytes;
    if (next.size() > limit - bytes.size())
      reject(stream.subject(), "at most " + std::to_string(limit) + " bytes", "more");
    bytes.insert(bytes.end(), next.begin(), next.end());
    stream.skip(next.size());
  }
}

inline void check_time_unit(const ReadOptions& options) {
  if (options.time_unit < 0)
    reject("time_unit", "microseconds of at least 1, or 0", options.time_unit);
}

/// Reads the header of an `.npy`, which the stream is behind then.
inline npy::detail::Header read_npy_header(ByteStream& stream) {
  constexpr std::size_t longest_start = 12;
  const auto start = stream.peek(longest_start);
  std::size_t wanted = longest_start;
  if (start.size() >= longest_start) {
    const bool first_version = start[6] == std::byte{1};
    const std::uint64_t length = number_at(start.data() + 8, first_version ? 2 : 4, false);
    wanted += static_cast<std::size_t>(std::min<std::uint64_t>(length, npy::header_limit));
  }
  const std::span<const std::byte> bytes = stream.peek(wanted);
  std::span<const std::byte> values;
  npy::detail::Header header =
      npy::detail::read_header(bytes, stream.subject(), values, npy::detail::Fields::taken);
  stream.skip(bytes.size() - values.size());
  return header;
}

/// Where the four numbers of a row are.
inline Columns columns_of(const npy::detail::Header& header, const std::string& subject) {
  Columns columns;
  if (header.fields.empty()) {
    const std::size_t size = npy::detail::value_size(header.dtype);
    if (header.shape.size() != 2 || header.shape[1] != 4)
      reject(subject, "a table of n x 4 (x, y, p, t), or an array with these fields",
             "an array of another shape");
    for (std::size_t i = 0; i < columns.size(); ++i)
      columns[i] = {column_names[i], header.dtype, header.big_endian, i * size, 4 * size};
    return columns;
  }
  if (header.shape.size() != 1)
    reject(subject, "one array of events", std::to_string(header.shape.size()) + " indices");
  std::size_t whole = 0;
  for (const npy::detail::Field& field : header.fields) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (field.name != column_names[i]) continue;
      if (!columns[i].dtype.empty()) reject(subject, "each field once", snnbd::quoted(field.name));
      columns[i] = {column_names[i], field.dtype, field.big_endian, whole, 0};
    }
    whole += npy::detail::value_size(field.dtype);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].dtype.empty())
      reject(subject, "the fields x, y, p and t", "no " + std::string{column_names[i]});
    columns[i].stride = whole;
  }
  return columns;
}

}  // namespace detail

SNNBD_COLD std::unique_ptr<Source> open_npy(ByteStream stream, const ReadOptions& options) {
  detail::check_time_unit(options);
  const npy::detail::Header header = detail::read_npy_header(stream);
  const std::string subject = stream.subject();
  detail::Columns columns = detail::columns_of(header, subject);
  const std::int64_t unit = header.fields.empty() ? 1000 : 1;
  const auto rows = static_cast<std::uint64_t>(header.shape.front());
  std::vector<std::byte> kept;
  if (header.fortran_order && header.fields.empty()) {
    kept =
        read_within_memory(subject, [&] { return detail::rest_of(stream, options.array_limit); });
    const std::size_t size = npy::detail::value_size(header.dtype);
    if (kept.size() % (4 * size) != 0 || kept.size() / (4 * size) != rows)
      reject(subject, std::to_string(rows) + " events, as its shape says",
             std::to_string(kept.size()) + " bytes");
    kept = read_within_memory(subject,
                              [&] { return npy::detail::from_fortran(kept, header.shape, size); });
    stream = ByteStream{kept, subject, options.buffer};
  }
  detail::ArrayDecoder decoder{std::move(columns), options.sensor,
                               options.time_unit == 0 ? unit : options.time_unit, subject};
  return std::make_unique<detail::RowSource>(std::move(stream), options.sensor, rows,
                                             std::move(decoder), std::move(kept));
}

SNNBD_COLD std::unique_ptr<Source> open_npz(ByteStream stream, const ReadOptions& options) {
  detail::check_time_unit(options);
  const std::string& subject = stream.subject();
  std::vector<npy::NamedArray> arrays = read_within_memory(subject, [&] {
    return npy::decode_npz(detail::rest_of(stream, options.array_limit), subject,
                           options.array_limit);
  });
  std::array<npy::Array, 4> taken;
  detail::Columns columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string name{detail::column_names[i]};
    const auto found =
        std::ranges::find(arrays, name, [](const npy::NamedArray& one) { return one.name; });
    if (found == arrays.end()) reject(subject, "the arrays t, x, y and p", "no " + name);
    taken[i] = std::move(found->array);
    if (taken[i].shape.size() != 1 || taken[i].shape != taken.front().shape)
      reject(subject, "arrays t, x, y and p of one index and one length", "others");
    columns[i] = {detail::column_names[i], taken[i].dtype, false, 0,
                  npy::detail::value_size(taken[i].dtype)};
  }
  const auto rows = static_cast<std::uint64_t>(taken.front().shape.front());
  detail::ArrayDecoder decoder{std::move(columns), options.sensor,
                               options.time_unit == 0 ? 1 : options.time_unit, subject};
  return std::make_unique<detail::ColumnSource>(std::move(taken), rows, options.sensor,
                                                std::move(decoder));
}

SNNBD_COLD void write_npz(const std::string& path, std::span<const Event> events) {
  read_within_memory(path, [&] {
    const auto column = [&]<class Value>(Value Event::*member, auto value) {
      std::vector<decltype(value)> values;
      values.reserve(events.size());
      for (const Event& event : events) values.push_back(event.*member);
      return npy::make_array({static_cast<std::int64_t>(events.size())},
                             std::span<const decltype(value)>{values});
    };
    npy::write_npz(path, std::vector<npy::NamedArray>{{"t", column(&Event::time, std::int64_t{})},
                                                      {"x", column(&Event::x, std::int32_t{})},
                                                      {"y", column(&Event::y, std::int32_t{})},
                                                      {"p", column(&Event::on, std::int32_t{})}});
  });
}

}  // namespace snnbd::inline SNNBD_ISA::event

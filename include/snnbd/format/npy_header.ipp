#pragma once

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

#include <snnbd/format/npy.hpp>

namespace snnbd::inline SNNBD_ISA::npy::detail {

inline constexpr std::string_view magic = "\x93NUMPY";

/// One field of a structured array.
struct Field {
  std::string name;
  std::string dtype;
  bool big_endian = false;
};

/// Whether arrays with fields are read.
enum class Fields { refused, taken };

/// What the header of an `.npy` file says.
struct Header {
  std::string dtype;          ///< empty if there are fields
  std::vector<Field> fields;  ///< of an element, one behind the other without gaps
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

/// The bytes of one value, or 0 for a type that is not known.
inline std::size_t value_size(std::string_view dtype) {
  for (const char* known : {"b1", "i1", "u1", "i2", "u2", "i4", "u4", "f4", "i8", "u8", "f8"})
    if (dtype == known) return static_cast<std::size_t>(dtype[1] - '0');
  return 0;
}

/// The bytes of an array. Sizes behind a zero are multiplied, too, as whoever lays values out does.
///
/// @returns nothing if a size is negative or the product too large for any memory
inline std::optional<std::uint64_t> array_size(std::size_t one_value,
                                               std::span<const std::int64_t> shape) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t extent = one_value;
  bool empty = false;
  for (const std::int64_t size : shape) {
    if (size < 0) return std::nullopt;
    empty = empty || size == 0;
    const std::uint64_t least = size == 0 ? 1 : static_cast<std::uint64_t>(size);
    if (extent > most / least) return std::nullopt;
    extent *= least;
  }
  return empty ? 0 : extent;
}

/// Reads the header: a dictionary as Python writes it, of three names in any order. Knows no other
/// values than these names have: a text, `True` or `False`, a tuple of whole numbers.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::string_view subject, Fields fields = Fields::refused)
      : rest_{text}, subject_{subject}, fields_{fields} {}

  Header parse() {
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted_text();
      expect(':');
      if (key == "descr" && !descr_) {
        descr_ = fields_ == Fields::taken && take('[') ? list() : quoted_text();
      } else if (key == "fortran_order" && !fortran_) {
        fortran_ = boolean();
      } else if (key == "shape" && !shape_) {
        shape_ = tuple();
      } else {
        reject(where(), "descr, fortran_order and shape, each once", snnbd::quoted(key));
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (!rest_.empty()) reject(where(), "nothing after its dictionary", snnbd::quoted(rest_));
    if (!descr_ || !fortran_ || !shape_)
      reject(where(), "descr, fortran_order and shape",
             std::string{"no "} + (!descr_     ? "descr"
                                   : !fortran_ ? "fortran_order"
                                               : "shape"));
    Header header{{}, std::move(list_), false, *fortran_, std::move(*shape_)};
    if (header.fields.empty()) take_type(*descr_, header.dtype, header.big_endian);
    return header;
  }

 private:
  [[nodiscard]] std::string where() const { return std::string{subject_} + ", header"; }

  void skip_space() {
    const std::size_t first = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
  }

  bool take(char letter) {
    skip_space();
    if (rest_.empty() || rest_.front() != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }

  [[noreturn]] void refuse(std::string_view expected) const {
    reject(where(), expected, rest_.empty() ? "its end" : snnbd::quoted(rest_));
  }

  void expect(char letter) {
    if (!take(letter)) refuse(std::string{'\''} + letter + '\'');
  }

  std::string_view quoted_text() {
    skip_space();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"'))
      refuse("a text in quotes (a dtype of several fields is not read)");
    const std::size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) refuse("a text in quotes");
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool boolean() {
    skip_space();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(word.size());
      return value;
    }
    refuse("True or False");
  }

  std::vector<std::int64_t> tuple() {
    expect('(');
    std::vector<std::int64_t> sizes;
    bool comma = true;
    while (!take(')')) {
      if (!comma) refuse("',' between sizes");
      std::int64_t size = 0;
      const auto [end, problem] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (problem != std::errc{} || size < 0) refuse("a size of at least 0 that fits 64 bits");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      if (!rest_.empty() && rest_.front() == 'L') rest_.remove_prefix(1);  // Python 2
      sizes.push_back(size);
      if (sizes.size() > rank_limit) refuse("at most " + std::to_string(rank_limit) + " sizes");
      comma = take(',');
    }
    if (sizes.size() == 1 && !comma) refuse("a tuple, which has a comma after a single size");
    return sizes;
  }

  /// The fields of an element behind the bracket: `('x', '<i2'), ('y', '<i2')]`.
  std::string_view list() {
    constexpr std::size_t most = 64;
    while (!take(']')) {
      if (list_.size() == most) refuse("at most " + std::to_string(most) + " fields");
      expect('(');
      Field field{std::string{quoted_text()}, {}, false};
      expect(',');
      take_type(quoted_text(), field.dtype, field.big_endian);
      expect(')');
      list_.push_back(std::move(field));
      if (take(',')) continue;
      expect(']');
      break;
    }
    if (list_.empty()) refuse("at least one field");
    return {};
  }

  void take_type(std::string_view text, std::string& dtype, bool& big_endian) const {
    const char order = text.empty() ? ' ' : text.front();
    const bool ordered = order == '<' || order == '>' || order == '=' || order == '|';
    dtype = text.substr(ordered ? 1 : 0);
    big_endian = order == '>';
    const std::size_t size = value_size(dtype);
    if (size == 0 || !ordered || (order == '|' && size != 1))
      reject(where(), "a dtype of b1, i1, i2, i4, i8, u1, u2, u4, u8, f4, f8 with its byte order",
             snnbd::quoted(text));
  }

  std::string_view rest_;
  std::string_view subject_;
  Fields fields_;
  std::vector<Field> list_;
  std::optional<std::string_view> descr_;
  std::optional<bool> fortran_;
  std::optional<std::vector<std::int64_t>> shape_;
};

/// Reads what stands before the values.
///
/// @param values set to the bytes after the header
inline Header read_header(std::span<const std::byte> bytes, std::string_view subject,
                          std::span<const std::byte>& values, Fields fields = Fields::refused) {
  const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  const std::size_t fixed = magic.size() + 2;
  if (!text.starts_with(magic) || text.size() < fixed)
    reject(subject, "an npy file, which begins with \\x93NUMPY and its version",
           text.empty() ? "nothing" : snnbd::quoted(text.substr(0, fixed)));
  const auto byte_at = [&](std::size_t place) {
    return std::to_integer<std::size_t>(bytes[place]);
  };
  const std::size_t major = byte_at(magic.size());
  const std::size_t minor = byte_at(magic.size() + 1);
  if (major < 1 || major > 3 || minor != 0)
    reject(subject, "version 1.0, 2.0 or 3.0 of the npy format",
           std::to_string(major) + '.' + std::to_string(minor));
  const std::size_t width = major == 1 ? 2 : 4;
  if (text.size() < fixed + width) reject(subject, "the length of a header", "the file's end");
  std::size_t length = 0;
  for (std::size_t place = width; place-- > 0;) length = length << 8U | byte_at(fixed + place);
  const std::size_t available = text.size() - fixed - width;
  if (length > available || length > header_limit)
    reject(subject,
           "a header of at most " + std::to_string(std::min(available, header_limit)) + " bytes",
           length);
  values = bytes.subspan(fixed + width + length);
  return HeaderParser{text.substr(fixed + width, length), subject, fields}.parse();
}

/// From the first index fastest to the last index fastest.
inline std::vector<std::byte> from_fortran(const std::vector<std::byte>& bytes,
                                           std::span<const std::int64_t> shape,
                                           std::size_t one_value) {
  std::vector<std::byte> result(bytes.size());
  std::vector<std::size_t> strides(shape.size(), one_value);
  for (std::size_t axis = 1; axis < shape.size(); ++axis)
    strides[axis] = strides[axis - 1] * static_cast<std::size_t>(shape[axis - 1]);
  std::vector<std::int64_t> index(shape.size());
  std::size_t from = 0;
  for (std::size_t to = 0; to < result.size(); to += one_value) {
    std::copy_n(bytes.data() + from, one_value, result.data() + to);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::npy::detail

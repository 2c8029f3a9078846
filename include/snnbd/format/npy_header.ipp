#pragma once

#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

#include <snnbd/format/npy.hpp>

namespace snnbd::inline SNNBD_ISA::npy::detail {

/// What the header of an `.npy` file says.
struct Header {
  std::string dtype;
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
  HeaderParser(std::string_view text, std::string_view subject) : rest_{text}, subject_{subject} {}

  Header parse() {
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted_text();
      expect(':');
      if (key == "descr" && !descr_) {
        descr_ = quoted_text();
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
    Header header{{}, false, *fortran_, std::move(*shape_)};
    take_type(header);
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

  void take_type(Header& header) const {
    const std::string_view text = *descr_;
    const char order = text.empty() ? ' ' : text.front();
    const bool ordered = order == '<' || order == '>' || order == '=' || order == '|';
    header.dtype = text.substr(ordered ? 1 : 0);
    header.big_endian = order == '>';
    const std::size_t size = value_size(header.dtype);
    if (size == 0 || !ordered || (order == '|' && size != 1))
      reject(where(), "a dtype of b1, i1, i2, i4, i8, u1, u2, u4, u8, f4, f8 with its byte order",
             snnbd::quoted(text));
  }

  std::string_view rest_;
  std::string_view subject_;
  std::optional<std::string_view> descr_;
  std::optional<bool> fortran_;
  std::optional<std::vector<std::int64_t>> shape_;
};

}  // namespace snnbd::inline SNNBD_ISA::npy::detail

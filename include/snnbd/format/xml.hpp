#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>

/// Short XML texts from other programs' files: elements, attributes, texts, comments, the five
/// named entities and numbered characters. Declarations of types and entities (`<!DOCTYPE`) are
/// refused.
namespace snnbd::inline SNNBD_ISA::xml {

/// Reads a text from its beginning to its end, piece by piece. Memory grows with the depth.
class Reader {
 public:
  enum class Piece {
    open,   ///< an element begins
    text,   ///< some text within an element
    close,  ///< an element ends; `<name/>` opens and closes
    end,    ///< of the whole text
  };

  /// @param text outlives the reader
  /// @param subject what errors name, mostly the file; outlives the reader
  Reader(std::string_view text, std::string_view subject) : text_{text}, subject_{subject} {}

  /// Goes to the next piece.
  ///
  /// @throws Error if the text is not well-formed
  Piece next();

  /// The element that was opened or closed.
  [[nodiscard]] std::string_view name() const { return name_; }

  /// An attribute of the element that was opened.
  ///
  /// @throws Error if an attribute up to this one is not well-formed
  [[nodiscard]] std::optional<std::string> attribute(std::string_view name) const;

  /// The text that was met, with its entities put in.
  ///
  /// @throws Error if it has an unknown entity
  [[nodiscard]] std::string text() const;

 private:
  [[noreturn]] void refuse(std::string_view expected, std::size_t place) const;
  [[nodiscard]] bool skip_to(std::size_t from, std::string_view end);
  Piece open_element();
  Piece close_element(std::size_t place);
  [[nodiscard]] std::string decoded(std::string_view raw) const;
  [[nodiscard]] std::size_t place_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - text_.data());
  }

  std::string_view text_;
  std::string_view subject_;
  std::size_t at_ = 0;
  std::string_view name_;
  std::string_view attributes_;
  std::string_view piece_;
  std::vector<std::string_view> within_;
  bool closes_ = false;  ///< `<name/>` was opened
  bool verbatim_ = false;
};

}  // namespace snnbd::inline SNNBD_ISA::xml

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/xml.ipp>
#endif

#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/report/record.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// Rows of texts under headings, in aligned columns of plain ASCII.
class Table {
 public:
  enum class Align { left, right };

  struct Column {
    std::string heading;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns);

  /// @throws Error if there are more or fewer texts than columns
  void add(std::vector<std::string> texts);

  /// The lines, each ended by a newline. If they are wider than `width`, the widest left-aligned
  /// columns are cut and end with "..."; numbers, which stand right, never are.
  ///
  /// @param width in characters
  [[nodiscard]] std::string text(std::size_t width = 120) const;

  /// The same rows as a Markdown table.
  [[nodiscard]] std::string markdown() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// The facts that all cells of a report share, and a table of those that differ.
struct Summary {
  std::string heading;  ///< the experiment
  std::string
      common;  ///< data set, model, neuron, trigger and target, as far as all cells share them
  Table table;
};

Summary summarize(const Report& report);

/// A heading and the table of a report, at most `width` characters wide.
std::string to_text(const Report& report, std::size_t width = 120);

/// A heading and the table of a report as Markdown.
std::string to_markdown(const Report& report);

/// Prints a report when it is complete.
class Console {
 public:
  static constexpr bool only_complete = true;

  explicit Console(std::FILE* file = stdout) : file_{file} {}
  void write(const Report& report) const;

 private:
  std::FILE* file_;
};

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/table.ipp>
#endif

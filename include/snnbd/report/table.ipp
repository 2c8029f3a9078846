#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/report/table.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

/// One line of ASCII: one question mark for each other character.
inline std::string ascii(std::string_view text) {
  std::string plain;
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if ((code & 0xC0U) == 0x80U) continue;
    plain += code < 0x80 && code >= 0x20 && code != 0x7F ? letter : '?';
  }
  return plain;
}

inline std::string fixed_text(double number, int decimals) {
  if (!std::isfinite(number)) return "-";
  char text[400];
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the shortest way to a fixed number of places
  const int length = std::snprintf(text, sizeof(text), "%.*f", decimals, number);
  return {text, static_cast<std::size_t>(length)};
}

inline std::string rate_text(const std::optional<metric::Rate>& rate) {
  return rate ? fixed_text(rate->percent(), 2) : "-";
}

inline std::string share_text(double share) {
  char text[40];
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int length = std::snprintf(text, sizeof(text), "%.4g", share);
  return {text, static_cast<std::size_t>(length)};
}

inline std::string text_or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

inline std::string cut(const std::string& text, std::size_t width) {
  if (text.size() <= width) return text;
  return text.substr(0, width - 3) + "...";
}

/// The data sets of the cells, each once.
inline std::vector<std::string> dataset_names(const Report& report) {
  std::vector<std::string> names;
  for (const Cell& cell : report.cells)
    if (!cell.dataset.empty() && std::find(names.begin(), names.end(), cell.dataset) == names.end())
      names.push_back(cell.dataset);
  return names;
}

inline std::string heading(const Report& report) {
  const std::vector<std::string> names = dataset_names(report);
  std::string text = report.experiment;
  for (std::size_t at = 0; at < names.size(); ++at)
    text.append(at == 0 ? " on " : ", ").append(names[at]);
  return text + ", rates in percent";
}

}  // namespace detail

SNNBD_INLINE Table::Table(std::vector<Column> columns) : columns_{std::move(columns)} {
  for (Column& column : columns_) column.heading = detail::ascii(column.heading);
}

SNNBD_INLINE void Table::add(std::vector<std::string> texts) {
  if (texts.size() != columns_.size())
    reject("row of a table", std::to_string(columns_.size()) + " texts", texts.size());
  for (std::string& text : texts) text = detail::ascii(text);
  rows_.push_back(std::move(texts));
}

SNNBD_INLINE std::string Table::text(std::size_t width) const {
  constexpr std::size_t gap = 2;
  constexpr std::size_t narrowest = 5;
  std::vector<std::size_t> widths;
  std::size_t total = 0;
  for (std::size_t at = 0; at < columns_.size(); ++at) {
    std::size_t widest = columns_[at].heading.size();
    for (const auto& row : rows_) widest = std::max(widest, row[at].size());
    widths.push_back(widest);
    total += widest + (at == 0 ? 0 : gap);
  }
  while (total > width) {
    std::size_t* widest = nullptr;
    for (std::size_t at = 0; at < columns_.size(); ++at)
      if (columns_[at].align == Align::left && widths[at] > narrowest &&
          (widest == nullptr || widths[at] > *widest))
        widest = &widths[at];
    if (widest == nullptr) break;
    --*widest;
    --total;
  }

  std::string lines;
  const auto add_line = [&](auto&& text_of) {
    std::string line;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
      const std::string part = detail::cut(text_of(at), widths[at]);
      const std::string padding(widths[at] - part.size(), ' ');
      if (at > 0) line.append(gap, ' ');
      line += columns_[at].align == Align::left ? part + padding : padding + part;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines += line + '\n';
  };
  add_line([&](std::size_t at) { return columns_[at].heading; });
  add_line([&](std::size_t at) { return std::string(widths[at], '-'); });
  for (const auto& row : rows_) add_line([&](std::size_t at) { return row[at]; });
  return lines;
}

SNNBD_INLINE std::string Table::markdown() const {
  std::string headings = "|";
  std::string rule = "|";
  for (const Column& column : columns_) {
    headings += ' ' + column.heading + " |";
    rule += column.align == Align::left ? "---|" : "---:|";
  }
  std::string lines = headings + '\n' + rule + '\n';
  for (const auto& row : rows_) {
    lines += '|';
    for (const std::string& text : row) {
      lines += ' ';
      for (const char letter : text) lines.append(letter == '|' ? "\\" : "").append(1, letter);
      lines += " |";
    }
    lines += '\n';
  }
  return lines;
}

SNNBD_INLINE Table make_table(const Report& report) {
  using Align = Table::Align;
  const bool several_sets = detail::dataset_names(report).size() > 1;
  std::vector<Table::Column> columns;
  if (several_sets) columns.push_back({"data set", Align::left});
  for (const char* heading : {"rule", "model", "neuron", "trigger"})
    columns.push_back({heading, Align::left});
  for (const char* heading :
       {"target", "PR", "ACC", "ASR all", "ASR excl.", "ASR clean", "seconds"})
    columns.push_back({heading, Align::right});
  Table table{std::move(columns)};
  for (const Cell& cell : report.cells) {
    std::vector<std::string> texts;
    if (several_sets) texts.push_back(detail::text_or_dash(cell.dataset));
    for (const std::string& text : {cell.rule, cell.model, cell.neuron, cell.trigger})
      texts.push_back(detail::text_or_dash(text));
    texts.push_back(cell.target ? std::to_string(*cell.target) : "-");
    texts.push_back(detail::share_text(cell.poisoning_rate));
    for (const auto& rate : {cell.acc, cell.asr, cell.asr_excluding_target, cell.asr_clean_model})
      texts.push_back(detail::rate_text(rate));
    texts.push_back(detail::fixed_text(cell.seconds, 1));
    table.add(std::move(texts));
  }
  return table;
}

SNNBD_INLINE std::string to_text(const Report& report, std::size_t width) {
  const std::string heading = detail::ascii(detail::heading(report));
  return detail::cut(heading, std::max<std::size_t>(width, 3)) + "\n\n" +
         make_table(report).text(width);
}

SNNBD_INLINE std::string to_markdown(const Report& report) {
  return detail::ascii(detail::heading(report)) + "\n\n" + make_table(report).markdown();
}

SNNBD_INLINE void Console::write(const Report& report) const {
  const std::string text = to_text(report);
  std::fwrite(text.data(), 1, text.size(), file_);
  std::fflush(file_);
}

}  // namespace snnbd::inline SNNBD_ISA::report

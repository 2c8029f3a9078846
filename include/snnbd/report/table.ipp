#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include <snnbd/core/error.hpp>
#include <snnbd/core/number.hpp>
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
  return decimal_text(number, decimals);
}

inline std::string rate_text(const std::optional<metric::Rate>& rate) {
  return rate ? fixed_text(rate->percent(), 2) : "-";
}

/// A number that a stage added.
inline std::string extra_text(const Cell& cell, std::string_view name, int decimals) {
  const Value* const value = cell.extra.find(name);
  const double* const number = value == nullptr ? nullptr : std::get_if<double>(value);
  return number == nullptr ? "-" : fixed_text(*number, decimals);
}

inline std::string share_text(double share) {
  return rounded_text(share, 4);
}

inline std::string text_or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

inline std::string cut(const std::string& text, std::size_t width) {
  if (text.size() <= width) return text;
  return text.substr(0, width - 3) + "...";
}

/// One property of all cells, in words.
struct Property {
  Table::Column column;
  std::vector<std::string> texts;

  [[nodiscard]] bool always(const std::string& text) const {
    return std::count(texts.begin(), texts.end(), text) ==
           static_cast<std::ptrdiff_t>(texts.size());
  }
  [[nodiscard]] bool shared() const {
    return !texts.empty() && texts.front() != "-" && always(texts.front());
  }
};

inline std::vector<Property> properties(const Report& report) {
  using Align = Table::Align;
  constexpr std::size_t normalizer = 3;
  constexpr std::size_t combination = 4;
  constexpr std::size_t steps = 5;
  std::vector<Property> all{{{"data set", Align::left}, {}}, {{"model", Align::left}, {}},
                            {{"neuron", Align::left}, {}},   {{"normalizer", Align::left}, {}},
                            {{"poison", Align::left}, {}},   {{"T", Align::right}, {}},
                            {{"trigger", Align::left}, {}},  {{"target", Align::right}, {}}};
  for (const Cell& cell : report.cells) {
    all[0].texts.push_back(text_or_dash(cell.dataset));
    all[1].texts.push_back(text_or_dash(cell.model));
    all[2].texts.push_back(text_or_dash(cell.neuron));
    all[normalizer].texts.push_back(text_or_dash(cell.normalizer));
    all[combination].texts.push_back(text_or_dash(cell.combination));
    all[steps].texts.push_back(cell.timesteps ? std::to_string(*cell.timesteps) : "-");
    all[6].texts.push_back(text_or_dash(cell.trigger));
    all[7].texts.push_back(cell.target ? std::to_string(*cell.target) : "-");
  }
  // Only conversions have a normalizer, only hybrid learning has steps that may be poisoned, only
  // networks that were run have time steps.
  for (const std::size_t rare : {steps, combination, normalizer})
    if (all[rare].always("-")) all.erase(all.begin() + static_cast<std::ptrdiff_t>(rare));
  return all;
}

}  // namespace detail

SNNBD_COLD Table::Table(std::vector<Column> columns) : columns_{std::move(columns)} {
  for (Column& column : columns_) column.heading = detail::ascii(column.heading);
}

SNNBD_COLD void Table::add(std::vector<std::string> texts) {
  if (texts.size() != columns_.size())
    reject("row of a table", std::to_string(columns_.size()) + " texts", texts.size());
  for (std::string& text : texts) text = detail::ascii(text);
  rows_.push_back(std::move(texts));
}

SNNBD_COLD std::string Table::text(std::size_t width) const {
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

SNNBD_COLD std::string Table::markdown() const {
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

SNNBD_COLD Summary summarize(const Report& report) {
  std::vector<Table::Column> columns{{"rule", Table::Align::left}};
  std::vector<detail::Property> varying;
  std::string common;
  for (detail::Property& property : detail::properties(report)) {
    if (property.shared()) {
      common.append(common.empty() ? "" : ", ");
      common += property.column.heading + ' ' + property.texts.front();
    } else {
      columns.push_back(property.column);
      varying.push_back(std::move(property));
    }
  }
  const bool migrated = std::any_of(report.cells.begin(), report.cells.end(),
                                    [](const Cell& cell) { return cell.mr.has_value(); });
  for (const char* heading : {"PR", "ACC", "ASR all", "ASR excl.", "ASR clean"})
    columns.push_back({heading, Table::Align::right});
  if (migrated) columns.push_back({"MR", Table::Align::right});
  const bool compared = std::any_of(report.cells.begin(), report.cells.end(), [](const Cell& cell) {
    return cell.extra.find("ssim") != nullptr;
  });
  if (compared)
    for (const char* heading : {"PSNR", "SSIM"}) columns.push_back({heading, Table::Align::right});
  columns.push_back({"seconds", Table::Align::right});

  Table table{std::move(columns)};
  for (std::size_t row = 0; row < report.cells.size(); ++row) {
    const Cell& cell = report.cells[row];
    std::vector<std::string> texts{detail::text_or_dash(cell.rule)};
    for (const detail::Property& property : varying) texts.push_back(property.texts[row]);
    texts.push_back(detail::share_text(cell.poisoning_rate));
    for (const auto& rate : {cell.acc, cell.asr, cell.asr_excluding_target, cell.asr_clean_model})
      texts.push_back(detail::rate_text(rate));
    if (migrated) texts.push_back(cell.mr ? detail::fixed_text(*cell.mr, 2) : "-");
    if (compared) {
      texts.push_back(detail::extra_text(cell, "psnr", 1));
      texts.push_back(detail::extra_text(cell, "ssim", 4));
    }
    texts.push_back(detail::fixed_text(cell.seconds, 1));
    table.add(std::move(texts));
  }
  return {detail::ascii(report.experiment) + " (rates in percent, PR as a share)",
          detail::ascii(common), std::move(table)};
}

namespace detail {

/// What was odd about cells, each sentence once with the first cell that has it.
inline std::vector<std::string> warnings_of(const Report& report) {
  std::vector<std::string> lines;
  std::vector<std::string> known;
  for (const Cell& cell : report.cells) {
    const Value* warning = cell.extra.find("warning");
    if (warning == nullptr || !std::holds_alternative<std::string>(*warning)) continue;
    const std::string& sentence = std::get<std::string>(*warning);
    if (std::ranges::find(known, sentence) != known.end()) continue;
    known.push_back(sentence);
    lines.push_back(ascii("warning, " + cell.rule + " at " + share_text(cell.poisoning_rate) +
                          ": " + sentence));
  }
  return lines;
}

}  // namespace detail

SNNBD_COLD std::string to_text(const Report& report, std::size_t width) {
  const Summary summary = summarize(report);
  const std::size_t widest = std::max<std::size_t>(width, 3);
  std::string text = detail::cut(summary.heading, widest) + '\n';
  if (!summary.common.empty()) text += detail::cut(summary.common, widest) + '\n';
  text += '\n' + summary.table.text(width);
  for (const std::string& warning : detail::warnings_of(report)) text += '\n' + warning + '\n';
  return text;
}

SNNBD_COLD std::string to_markdown(const Report& report) {
  const Summary summary = summarize(report);
  std::string text = summary.heading + '\n';
  if (!summary.common.empty()) text += '\n' + summary.common + '\n';
  return text + '\n' + summary.table.markdown();
}

SNNBD_COLD void Console::write(const Report& report) const {
  const std::string text = to_text(report);
  std::fwrite(text.data(), 1, text.size(), file_);
  std::fflush(file_);
}

}  // namespace snnbd::inline SNNBD_ISA::report

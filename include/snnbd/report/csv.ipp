#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include <snnbd/core/file.hpp>
#include <snnbd/report/csv.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

inline std::string csv_quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted.append(letter == '"' ? 2 : 1, letter);
  return quoted + '"';
}

inline std::string csv_line(const std::vector<std::string>& texts) {
  std::string line;
  for (std::size_t at = 0; at < texts.size(); ++at)
    line.append(at == 0 ? "" : ",").append(csv_quoted(texts[at]));
  return line + '\n';
}

inline void add_rate(std::vector<std::string>& texts, const std::optional<metric::Rate>& rate) {
  if (!rate) {
    texts.insert(texts.end(), 3, std::string{});
    return;
  }
  const metric::Interval interval = rate->wilson();
  texts.push_back(text_of(rate->percent()));
  texts.push_back(text_of(100.0 * interval.low));
  texts.push_back(text_of(100.0 * interval.high));
}

}  // namespace detail

SNNBD_COLD std::string to_csv(const Report& report) {
  std::vector<std::string> header{"rule",       "dataset",     "model",     "neuron",
                                  "normalizer", "combination", "timesteps", "poisoning_rate",
                                  "target",     "trigger"};
  for (const char* rate : {"acc", "asr", "asr_excluding_target", "asr_clean_model",
                           "robust_accuracy", "ann_acc", "ann_asr"})
    for (const char* end : {"", "_low", "_high"}) header.push_back(std::string{rate} + end);
  header.emplace_back("mr");
  header.emplace_back("seconds");
  const auto fixed = static_cast<std::ptrdiff_t>(header.size());
  for (const Cell& cell : report.cells)
    for (const auto& entry : cell.extra)
      if (std::find(header.begin(), header.end(), entry.first) == header.end())
        header.push_back(entry.first);

  std::string text = detail::csv_line(header);
  for (const Cell& cell : report.cells) {
    std::vector<std::string> texts{cell.rule,
                                   cell.dataset,
                                   cell.model,
                                   cell.neuron,
                                   cell.normalizer,
                                   cell.combination,
                                   text_of(make_value(cell.timesteps)),
                                   text_of(cell.poisoning_rate),
                                   text_of(make_value(cell.target)),
                                   cell.trigger};
    detail::add_rate(texts, cell.acc);
    detail::add_rate(texts, cell.asr);
    detail::add_rate(texts, cell.asr_excluding_target);
    detail::add_rate(texts, cell.asr_clean_model);
    detail::add_rate(texts, cell.robust_accuracy);
    detail::add_rate(texts, cell.ann_acc);
    detail::add_rate(texts, cell.ann_asr);
    texts.push_back(text_of(make_value(cell.mr)));
    texts.push_back(text_of(cell.seconds));
    for (auto name = header.begin() + fixed; name != header.end(); ++name) {
      const Value* value = cell.extra.find(*name);
      texts.push_back(value == nullptr ? std::string{} : text_of(*value));
    }
    text += detail::csv_line(texts);
  }
  return text;
}

SNNBD_COLD void Csv::write(const Report& report) const {
  write_file_atomically(path_, std::string_view{to_csv(report)});
}

}  // namespace snnbd::inline SNNBD_ISA::report

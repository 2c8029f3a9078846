#pragma once

#include <variant>

#include <nlohmann/json.hpp>

#include <snnbd/core/file.hpp>
#include <snnbd/report/json.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

inline nlohmann::ordered_json json_of(const Value& value) {
  return std::visit(
      [](const auto& held) -> nlohmann::ordered_json {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(held)>, std::monostate>)
          return nullptr;
        else
          return held;
      },
      value);
}

inline Value text_or_nothing(const std::string& text) {
  return text.empty() ? Value{} : Value{text};
}

inline nlohmann::ordered_json json_of(const Fields& fields) {
  auto object = nlohmann::ordered_json::object();
  for (const auto& [name, value] : fields) object[name] = json_of(value);
  return object;
}

inline nlohmann::ordered_json json_of(const std::optional<metric::Rate>& rate) {
  if (!rate) return nullptr;
  return rate->percent();
}

inline nlohmann::ordered_json json_of(const Manifest& manifest) {
  nlohmann::ordered_json object{{"version", manifest.version},
                                {"compiler", manifest.compiler},
                                {"instruction_set", manifest.instruction_set},
                                {"processor", manifest.processor},
                                {"processor_count", manifest.processor_count},
                                {"threads", manifest.threads},
                                {"seed", manifest.seed},
                                {"time", manifest.time},
                                {"command_line", manifest.command_line}};
  auto data = nlohmann::ordered_json::array();
  for (const DataSource& one : manifest.data)
    data.push_back({{"name", one.name}, {"checksum", one.checksum}, {"source", one.source}});
  object["data"] = std::move(data);
  object.update(json_of(manifest.extra));
  return object;
}

inline nlohmann::ordered_json json_of(const Cell& cell) {
  nlohmann::ordered_json object{{"rule", cell.rule},
                                {"dataset", cell.dataset},
                                {"model", cell.model},
                                {"neuron", cell.neuron},
                                {"normalizer", json_of(text_or_nothing(cell.normalizer))},
                                {"combination", json_of(text_or_nothing(cell.combination))},
                                {"timesteps", json_of(make_value(cell.timesteps))},
                                {"poisoning_rate", cell.poisoning_rate},
                                {"target", json_of(make_value(cell.target))},
                                {"trigger", cell.trigger}};
  auto intervals = nlohmann::ordered_json::object();
  auto counts = nlohmann::ordered_json::object();
  const auto put = [&](const char* name, const std::optional<metric::Rate>& rate) {
    object[name] = json_of(rate);
    if (!rate) return;
    const metric::Interval interval = rate->wilson();
    intervals[name] = {100.0 * interval.low, 100.0 * interval.high};
    counts[name] = {rate->hits, rate->total};
  };
  put("acc", cell.acc);
  put("asr", cell.asr);
  put("asr_excluding_target", cell.asr_excluding_target);
  put("asr_clean_model", cell.asr_clean_model);
  put("robust_accuracy", cell.robust_accuracy);
  put("ann_acc", cell.ann_acc);
  put("ann_asr", cell.ann_asr);
  object["mr"] = json_of(make_value(cell.mr));
  object["seconds"] = cell.seconds;
  object["intervals"] = std::move(intervals);
  object["counts"] = std::move(counts);
  // The columns above are what every reader relies on: an extra of the same name does not hide
  // them.
  for (const auto& [name, value] : cell.extra)
    if (!object.contains(name)) object[name] = json_of(value);
  return object;
}

}  // namespace detail

SNNBD_INLINE std::string to_json(const Report& report) {
  auto cells = nlohmann::ordered_json::array();
  for (const Cell& cell : report.cells) cells.push_back(detail::json_of(cell));
  auto keys = nlohmann::ordered_json::object();
  for (const Key& key : report.keys) {
    auto lines = nlohmann::ordered_json::object();
    for (const auto& [name, value] : key.lines()) lines[name] = value;
    keys[key.digest()] = std::move(lines);
  }
  const nlohmann::ordered_json root{{"experiment", report.experiment},
                                    {"settings", detail::json_of(report.settings)},
                                    {"manifest", detail::json_of(report.manifest)},
                                    {"ledger", detail::json_of(report.ledger)},
                                    {"cells", std::move(cells)},
                                    {"keys", std::move(keys)}};
  return root.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

SNNBD_INLINE void Json::write(const Report& report) const {
  write_file_atomically(path_, std::string_view{to_json(report)});
}

}  // namespace snnbd::inline SNNBD_ISA::report

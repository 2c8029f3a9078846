#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <snnbd/core/file.hpp>
#include <snnbd/report/json.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

/// A text, a number, a truth value or null. Objects and lists are put together here: those of the
/// library ask for memory when they are destroyed, and end the program where there is none.
template <class Held>
std::string json_leaf(const Held& held) {
  return nlohmann::json(held).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

inline std::string json_line(int depth) {
  return '\n' + std::string(2 * static_cast<std::size_t>(depth), ' ');
}

/// @param values as they stand in the text
/// @param depth of the list in the whole text
inline std::string json_list(const std::vector<std::string>& values, int depth) {
  if (values.empty()) return "[]";
  std::string text = "[";
  for (const std::string& value : values)
    text.append(text.size() > 1 ? "," : "").append(json_line(depth + 1)).append(value);
  return text.append(json_line(depth)).append("]");
}

/// Names and values in the order in which they were first set.
class JsonObject {
 public:
  /// @param depth of the object in the whole text
  explicit JsonObject(int depth) : depth_{depth} {}

  [[nodiscard]] bool contains(std::string_view name) const {
    for (const auto& member : members_)
      if (member.first == name) return true;
    return false;
  }

  /// @param text of the value
  JsonObject& put(std::string_view name, std::string text) {
    for (auto& member : members_)
      if (member.first == name) {
        member.second = std::move(text);
        return *this;
      }
    members_.emplace_back(name, std::move(text));
    return *this;
  }

  template <class Held>
  JsonObject& set(std::string_view name, const Held& held) {
    return put(name, json_leaf(held));
  }

  JsonObject& set(std::string_view name, const Value& value) {
    return put(name, std::visit([this](const auto& held) { return text_of(held); }, value));
  }

  [[nodiscard]] std::string text() const {
    if (members_.empty()) return "{}";
    std::string result = "{";
    for (const auto& [name, value] : members_)
      result.append(result.size() > 1 ? "," : "")
          .append(json_line(depth_ + 1))
          .append(json_leaf(name))
          .append(": ")
          .append(value);
    return result.append(json_line(depth_)).append("}");
  }

 private:
  [[nodiscard]] std::string text_of(std::monostate /*absent*/) const { return "null"; }
  [[nodiscard]] std::string text_of(const std::vector<double>& numbers) const {
    std::vector<std::string> values;
    values.reserve(numbers.size());
    for (const double number : numbers) values.push_back(json_leaf(number));
    return json_list(values, depth_ + 1);
  }
  template <class Held>
  [[nodiscard]] std::string text_of(const Held& held) const {
    return json_leaf(held);
  }

  int depth_;
  std::vector<std::pair<std::string, std::string>> members_;
};

inline Value text_or_nothing(const std::string& text) {
  return text.empty() ? Value{} : Value{text};
}

inline std::string json_of(const Fields& fields) {
  JsonObject object{1};
  for (const auto& [name, value] : fields) object.set(name, value);
  return object.text();
}

inline std::string json_of(const Manifest& manifest) {
  JsonObject object{1};
  object.set("version", manifest.version)
      .set("compiler", manifest.compiler)
      .set("instruction_set", manifest.instruction_set)
      .set("processor", manifest.processor)
      .set("processor_count", manifest.processor_count)
      .set("threads", manifest.threads)
      .set("seed", manifest.seed)
      .set("time", manifest.time)
      .set("command_line", manifest.command_line);
  std::vector<std::string> data;
  for (const DataSource& one : manifest.data) {
    JsonObject source{3};
    source.set("name", one.name).set("checksum", one.checksum).set("source", one.source);
    if (!one.facts.empty()) {
      JsonObject facts{4};
      for (const auto& [name, value] : one.facts) facts.set(name, value);
      source.put("facts", facts.text());
    }
    data.push_back(source.text());
  }
  object.put("data", json_list(data, 2));
  for (const auto& [name, value] : manifest.extra) object.set(name, value);
  return object.text();
}

inline std::string json_of(const Cell& cell) {
  JsonObject object{2};
  object.set("rule", cell.rule)
      .set("dataset", cell.dataset)
      .set("model", cell.model)
      .set("neuron", cell.neuron)
      .set("normalizer", text_or_nothing(cell.normalizer))
      .set("combination", text_or_nothing(cell.combination))
      .set("timesteps", make_value(cell.timesteps))
      .set("poisoning_rate", cell.poisoning_rate)
      .set("target", make_value(cell.target))
      .set("trigger", cell.trigger);
  JsonObject intervals{3};
  JsonObject counts{3};
  const auto put = [&](const char* name, const std::optional<metric::Rate>& rate) {
    object.set(name, rate ? Value{rate->percent()} : Value{});
    if (!rate) return;
    const metric::Interval interval = rate->wilson();
    intervals.set(name, Value{std::vector<double>{100.0 * interval.low, 100.0 * interval.high}});
    counts.put(name, json_list({json_leaf(rate->hits), json_leaf(rate->total)}, 4));
  };
  put("acc", cell.acc);
  put("asr", cell.asr);
  put("asr_excluding_target", cell.asr_excluding_target);
  put("asr_clean_model", cell.asr_clean_model);
  put("robust_accuracy", cell.robust_accuracy);
  put("ann_acc", cell.ann_acc);
  put("ann_asr", cell.ann_asr);
  object.set("mr", make_value(cell.mr))
      .set("seconds", cell.seconds)
      .put("intervals", intervals.text())
      .put("counts", counts.text());
  // The columns above are what every reader relies on: an extra of the same name does not hide
  // them.
  for (const auto& [name, value] : cell.extra)
    if (!object.contains(name)) object.set(name, value);
  return object.text();
}

inline std::string json_of(const std::vector<Key>& keys) {
  JsonObject object{1};
  for (const Key& key : keys) {
    JsonObject lines{2};
    for (const auto& [name, value] : key.lines()) lines.set(name, value);
    object.put(key.digest(), lines.text());
  }
  return object.text();
}

}  // namespace detail

SNNBD_COLD std::string to_json(const Report& report) {
  std::vector<std::string> cells;
  for (const Cell& cell : report.cells) cells.push_back(detail::json_of(cell));
  return detail::JsonObject{0}
             .set("experiment", report.experiment)
             .put("settings", detail::json_of(report.settings))
             .put("manifest", detail::json_of(report.manifest))
             .put("ledger", detail::json_of(report.ledger))
             .put("cells", detail::json_list(cells, 1))
             .put("keys", detail::json_of(report.keys))
             .text() +
         '\n';
}

SNNBD_COLD void Json::write(const Report& report) const {
  write_file_atomically(path_, std::string_view{to_json(report)});
}

}  // namespace snnbd::inline SNNBD_ISA::report

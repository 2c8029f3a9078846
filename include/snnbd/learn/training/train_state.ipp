#pragma once

#include <cmath>
#include <filesystem>

#include <snnbd/core/crc32.hpp>
#include <snnbd/learn/training/train_state.hpp>

namespace snnbd::inline SNNBD_ISA::learn::detail {

SNNBD_COLD std::string buffer_name(std::size_t number) {
  return "optimizer." + std::to_string(number);
}

SNNBD_COLD std::string format_epochs(const std::vector<EpochRecord>& epochs) {
  std::string text;
  for (const EpochRecord& record : epochs)
    text.append(value_text(record.epoch))
        .append(" ")
        .append(value_text(record.loss))
        .append(" ")
        .append(value_text(record.accuracy))
        .append(" ")
        .append(value_text(record.seconds))
        .append("\n");
  return text;
}

SNNBD_COLD std::vector<EpochRecord> parse_epochs(std::string_view text,
                                                 const std::string& subject) {
  std::vector<EpochRecord> epochs;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view rest = text.substr(0, end);
    const std::string line = snnbd::quoted(rest);
    const auto next = [&](auto& value) {
      const std::size_t space = rest.find(' ');
      const bool read = parse_value(rest.substr(0, space), value);
      rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
      return read;
    };
    EpochRecord record;
    const bool read = end != std::string_view::npos && next(record.epoch) && next(record.loss) &&
                      next(record.accuracy) && parse_value(rest, record.seconds);
    if (!read || record.epoch != static_cast<int>(epochs.size()) || !std::isfinite(record.loss) ||
        !(record.accuracy >= 0.0 && record.accuracy <= 100.0) || !std::isfinite(record.seconds) ||
        record.seconds < 0.0)
      reject(subject, "a list of finished epochs: number, loss, accuracy in percent, seconds",
             line);
    epochs.push_back(record);
    text.remove_prefix(end + 1);
  }
  return epochs;
}

SNNBD_COLD Index parse_count(const std::string& text, const std::string& subject) {
  Index count = 0;
  constexpr Index most = Index{1} << 48;  // with room for all that is counted from it
  if (!parse_value(text, count) || count < 0 || count > most)
    reject(subject, "a number of steps", snnbd::quoted(text));
  return count;
}

SNNBD_COLD bool file_exists(const std::string& path) {
  return std::filesystem::exists(path);
}

SNNBD_COLD void check_key(const safetensors::File& file, const Key& key, const std::string& path) {
  constexpr std::string_view wanted = "the checkpoint of this run";
  const std::string* text = file.find_metadata("key");
  if (text == nullptr) reject(path, wanted, "one of version 1, which does not say what it is of");
  const std::string own = key.text();
  if (*text == own) return;
  // A text much longer than a key is none.
  constexpr std::size_t room = 65'536;
  if (text->size() > 4 * own.size() + room)
    reject(path, wanted, "a key of " + std::to_string(text->size()) + " bytes");
  const Key found = Key::parse(*text, path);
  reject(path, wanted, "one of another (" + key.difference(found) + ')');
}

SNNBD_COLD const std::string& state_text(const safetensors::File& file, std::string_view name,
                                         const std::string& path) {
  const std::string* text = file.find_metadata(name);
  if (text == nullptr) reject(path, "the state of a training run", "parameters only");
  return *text;
}

}  // namespace snnbd::inline SNNBD_ISA::learn::detail

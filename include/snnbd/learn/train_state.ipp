#pragma once

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include <snnbd/core/error.hpp>
#include <snnbd/learn/train_state.hpp>

namespace snnbd::inline SNNBD_ISA::learn::detail {

SNNBD_INLINE std::string buffer_name(std::size_t number) {
  return "optimiser." + std::to_string(number);
}

SNNBD_INLINE std::string format_epochs(const std::vector<EpochRecord>& epochs) {
  std::string text;
  for (const EpochRecord& record : epochs) {
    char line[128];
    std::snprintf(line, sizeof(line), "%d %a %a %a\n", record.epoch, record.loss, record.accuracy,
                  record.seconds);
    text += line;
  }
  return text;
}

SNNBD_INLINE std::vector<EpochRecord> parse_epochs(const std::string& text,
                                                   const std::string& subject) {
  std::vector<EpochRecord> epochs;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    EpochRecord record;
    if (std::sscanf(line.c_str(), "%d %la %la %la", &record.epoch, &record.loss, &record.accuracy,
                    &record.seconds) != 4 ||
        record.epoch != static_cast<int>(epochs.size()))
      reject(subject, "a list of finished epochs", "'" + line + "'");
    epochs.push_back(record);
  }
  return epochs;
}

SNNBD_INLINE Index parse_count(const std::string& text, const std::string& subject) {
  Index count = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), count);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size() || count < 0)
    reject(subject, "a number of steps", "'" + text + "'");
  return count;
}

SNNBD_INLINE bool file_exists(const std::string& path) {
  return std::filesystem::exists(path);
}

}  // namespace snnbd::inline SNNBD_ISA::learn::detail

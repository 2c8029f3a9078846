#pragma once

#include <ctime>
#include <fstream>
#include <string_view>
#include <thread>

#include <snnbd/core/parallel.hpp>
#include <snnbd/report/manifest.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

inline std::string compiler_name() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "g++ " __VERSION__;
#else
  return "unknown";
#endif
}

/// The text after the colon of the first line that begins with `key`.
inline std::string value_of_line(std::istream& lines, std::string_view key) {
  for (std::string line; std::getline(lines, line);) {
    if (!std::string_view{line}.starts_with(key)) continue;
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto start = line.find_first_not_of(" \t", colon + 1);
    return start == std::string::npos ? std::string{} : line.substr(start);
  }
  return {};
}

inline std::string processor_name() {
  for (const std::string_view key : {"model name", "Model", "Hardware"}) {
    std::ifstream lines{"/proc/cpuinfo"};
    std::string name = value_of_line(lines, key);
    if (!name.empty()) return name;
  }
  return {};
}

inline std::string command_line() {
  std::ifstream file{"/proc/self/cmdline", std::ios::binary};
  std::string line;
  for (std::string argument; std::getline(file, argument, '\0');)
    line.append(line.empty() ? "" : " ").append(shell_quoted(argument));
  return line;
}

}  // namespace detail

SNNBD_COLD std::string shell_quoted(const std::string& argument) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  if (!argument.empty() && argument.find_first_not_of(plain) == std::string::npos) return argument;
  std::string text = "'";
  for (const char letter : argument)
    if (letter == '\'')
      text += "'\\''";
    else
      text += letter;
  return text + '\'';
}

SNNBD_COLD std::string utc_text(std::int64_t seconds) {
  const auto moment = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&moment, &parts);
  char text[32];
  const auto length = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, length};
}

SNNBD_COLD Manifest describe_run() {
  Manifest manifest;
  manifest.version = SNNBD_VERSION_STRING;
  manifest.compiler = detail::compiler_name();
  manifest.instruction_set = SNNBD_ISA_NAME;
  manifest.processor = detail::processor_name();
  manifest.processor_count = static_cast<int>(std::thread::hardware_concurrency());
  manifest.threads = thread_count();
  manifest.time = utc_text(std::time(nullptr));
  manifest.command_line = detail::command_line();
  return manifest;
}

}  // namespace snnbd::inline SNNBD_ISA::report

#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/core/value_text.hpp>
#include <snnbd/data/dvs128_gesture.hpp>
#include <snnbd/data/folder.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

/// The lines of a text, without their ends and without empty ones; each with its number from 1.
inline std::vector<std::pair<std::size_t, std::string_view>> lines_of(std::string_view text) {
  std::vector<std::pair<std::size_t, std::string_view>> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(number, line);
  }
  return lines;
}

inline std::string read_text(const std::string& path) {
  constexpr std::uint64_t largest = 1U << 20U;
  const std::vector<std::byte> bytes = read_file(path, largest);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Three whole numbers between commas; false for anything else.
inline bool parse_row(std::string_view line, std::int64_t (&numbers)[3]) {
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t end = i < 2 ? line.find(',') : line.size();
    if (end == std::string_view::npos) return false;
    std::string_view part = line.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!parse_value(part, numbers[i])) return false;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return true;
}

SNNBD_INLINE std::vector<GestureRow> parse_gesture_rows(std::string_view text,
                                                        const std::string& subject) {
  constexpr std::string_view title = "class,startTime_usec,endTime_usec";
  const auto lines = lines_of(text);
  if (lines.empty() || lines.front().second != title)
    reject(subject, "the line " + std::string{title} + " at the beginning",
           lines.empty() ? "nothing" : snnbd::quoted(lines.front().second));
  std::vector<GestureRow> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto& [number, line] = lines[i];
    const std::string place = subject + ", line " + std::to_string(number);
    std::int64_t numbers[3] = {};
    if (!parse_row(line, numbers))
      reject(place, "a class, a start and an end in microseconds, with commas between",
             snnbd::quoted(line));
    if (numbers[0] < 1 || numbers[0] > 11) reject(place, "a class from 1 to 11", numbers[0]);
    if (numbers[1] >= numbers[2]) reject(place, "a start before the end", snnbd::quoted(line));
    rows.push_back({static_cast<int>(numbers[0] - 1), numbers[1], numbers[2]});
  }
  if (rows.empty()) reject(subject, "at least one row of labels", "none");
  return rows;
}

SNNBD_INLINE std::vector<GestureRow> choose_gesture_rows(const std::vector<GestureRow>& rows,
                                                         GestureRows which) {
  if (which == GestureRows::twelve) return rows;
  std::vector<GestureRow> chosen;
  for (const GestureRow& row : rows)
    if (std::ranges::find(chosen, row.label, &GestureRow::label) == chosen.end())
      chosen.push_back(row);
  return chosen;
}

/// The names of the recordings of a part.
inline std::vector<std::string> gesture_recordings(const std::string& root, Part part,
                                                   GestureTrials trials) {
  std::vector<std::string> names;
  if (trials == GestureTrials::all) {
    for (const std::string& name : names_in(root))
      if (name.ends_with(".aedat")) names.push_back(name);
    if (names.empty()) reject(root, "at least one recording named .aedat", "none");
    return names;
  }
  const std::string list =
      root + (part == Part::train ? "/trials_to_train.txt" : "/trials_to_test.txt");
  const std::string text = read_text(list);
  for (const auto& [number, line] : lines_of(text)) {
    if (!line.ends_with(".aedat") || line.find('/') != std::string_view::npos)
      reject(list + ", line " + std::to_string(number), "the name of a recording, .aedat",
             snnbd::quoted(line));
    names.emplace_back(line);
  }
  if (names.empty()) reject(list, "at least one recording", "none");
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    reject(list, "each recording once", snnbd::quoted(*twice) + " twice");
  return names;
}

SNNBD_INLINE RecordingFiles gesture_files(Part part, const std::string& directory, GestureRows rows,
                                          GestureTrials trials) {
  const std::string root = set_folder(directory, {"DvsGesture", "DVSGesture", "DVS128Gesture"});
  std::vector<RecordingFile> files;
  for (const std::string& name : gesture_recordings(root, part, trials)) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(std::filesystem::path{root} / name, ignored))
      reject(std::string{root}.append(1, '/').append(name),
             "a recording, as the list of trials says", "no such file");
    std::string labels = root;
    labels.append(1, '/')
        .append(name, 0, name.size() - std::string_view{".aedat"}.size())
        .append("_labels.csv");
    for (const GestureRow& row :
         choose_gesture_rows(parse_gesture_rows(read_text(labels), labels), rows))
      files.push_back({name, row.label, row.start, row.finish});
  }
  event::ReadOptions options;
  options.sensor = {128, 128};
  Key facts;
  facts.add("rows", std::string{rows == GestureRows::twelve ? "rows_twelve" : "labels_eleven"})
      .add("trials",
           std::string{trials == GestureTrials::all ? "all recordings in both parts, no split"
                                                    : "as listed"});
  return {root, std::move(files), options, facts};
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail

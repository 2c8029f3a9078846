#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include <sys/stat.h>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/folder.hpp>
#include <snnbd/data/frame_record.hpp>
#include <snnbd/data/piece_reader.hpp>
#include <snnbd/data/recording_files.hpp>
#include <snnbd/event/read.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

SNNBD_INLINE RecordingFiles::RecordingFiles(std::string root, std::vector<RecordingFile> files,
                                            const event::ReadOptions& options, const Key& facts) {
  if (files.empty()) reject(root, "at least one recording", "none");
  content_ =
      std::make_shared<const Content>(Content{std::move(root), std::move(files), options, facts});
}

SNNBD_INLINE std::string RecordingFiles::path(std::size_t index) const {
  return content_->root + '/' + content_->files[index].name;
}

SNNBD_INLINE event::Recording RecordingFiles::recording(std::size_t index) const {
  const RecordingFile& file = content_->files[index];
  if (file.is_whole()) return event::read(path(index), content_->options);
  const auto source = event::open(path(index), content_->options);
  event::Recording part;
  part.sensor = source->sensor();
  return read_within_memory(path(index), [&] {
    // To the end of the file, as nothing says that its events are in order.
    for (auto block = source->next(); !block.empty(); block = source->next())
      for (const event::Event& event : block) {
        if (event.time < file.start || event.time >= file.finish) continue;
        if (!part.events.empty()) {
          part.findings.backwards += event.time < part.events.back().time ? 1U : 0U;
          part.findings.repeated += event == part.events.back() ? 1U : 0U;
        }
        part.events.push_back(event);
      }
    part.findings.events = part.events.size();
    return part;
  });
}

/// A checksum of a file's size, time of change, beginning and end.
inline std::uint32_t checksum_of_file(const std::string& path) {
  constexpr std::uint64_t most = 64 * 1024;
  const PieceReader reader{path};
  if (!reader.is_open()) reject(path, "a readable file", "none");
  std::vector<std::byte> bytes;
  append_bytes(bytes, reader.size());
  append_bytes(bytes, reader.changed());
  const std::size_t told = bytes.size();
  const std::uint64_t first = std::min(reader.size(), most);
  const std::uint64_t last = std::min(reader.size() - first, most);
  bytes.resize(told + static_cast<std::size_t>(first + last));
  const std::span<std::byte> room = std::span{bytes}.subspan(told);
  if (!reader.read(0, room.first(static_cast<std::size_t>(first))) ||
      !reader.read(reader.size() - last, room.last(static_cast<std::size_t>(last))))
    reject(path, "a readable file", "one that ends early");
  return checksum_of_bytes(bytes);
}

SNNBD_INLINE std::string RecordingFiles::identity() const {
  const std::vector<RecordingFile>& files = content_->files;
  std::vector<std::uint32_t> sums(files.size());
  parallel_for(static_cast<Index>(files.size()), [&](Index number) {
    const auto index = static_cast<std::size_t>(number);
    // The parts of a file stand one after another.
    if (index == 0 || files[index].name != files[index - 1].name)
      sums[index] = checksum_of_file(path(index));
  });
  std::string names;
  for (const RecordingFile& file : files)
    names.append(file.name)
        .append(" ")
        .append(std::to_string(file.start))
        .append(" ")
        .append(std::to_string(file.finish))
        .append("\n");
  const event::ReadOptions& options = content_->options;
  Key key;
  key.add("files", files.size())
      .add("names", checksum_of_bytes(std::as_bytes(std::span{names})))
      .add("bytes", checksum_of_bytes(std::as_bytes(std::span{sums})))
      .add("format", options.format)
      .add("width", options.sensor.width)
      .add("height", options.sensor.height)
      .add("convention", options.convention)
      .add("overflow_markers", options.overflow_markers)
      .add("time_unit", options.time_unit);
  return key.text();
}

SNNBD_INLINE Key RecordingFiles::facts() const {
  Key facts;
  facts.add("recordings", size())
      .add("orientation", std::string{event::to_string(content_->options.convention)});
  facts.append(content_->facts);
  return facts;
}

SNNBD_INLINE std::vector<RecordingFile> files_of_classes(const std::string& folder,
                                                         const std::string& prefix,
                                                         const std::vector<std::string>& names) {
  std::vector<RecordingFile> files;
  for (std::size_t label = 0; label < names.size(); ++label) {
    const std::string path = folder + '/' + names[label];
    const std::vector<std::string> found = names_in(path);
    if (found.empty()) reject(path, "at least one recording", "none");
    for (const std::string& name : found)
      files.push_back({std::string{prefix}.append(names[label]).append(1, '/').append(name),
                       static_cast<int>(label), 0, 0});
  }
  return files;
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail

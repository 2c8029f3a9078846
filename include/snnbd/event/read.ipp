#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/event/aedat2.hpp>
#include <snnbd/event/aedat3.hpp>
#include <snnbd/event/aedat4.hpp>
#include <snnbd/event/arrays.hpp>
#include <snnbd/event/atis.hpp>
#include <snnbd/event/prophesee.hpp>
#include <snnbd/event/read.hpp>

namespace snnbd::inline SNNBD_ISA::event {

SNNBD_COLD Format format_of(std::span<const std::byte> first_bytes, const std::string& path) {
  const std::string_view text{reinterpret_cast<const char*>(first_bytes.data()),
                              first_bytes.size()};
  const std::string_view name = path;
  if (text.starts_with("#!AER-DAT2.0")) return Format::aedat2;
  if (text.starts_with("#!AER-DAT3.")) return Format::aedat3;
  if (text.starts_with("#!AER-DAT4.0")) return Format::aedat4;
  if (text.starts_with("\x93NUMPY")) return Format::npy;
  // The first event of such a file may look like any beginning that is shorter.
  if (name.ends_with(".bin")) return Format::atis;
  if (text.starts_with("PK\x03\x04")) return Format::npz;
  if (text.starts_with('%')) return Format::prophesee;
  constexpr std::size_t shown = 12;
  reject(
      path,
      "a recording: AEDAT 2.0, 3.0, 3.1 or 4.0, Prophesee's .dat, .npy, .npz, or a .bin by its "
      "ending",
      text.empty() ? "no bytes" : "one that begins with " + snnbd::quoted(text.substr(0, shown)));
}

SNNBD_COLD std::unique_ptr<Source> open(ByteStream stream, const ReadOptions& options) {
  constexpr std::size_t longest_magic = 12;
  const Format format = options.format == Format::automatic
                            ? format_of(stream.peek(longest_magic), stream.subject())
                            : options.format;
  switch (format) {
    case Format::atis:
      return open_atis(std::move(stream), options);
    case Format::aedat2:
      return open_aedat2(std::move(stream), options);
    case Format::aedat3:
      return open_aedat3(std::move(stream), options);
    case Format::prophesee:
      return open_prophesee(std::move(stream), options);
    case Format::npy:
      return open_npy(std::move(stream), options);
    case Format::npz:
      return open_npz(std::move(stream), options);
    default:
      return open_aedat4(std::move(stream), options);
  }
}

SNNBD_COLD std::unique_ptr<Source> open(const std::string& path, const ReadOptions& options) {
  return read_within_memory(path, [&] { return open(ByteStream{path, options.buffer}, options); });
}

SNNBD_COLD Recording read(Source& source, const std::string& subject, std::uint64_t limit) {
  Recording recording;
  read_within_memory(subject, [&] {
    while (true) {
      const std::span<const Event> block = source.next();
      if (block.empty()) break;
      if (block.size() > limit - recording.events.size())
        reject(subject, "at most " + std::to_string(limit) + " events", "more");
      recording.events.insert(recording.events.end(), block.begin(), block.end());
    }
  });
  recording.sensor = source.sensor();
  recording.findings = source.findings();
  return recording;
}

SNNBD_COLD Recording read(const std::string& path, const ReadOptions& options) {
  const std::unique_ptr<Source> source = open(path, options);
  return read(*source, path, options.limit);
}

}  // namespace snnbd::inline SNNBD_ISA::event

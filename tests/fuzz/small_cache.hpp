#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/core/key.hpp>
#include <snnbd/data/frame_store.hpp>

/// A small set whose frames are kept on disk, and its one file, put together by the page on
/// formats.
namespace fuzz {

using CacheBytes = std::vector<std::byte>;

inline constexpr std::size_t cached_samples = 3;
inline constexpr snnbd::data::detail::RecordLayout cached_layout{2, 2 * 35};

/// The record of a sample, the same each time. Counts of the last one need two bytes.
inline CacheBytes cached_record(std::size_t index) {
  std::vector<std::uint16_t> counts(cached_layout.values);
  for (std::size_t i = index; i < counts.size(); i += 9)
    counts[i] = static_cast<std::uint16_t>(i + 1 + (index == 2 ? 300 : 0));
  const std::vector<snnbd::event::Bin> bins{{0, 5, 0, 50}, {5, 9, 50, 120}};
  snnbd::data::detail::RecordingFacts facts;
  facts.findings.events = 9 + index;
  facts.integration.counted = 8;
  return snnbd::data::detail::pack_record(facts, bins, counts);
}

inline snnbd::Key cached_key() {
  snnbd::Key key;
  key.add("format", 1).add("recordings", std::string{"small"});
  return key;
}

/// Opens the set with what is in the folder.
inline snnbd::data::detail::FrameStore open_cache(const std::string& folder) {
  return {cached_samples, cached_layout, {.folder = folder, .memory = 1U << 20U},
          "fuzz",         cached_key(),  cached_record};
}

/// The path of its file.
inline std::string cached_path(const std::string& folder) {
  return folder + "/fuzz-" + cached_key().digest() + "-0000.frames";
}

/// A file of some records, its places and checksums as they should be.
inline CacheBytes cache_file(const std::vector<CacheBytes>& records) {
  using snnbd::data::detail::append_bytes;
  const std::string key = cached_key().text();
  CacheBytes file;
  for (const char letter : {'s', 'n', 'n', 'b', 'd', ' ', 'f', '1'}) append_bytes(file, letter);
  append_bytes(file, std::uint64_t{key.size()});
  append_bytes(file, std::uint64_t{0});
  append_bytes(file, std::uint64_t{records.size()});
  for (const char letter : key) append_bytes(file, letter);
  std::uint64_t place = file.size() + 16 * records.size() + 8;
  for (const CacheBytes& record : records) {
    append_bytes(file, place);
    append_bytes(file, static_cast<std::uint32_t>(record.size()));
    append_bytes(file, snnbd::data::detail::checksum_of_bytes(record));
    place += record.size();
  }
  append_bytes(file, std::uint64_t{snnbd::data::detail::checksum_of_bytes(file)});
  for (const CacheBytes& record : records) file.insert(file.end(), record.begin(), record.end());
  return file;
}

}  // namespace fuzz

#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <snnbd/core/file.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/frame_store.hpp>
#include <snnbd/data/piece_reader.hpp>

namespace snnbd::inline SNNBD_ISA::data {

SNNBD_COLD CacheOptions CacheOptions::from_environment() {
  CacheOptions options;
  if (const char* folder = std::getenv("SNNBD_CACHE")) options.folder = folder;
  return options;
}

namespace detail {

SNNBD_INLINE FrameStore::FrameStore(std::size_t samples, const RecordLayout& layout,
                                    CacheOptions options, const std::string& name, const Key& key,
                                    std::function<Bytes(std::size_t)> make)
    : samples_{samples},
      layout_{layout},
      options_{std::move(options)},
      stem_{options_.folder + '/' + name + '-' + key.digest()},
      key_{key.text()},
      make_{std::move(make)},
      kept_{std::make_unique<std::atomic<const Bytes*>[]>(samples)} {
  if (!is_on_disk()) return;
  entries_.resize(samples_);
  mended_.resize((samples_ + samples_in_file - 1) / samples_in_file);
  for (std::size_t file = 0; first_of(file) < samples_; ++file) {
    const Found found = open_file(file);
    if (found != Found::whole) make_file(file);
    ++(found == Found::whole     ? report_.found
       : found == Found::missing ? report_.made
                                 : report_.damaged);
  }
}

SNNBD_INLINE FrameStore::~FrameStore() {
  for (std::size_t index = 0; index < samples_; ++index) delete kept_[index].load();
}

SNNBD_INLINE std::string FrameStore::path_of(std::size_t file) const {
  const std::string number = std::to_string(file);
  return stem_ + '-' + std::string(4 - std::min<std::size_t>(number.size(), 4), '0') + number +
         ".frames";
}

SNNBD_INLINE std::size_t FrameStore::count_of(std::size_t file) const {
  return std::min(samples_in_file, samples_ - first_of(file));
}

/// The name of the format, the key, the places of the records, and a checksum of these.
SNNBD_INLINE FrameStore::Bytes FrameStore::header_of(std::size_t file,
                                                     std::span<const Entry> entries) const {
  constexpr char format[] = {'s', 'n', 'n', 'b', 'd', ' ', 'f', '1'};
  Bytes header;
  append_bytes(header, format);
  append_bytes(header, std::uint64_t{key_.size()});
  append_bytes(header, std::uint64_t{first_of(file)});
  append_bytes(header, std::uint64_t{entries.size()});
  const auto text = std::as_bytes(std::span{key_});
  header.insert(header.end(), text.begin(), text.end());
  for (const Entry& entry : entries) {
    append_bytes(header, entry.offset);
    append_bytes(header, entry.size);
    append_bytes(header, entry.checksum);
  }
  append_bytes(header, std::uint64_t{checksum_of_bytes(header)});
  return header;
}

/// Takes the places of the records from a file, if it is whole and of this key.
SNNBD_INLINE FrameStore::Found FrameStore::open_file(std::size_t file) {
  const std::string path = path_of(file);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return Found::missing;
  const PieceReader reader{path};
  std::vector<Entry> entries(count_of(file));
  Bytes header(header_of(file, entries).size());
  if (!reader.is_open() || !reader.read(0, header)) return Found::damaged;
  // The places stand before the checksum; written anew, the header must be the same.
  const std::byte* from =
      header.data() + header.size() - sizeof(std::uint64_t) - entries.size() * 16;
  for (Entry& entry : entries) {
    std::memcpy(&entry.offset, from, 8);
    std::memcpy(&entry.size, from + 8, 4);
    std::memcpy(&entry.checksum, from + 12, 4);
    from += 16;
  }
  if (header_of(file, entries) != header) return Found::damaged;
  std::uint64_t end = header.size();
  for (const Entry& entry : entries) {
    if (entry.offset != end) return Found::damaged;
    end += entry.size;
  }
  if (end != reader.size()) return Found::damaged;
  std::ranges::copy(entries, entries_.begin() + static_cast<std::ptrdiff_t>(first_of(file)));
  return Found::whole;
}

SNNBD_INLINE void FrameStore::make_file(std::size_t file) const {
  const std::size_t first = first_of(file);
  std::vector<Bytes> records(count_of(file));
  parallel_for(static_cast<Index>(records.size()), [&](Index number) {
    const auto one = static_cast<std::size_t>(number);
    records[one] = make_(first + one);
  });
  std::vector<Entry> entries(records.size());
  std::uint64_t offset = header_of(file, entries).size();
  for (std::size_t i = 0; i < records.size(); ++i) {
    entries[i] = {offset, static_cast<std::uint32_t>(records[i].size()),
                  checksum_of_bytes(records[i])};
    offset += records[i].size();
  }
  Bytes all = header_of(file, entries);
  all.reserve(offset);
  for (const Bytes& record : records) all.insert(all.end(), record.begin(), record.end());
  write_file_atomically(path_of(file), std::span<const std::byte>{all});
  std::ranges::copy(entries, entries_.begin() + static_cast<std::ptrdiff_t>(first));
}

/// Makes a file again of which a record was not what it should be: once, as a disk that fails again
/// is not to be trusted.
SNNBD_INLINE void FrameStore::mend_file(std::size_t file) const {
  const std::lock_guard lock{mutex_};
  if (mended_[file]) return;
  mended_[file] = true;
  make_file(file);
  ++report_.damaged;
}

/// The file is opened for each record: large sets would else hold more open files than a process
/// may.
SNNBD_INLINE bool FrameStore::read_record(std::size_t index, const Entry& entry,
                                          Bytes& bytes) const {
  const PieceReader reader{path_of(index / samples_in_file)};
  if (!reader.is_open() || entry.offset > reader.size() ||
      entry.size > reader.size() - entry.offset)
    return false;
  bytes.resize(entry.size);
  return reader.read(entry.offset, bytes) && checksum_of_bytes(bytes) == entry.checksum &&
         is_record(bytes, layout_);
}

/// Keeps a record in memory if there is room, and gives it from there.
SNNBD_INLINE std::span<const std::byte> FrameStore::keep(std::size_t index, Bytes& bytes) const {
  const std::uint64_t size = bytes.size();
  if (used_.fetch_add(size) + size > options_.memory) {
    used_ -= size;
    return bytes;
  }
  auto own = std::make_unique<const Bytes>(std::move(bytes));
  const Bytes* expected = nullptr;
  if (kept_[index].compare_exchange_strong(expected, own.get())) return *own.release();
  used_ -= size;  // another thread was faster
  return *expected;
}

SNNBD_INLINE FrameStore::Record FrameStore::get(std::size_t index) const {
  if (const Bytes* kept = kept_[index].load()) return {*kept};
  Record record;
  if (is_on_disk()) {
    Entry entry;
    {
      const std::lock_guard lock{mutex_};
      entry = entries_[index];
    }
    if (!read_record(index, entry, record.own)) {
      mend_file(index / samples_in_file);
      record.own = make_(index);
    }
  } else {
    record.own = make_(index);
  }
  record.bytes = keep(index, record.own);
  return record;
}

SNNBD_INLINE const FrameStore::Summary& FrameStore::summary() const {
  std::call_once(summed_, [&] {
    std::vector<std::uint32_t> sums(samples_);
    std::vector<RecordingFacts> facts(samples_);
    parallel_for(static_cast<Index>(samples_), [&](Index number) {
      const auto index = static_cast<std::size_t>(number);
      const Record record = get(index);
      sums[index] = checksum_of_bytes(record.bytes);
      facts[index] = RecordView{record.bytes, layout_}.facts();
    });
    for (const RecordingFacts& one : facts) summary_.facts += one;
    summary_.checksum = checksum_of_bytes(std::as_bytes(std::span{sums}));
  });
  return summary_;
}

SNNBD_INLINE FrameStore::DiskReport FrameStore::disk_report() const {
  const std::lock_guard lock{mutex_};
  return report_;
}

SNNBD_COLD void add_facts(const RecordingFacts& found, Key& facts) {
  facts.add("events", found.findings.events);
  const auto add = [&](const char* name, std::uint64_t count) {
    if (count > 0) facts.add(name, count);
  };
  add("outside_of_sensor", found.findings.outside);
  add("marked_invalid", found.findings.invalid);
  add("backwards_in_time", found.findings.backwards);
  add("repeated", found.findings.repeated);
  add("overflows_of_time", found.findings.overflows);
  add("other_records_skipped", found.findings.others);
  add("events_in_frames", found.integration.counted);
  add("outside_of_frames", found.integration.outside);
  add("after_last_frame", found.integration.after);
  add("cut_at_largest_count", found.integration.cut);
}

SNNBD_COLD void add_facts(const FrameStore& store, Key& facts) {
  const std::size_t damaged = store.disk_report().damaged;
  if (damaged > 0) facts.add("damaged_cache_files_made_again", damaged);
}

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::data

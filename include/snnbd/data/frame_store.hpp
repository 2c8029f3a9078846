#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <snnbd/core/key.hpp>
#include <snnbd/data/frame_record.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Where the frames of recordings are kept, so that they are made once.
struct CacheOptions {
  /// A folder for frames on disk, which several programs may share at once; empty for none.
  std::string folder{};

  /// Bytes of one set that stay in memory: a recording of N-MNIST takes some 6 KB in 10 frames.
  /// What is beyond is read or made again each time. The two sets that were opened last stay until
  /// the program ends.
  std::uint64_t memory = std::uint64_t{1} << 30U;

  /// As experiments have it: the folder is what the environment variable `SNNBD_CACHE` names.
  static CacheOptions from_environment();
};

namespace detail {

/// The records of a set, made when they are asked for, and kept in memory and on disk. What it
/// gives does not depend on where that was kept. Any thread may ask.
///
/// On disk, a file has the records of 256 samples, with a checksum of each. It is written beside
/// its place and renamed. Two programs that make the same file at once write the same bytes. A file
/// that is damaged is made again.
class FrameStore {
 public:
  using Bytes = std::vector<std::byte>;

  /// A record that is in memory, or that was made or read for whoever asked.
  struct Record {
    std::span<const std::byte> bytes;
    Bytes own{};
  };

  /// All records together.
  struct Summary {
    RecordingFacts facts;
    std::uint32_t checksum = 0;  ///< of all records, in their order
  };

  /// What a folder had when the store was opened, and what happened since.
  struct DiskReport {
    std::size_t found = 0;    ///< files
    std::size_t made = 0;     ///< files that were not there
    std::size_t damaged = 0;  ///< files that were made again
  };

  /// Makes the files that are not there, if there is a folder.
  ///
  /// @param name what names of files begin with
  /// @param key all that decides the records
  /// @param make the record of a sample, the same each time
  /// @throws Error as `make` does, or if the folder cannot be written
  FrameStore(std::size_t samples, const RecordLayout& layout, CacheOptions options,
             const std::string& name, const Key& key, std::function<Bytes(std::size_t)> make);
  FrameStore(const FrameStore&) = delete;
  FrameStore& operator=(const FrameStore&) = delete;
  ~FrameStore();

  /// The same for a set that stays in memory: where the last two stores that were asked for are of
  /// the same key and options, one of them, so that an experiment that opens its training and its
  /// test set for each poisoning rate reads them once.
  static std::shared_ptr<const FrameStore> open(std::size_t samples, const RecordLayout& layout,
                                                const CacheOptions& options,
                                                const std::string& name, const Key& key,
                                                std::function<Bytes(std::size_t)> make);

  /// The record of a sample.
  [[nodiscard]] Record get(std::size_t index) const;

  [[nodiscard]] const RecordLayout& layout() const { return layout_; }

  /// Of all records; makes those that are not there. Looked up once.
  [[nodiscard]] const Summary& summary() const;

  [[nodiscard]] bool is_on_disk() const { return !options_.folder.empty(); }
  [[nodiscard]] DiskReport disk_report() const;

  static constexpr std::size_t samples_in_file = 256;

 private:
  /// Where a record is in its file.
  struct Entry {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    std::uint32_t checksum = 0;
  };
  enum class Found { whole, missing, damaged };

  [[nodiscard]] std::string path_of(std::size_t file) const;
  [[nodiscard]] std::size_t first_of(std::size_t file) const { return file * samples_in_file; }
  [[nodiscard]] std::size_t count_of(std::size_t file) const;
  [[nodiscard]] Bytes header_of(std::size_t file, std::span<const Entry> entries) const;
  Found open_file(std::size_t file);
  void make_file(std::size_t file) const;
  void mend_file(std::size_t file) const;
  [[nodiscard]] bool read_record(std::size_t index, const Entry& entry, Bytes& bytes) const;
  std::span<const std::byte> keep(std::size_t index, Bytes& bytes) const;

  std::size_t samples_;
  RecordLayout layout_;
  CacheOptions options_;
  std::string stem_;  ///< of files, folder included
  std::string key_;
  std::function<Bytes(std::size_t)> make_;
  std::unique_ptr<std::atomic<const Bytes*>[]> kept_;
  mutable std::atomic<std::uint64_t> used_{0};
  mutable std::once_flag summed_;
  mutable Summary summary_;
  mutable std::mutex mutex_;
  mutable std::vector<Entry> entries_;  ///< guarded by the mutex
  mutable std::vector<bool> mended_;    ///< for each file; guarded by the mutex
  mutable DiskReport report_;           ///< guarded by the mutex
};

/// Adds what was met in recordings, for a manifest: always how many events there are, and whatever
/// else is not none.
void add_facts(const RecordingFacts& found, Key& facts);

/// Adds how many files of frames were damaged, if any were.
void add_facts(const FrameStore& store, Key& facts);

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/frame_store.ipp>
#endif

// Files of kept frames. Random changes would nearly all end at a checksum: most are made to the
// records, and the file is put together anew.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include <snnbd/core/file.hpp>

#include "input_file.hpp"
#include "small_cache.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t limit);

namespace {

using fuzz::CacheBytes;

/// A folder in memory, if the system has one.
class Folder {
 public:
  Folder() {
    std::error_code ignored;
    const std::filesystem::path memory = "/dev/shm";
    const bool known = std::filesystem::is_directory(memory, ignored);
    path_ = (known ? memory : std::filesystem::temp_directory_path()) / "snnbd-fuzz-XXXXXX";
    fuzz::expect(::mkdtemp(path_.data()) != nullptr, "a folder for the file");
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Reads all that a store has to tell.
///
/// @returns whether each record is what the set makes of its sample
bool read_all(const snnbd::data::detail::FrameStore& store) {
  bool as_made = true;
  std::vector<float> values(fuzz::cached_layout.values);
  for (std::size_t index = 0; index < fuzz::cached_samples; ++index) {
    const auto record = store.get(index);
    fuzz::expect(snnbd::data::detail::is_record(record.bytes, fuzz::cached_layout),
                 "a record of the layout");
    const snnbd::data::detail::RecordView view{record.bytes, fuzz::cached_layout};
    view.write([](auto count) { return static_cast<float>(count); }, values);
    fuzz::expect(std::ranges::all_of(values, [](float value) { return value >= 0.0F; }), "counts");
    for (std::size_t frame = 0; frame < fuzz::cached_layout.frames; ++frame) {
      const auto bin = view.bin(frame);
      fuzz::expect(bin.finish - bin.start >= 0, "a frame that ends behind its begin");
    }
    as_made = as_made && std::ranges::equal(record.bytes, fuzz::cached_record(index));
  }
  static_cast<void>(store.summary());
  return as_made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  const std::string path = fuzz::cached_path(folder.path());
  const auto input = std::as_bytes(std::span{data, size});
  snnbd::write_file_atomically(path, input);
  bool mended = false;
  {
    const auto store = fuzz::open_cache(folder.path());
    const bool as_made = read_all(store);
    const auto report = store.disk_report();
    fuzz::expect(report.found + report.damaged >= 1 && report.made == 0, "a file that was there");
    mended = report.damaged > 0;
    fuzz::expect(!mended || report.found == 1 || as_made, "records made anew for a damaged file");
  }
  // What was damaged was made again; what was not is as it was.
  const auto now = snnbd::read_file(path, 1U << 20U);
  if (mended)
    fuzz::expect(now == fuzz::cache_file({fuzz::cached_record(0), fuzz::cached_record(1),
                                          fuzz::cached_record(2)}),
                 "a whole file in place of a damaged one");
  else
    fuzz::expect(std::ranges::equal(now, input), "a whole file that is left alone");
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t limit, unsigned seed) {
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, limit);
  std::vector<CacheBytes> records;
  const auto whole = fuzz::cache_file({{}, {}, {}});  // the size of a header
  // Three parts of what is behind a header, or the records of a new file.
  const auto input = std::as_bytes(std::span{data, size});
  std::size_t place = whole.size();
  for (std::size_t index = 0; index < fuzz::cached_samples; ++index) {
    const std::size_t length = fuzz::cached_record(index).size();
    if (seed % 8 != 1 && input.size() >= place + length) {
      const auto part = input.subspan(place, length);
      records.emplace_back(part.begin(), part.end());
    } else {
      records.push_back(fuzz::cached_record(index));
    }
    place += length;
  }
  CacheBytes& one = records[seed / 8 % records.size()];
  const std::size_t before = one.size();
  one.resize(before + 64);
  one.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(one.data()), before, one.size()));
  const CacheBytes file = fuzz::cache_file(records);
  if (file.size() > limit) return LLVMFuzzerMutate(data, size, limit);
  std::copy(file.begin(), file.end(), reinterpret_cast<std::byte*>(data));
  return file.size();
}

#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <snnbd/core/descriptor.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/core/file_operations.hpp>
#include <snnbd/core/number.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace detail {

/// Flushes to the disk. File systems that cannot say EINVAL or ENOTSUP: the content is as safe
/// there as it can be.
inline bool flush(int descriptor) {
  return file_operations().flush(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP;
}

/// Flushes the names in a folder. One that may be written but not read cannot be opened for it.
inline bool flush_folder(const std::filesystem::path& folder) {
  const Descriptor opened{file_operations().open(folder.empty() ? "." : folder.c_str(),
                                                 O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)};
  return opened.is_open() ? flush(opened.value()) : errno == EACCES;
}

/// `.snnbd-NUMBER.tmp`: what a file is called until it is complete.
inline constexpr std::string_view temporary_prefix = ".snnbd-";
inline constexpr std::string_view temporary_suffix = ".tmp";

/// A name that hardly anybody has: process numbers are the same in every container.
inline std::string temporary_name() {
  std::uint64_t number = 0;
  try {
    std::random_device device;
    number = std::uint64_t{device()} << 32U | device();
  } catch (const std::runtime_error&) {
    number =
        static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  return std::string{temporary_prefix}
      .append(hexadecimal_text(number, 16))
      .append(temporary_suffix);
}

inline bool is_temporary_name(std::string_view name) {
  if (!name.starts_with(temporary_prefix) || !name.ends_with(temporary_suffix)) return false;
  name.remove_prefix(temporary_prefix.size());
  return name.find_first_not_of("0123456789abcdef-") + temporary_suffix.size() == name.size();
}

/// Removes an unfinished file that a process left behind: one of this user that is an hour old and
/// that no process holds, wherever that process may run.
inline void remove_if_abandoned(const std::string& path) {
  constexpr std::time_t oldest = 3600;
  const FileOperations& call = file_operations();
  const Descriptor file{call.open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0)};
  struct stat status {};
  if (!file.is_open() || call.status(file.value(), &status) != 0) return;
  if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) return;
  if (std::time(nullptr) - status.st_mtime < oldest) return;
  // Fails where a process has it, and where nobody can tell.
  if (call.lock(file.value(), LOCK_EX | LOCK_NB) == 0) call.remove(path.c_str());
}

/// What `std::filesystem` offers for it ends the program where memory is short.
class FolderListing {
 public:
  explicit FolderListing(const std::filesystem::path& folder)
      : listing_{::opendir(folder.empty() ? "." : folder.c_str())} {}
  FolderListing(const FolderListing&) = delete;
  FolderListing& operator=(const FolderListing&) = delete;
  ~FolderListing() {
    if (listing_ != nullptr) ::closedir(listing_);
  }

  /// The next name in the folder, or null.
  const char* next() {
    const dirent* entry = listing_ == nullptr ? nullptr : ::readdir(listing_);
    return entry == nullptr ? nullptr : entry->d_name;
  }

 private:
  DIR* listing_;
};

inline void remove_abandoned(const std::filesystem::path& folder) {
  FolderListing listing{folder};
  while (const char* name = listing.next())
    if (is_temporary_name(name)) remove_if_abandoned((folder / name).native());
}

/// A file that is removed again unless it was renamed to its place. It is locked until then, so
/// that others can tell it from one that was left behind.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& folder) {
    constexpr int tries = 100;
    for (int left = tries; left > 0 && !exists(); --left) {
      path_ = (folder / temporary_name()).native();
      descriptor_ =
          file_operations().open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (!exists() && errno != EEXIST) break;
    }
    // Where there are no locks, its age protects it.
    if (exists()) static_cast<void>(file_operations().lock(descriptor_, LOCK_EX | LOCK_NB));
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!exists()) return;
    if (!renamed_) file_operations().remove(path_.c_str());
    if (open_) file_operations().close(descriptor_);
  }

  [[nodiscard]] bool exists() const { return descriptor_ >= 0; }

  /// Writes everything, flushes it to the disk and renames it; false with `errno` set on failure.
  bool put(std::span<const std::byte> bytes, const std::string& destination) {
    const FileOperations& call = file_operations();
    constexpr std::size_t largest_write = std::size_t{1} << 30U;
    while (!bytes.empty()) {
      const auto wrote =
          call.write(descriptor_, bytes.data(), std::min(bytes.size(), largest_write));
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote == 0) errno = EIO;
      if (wrote <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    if (!flush(descriptor_)) return false;
    // Closing may be the first to tell that writing failed; the second descriptor keeps the lock
    // until the file has its name.
    const Descriptor locked{call.duplicate(descriptor_)};
    if (!locked.is_open()) return false;
    open_ = false;
    if (call.close(descriptor_) != 0) return false;
    renamed_ = call.rename(path_.c_str(), destination.c_str()) == 0;
    return renamed_;
  }

 private:
  std::string path_;
  int descriptor_ = -1;
  bool open_ = true;
  bool renamed_ = false;
};

/// Where a file really is: behind the links that its name may be.
inline std::filesystem::path follow_links(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code failure;
  fs::path place{path};
  constexpr int most = 40;
  for (int links = 0; fs::is_symlink(place, failure); ++links) {
    if (links == most) reject(path, "the name of a file", "links that lead in a circle");
    // An absolute target replaces the folder.
    place = place.parent_path() / fs::read_symlink(place, failure);
    if (failure) reject(path, "a link that can be read", failure.message());
  }
  return place;
}

/// Makes what is missing of the folder of `path`.
///
/// @returns the folders in which others were made
inline std::vector<std::filesystem::path> make_folders(const std::filesystem::path& folder,
                                                       const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  std::vector<fs::path> missing;
  for (fs::path at = folder; !at.empty() && !fs::exists(at, ignored); at = at.parent_path())
    missing.push_back(at);
  std::vector<fs::path> changed;
  for (auto next = missing.rbegin(); next != missing.rend(); ++next) {
    // Another process may be faster.
    if (file_operations().make_folder(next->c_str(), 0777) != 0 && errno != EEXIST)
      reject(path, "a folder that can be made", system_message(errno));
    changed.push_back(next->parent_path());
  }
  return changed;
}

/// What is left of a file, which may be longer or shorter than it said.
inline std::vector<std::byte> read_all(int descriptor, std::size_t size, std::uint64_t limit,
                                       const std::string& path) {
  const FileOperations& call = file_operations();
  constexpr std::size_t largest_read = std::size_t{1} << 30U;
  std::vector<std::byte> bytes(size);
  std::array<std::byte, 4096> beyond{};
  std::size_t used = 0;
  while (true) {
    const bool full = used == bytes.size();
    std::byte* to = full ? beyond.data() : bytes.data() + used;
    const auto count = call.read(
        descriptor, to, full ? beyond.size() : std::min(bytes.size() - used, largest_read));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) reject(path, "a readable file", system_message(errno));
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
    if (used > limit) reject(path, "at most " + std::to_string(limit) + " bytes", "more");
    if (full) bytes.insert(bytes.end(), beyond.begin(), beyond.begin() + count);
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace detail

SNNBD_COLD std::vector<std::byte> read_file(const std::string& path, std::uint64_t limit) {
  struct stat status {};
  const detail::Descriptor file = detail::open_regular_file(path, status);
  const auto size = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
  if (size > limit) reject(path, "at most " + std::to_string(limit) + " bytes", size);
  return read_within_memory(path, [&] {
    return detail::read_all(file.value(), static_cast<std::size_t>(size), limit, path);
  });
}

SNNBD_COLD void write_file_atomically(const std::string& path, std::span<const std::byte> bytes) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path destination = detail::follow_links(path);
  const auto status = fs::status(destination, ignored);
  if (destination.filename().empty() || (fs::exists(status) && !fs::is_regular_file(status)))
    reject(path, "the name of a file", fs::is_directory(status) ? "a folder" : "something else");
  const fs::path folder = destination.parent_path();
  const std::vector<fs::path> changed = detail::make_folders(folder, path);
  detail::remove_abandoned(folder);

  detail::TemporaryFile temporary{folder};
  if (!temporary.exists())
    reject(path, "a folder that can be written", detail::system_message(errno));
  if (!temporary.put(bytes, destination.native()))
    reject(path, "a file that can be written", detail::system_message(errno));
  // Only now do the new names outlive a loss of power.
  bool flushed = detail::flush_folder(folder);
  for (const fs::path& one : changed) flushed = flushed && detail::flush_folder(one);
  if (!flushed)
    reject(path, "a folder that can be flushed to the disk", detail::system_message(errno));
}

SNNBD_COLD void write_file_atomically(const std::string& path, std::string_view text) {
  write_file_atomically(path, std::as_bytes(std::span{text.data(), text.size()}));
}

}  // namespace snnbd::inline SNNBD_ISA

#pragma once

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>

#include <dirent.h>

#include <snnbd/core/error.hpp>
#include <snnbd/data/folder.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

/// By the system's own calls: a std::filesystem::directory_iterator of libstdc++ ends the program
/// where memory is lacking.
SNNBD_INLINE std::vector<std::string> names_in(const std::string& folder) {
  struct Close {
    void operator()(DIR* open) const { ::closedir(open); }
  };
  const std::unique_ptr<DIR, Close> open{::opendir(folder.c_str())};
  const auto reject_problem = [&] {
    reject(folder, "a folder that can be read",
           std::error_code{errno, std::generic_category()}.message());
  };
  if (!open) reject_problem();
  std::vector<std::string> names;
  for (errno = 0; const dirent* entry = ::readdir(open.get()); errno = 0) {
    const std::string_view name{entry->d_name};
    if (!name.starts_with('.')) names.emplace_back(name);
  }
  if (errno != 0) reject_problem();
  std::ranges::sort(names);
  return names;
}

SNNBD_INLINE std::vector<std::string> class_folders(const std::string& folder) {
  std::vector<std::string> names = names_in(folder);
  std::error_code ignored;
  for (const std::string& name : names)
    if (!std::filesystem::is_directory(std::filesystem::path{folder} / name, ignored))
      reject(folder, "folders, one for each class", "the file " + snnbd::quoted(name));
  return names;
}

SNNBD_INLINE std::string set_folder(const std::string& directory,
                                    const std::vector<std::string>& names) {
  if (directory.empty())
    reject("data (Settings::data, --data)", "the folder that holds the recordings", "none");
  std::error_code ignored;
  for (const std::string& name : names) {
    const std::filesystem::path folder = std::filesystem::path{directory} / name;
    if (std::filesystem::is_directory(folder, ignored)) return folder.string();
  }
  return directory;
}

SNNBD_INLINE std::string part_folder(const std::string& folder, Part part) {
  std::error_code ignored;
  const bool train = part == Part::train;
  for (const char* name : {train ? "Train" : "Test", train ? "train" : "test"}) {
    const std::filesystem::path path = std::filesystem::path{folder} / name;
    if (std::filesystem::is_directory(path, ignored)) return path.string();
  }
  return {};
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail

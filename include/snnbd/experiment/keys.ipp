#pragma once

#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/experiment/keys.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

SNNBD_COLD void take_folder(const std::string& path, const Key& key, bool overwrite) {
  namespace fs = std::filesystem;
  const std::string subject = "folder for results '" + path + "'";
  std::error_code problem;
  fs::create_directories(path, problem);
  if (problem || !fs::is_directory(path))
    reject(subject, "a folder that is there or can be made",
           problem ? problem.message() : std::string{"a file"});
  const std::string file = path + "/experiment.key";
  if (!overwrite && fs::exists(file, problem)) {
    constexpr std::uint64_t largest = std::uint64_t{1} << 26U;
    const std::vector<std::byte> bytes = read_file(file, largest);
    const Key there = Key::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file);
    if (there != key)
      reject(subject,
             "an empty one, or leave to replace the results in it (Settings::overwrite, "
             "--overwrite)",
             "those of another run, " + key.difference(there));
  } else if (!overwrite && fs::exists(path + "/results.json", problem)) {
    reject(subject,
           "an empty one, or leave to replace the results in it (Settings::overwrite, --overwrite)",
           "results.json of a run that left no key");
  }
  try {
    write_file_atomically(file, std::string_view{key.text()});
  } catch (const Error& error) {
    reject(subject, "a folder that can be written", error.what());
  }
}

}  // namespace snnbd::inline SNNBD_ISA::experiment

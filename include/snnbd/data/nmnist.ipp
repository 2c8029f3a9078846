#pragma once

#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/data/folder.hpp>
#include <snnbd/data/nmnist.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

SNNBD_INLINE RecordingFiles nmnist_files(Part part, const std::string& directory) {
  const std::string root = set_folder(directory, {"NMNIST", "N-MNIST", "nmnist"});
  const std::string folder = part_folder(root, part);
  if (folder.empty())
    reject(root, part == Part::train ? "a folder Train" : "a folder Test", "none");
  std::vector<std::string> digits;
  digits.reserve(NMnist::classes);
  for (int digit = 0; digit < NMnist::classes; ++digit) digits.push_back(std::to_string(digit));
  std::vector<RecordingFile> files =
      files_of_classes(folder, folder.substr(root.size() + 1) + '/', digits);
  for (const RecordingFile& file : files)
    if (!file.name.ends_with(".bin"))
      reject(root + '/' + file.name, "a file named .bin", "another");
  event::ReadOptions options;
  options.format = event::Format::atis;
  options.sensor = NMnist::sensor;
  return {root, std::move(files), options};
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail

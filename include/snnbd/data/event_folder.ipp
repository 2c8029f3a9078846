#pragma once

#include <snnbd/core/error.hpp>
#include <snnbd/data/event_folder.hpp>
#include <snnbd/data/folder.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

SNNBD_INLINE EventFolderContent event_folder(Part part, const std::string& directory,
                                             event::Sensor sensor, int classes,
                                             event::Convention convention) {
  const std::string root = set_folder(directory, {});
  const std::string folder = part_folder(root, part);
  if (folder.empty())
    reject(root, part == Part::train ? "a folder train" : "a folder test", "none");
  std::vector<std::string> names = class_folders(folder);
  if (names.size() != static_cast<std::size_t>(classes))
    reject(folder, std::to_string(classes) + " folders, one for each class", names.size());
  // Labels are places among the names: the same names, or a label means two things.
  const std::string other = part_folder(root, part == Part::train ? Part::test : Part::train);
  if (!other.empty() && class_folders(other) != names)
    reject(root, "folders of the same names in both parts", "others");
  event::ReadOptions options;
  options.sensor = sensor;
  options.convention = convention;
  auto files = files_of_classes(folder, folder.substr(root.size() + 1) + '/', names);
  return {std::move(names), RecordingFiles{root, std::move(files), options}};
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail

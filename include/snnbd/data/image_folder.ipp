#pragma once

#include <filesystem>
#include <system_error>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/data/folder.hpp>
#include <snnbd/data/image_folder.hpp>
#include <snnbd/format/image.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

inline bool is_image_name(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& letter : ending)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

/// Appends the images of one class.
inline void append_class(const SetLimits& limits, const ImageFolderOptions& options,
                         const std::filesystem::path& folder, int label,
                         ImageFolderContent& content) {
  const auto [height, width, channels] = limits.shape;
  const std::size_t before = content.labels.size();
  for (const std::string& name : names_in(folder.string())) {
    const std::string path = (folder / name).string();
    if (!is_image_name(name)) reject(path, "a file named .png, .jpg or .jpeg", "another");
    image::Pixels pixels = image::read(path, channels);
    if (pixels.height != height || pixels.width != width) {
      if (!options.resize)
        reject(path,
               "an image of " + std::to_string(height) + 'x' + std::to_string(width) +
                   " pixels (ImageFolderOptions::resize scales others)",
               std::to_string(pixels.height) + 'x' + std::to_string(pixels.width));
      pixels = image::resize(pixels, height, width);
    }
    content.pixels.insert(content.pixels.end(), pixels.values.begin(), pixels.values.end());
    content.labels.push_back(label);
  }
  if (content.labels.size() == before) reject(folder.string(), "at least one image", "none");
}

SNNBD_INLINE ImageFolderContent read_image_folder(const SetLimits& limits,
                                                  const ImageFolderOptions& options, Part part,
                                                  const std::string& directory) {
  if (directory.empty())
    reject("data (Settings::data, --data)", "the folder that holds train/ and test/", "none");
  const std::filesystem::path root{directory};
  const std::filesystem::path folder = root / (part == Part::train ? "train" : "test");
  const std::filesystem::path other = root / (part == Part::train ? "test" : "train");
  return read_within_memory(folder.string(), [&] {
    ImageFolderContent content;
    content.source = folder.string();
    content.class_names = class_folders(folder.string());
    if (content.class_names.size() != static_cast<std::size_t>(limits.classes))
      reject(content.source, std::to_string(limits.classes) + " folders, one for each class",
             content.class_names.size());
    // Labels are places among the names: the same names, or a label means two things.
    std::error_code ignored;
    if (std::filesystem::is_directory(other, ignored) &&
        class_folders(other.string()) != content.class_names)
      reject(directory, "folders of the same names in train/ and test/", "others");
    for (int label = 0; label < limits.classes; ++label)
      append_class(limits, options, folder / content.class_names[static_cast<std::size_t>(label)],
                   label, content);
    return content;
  });
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail

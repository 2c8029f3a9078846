#pragma once

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/cifar10.hpp>

namespace snnbd::inline SNNBD_ISA::data {

struct Cifar10::Content {
  std::vector<std::uint8_t> pixels;  ///< [image, row, column, channel]
  std::vector<std::uint8_t> labels;
  std::string source;
  std::uint32_t checksum = 0;

  /// Appends the records of a file: a label, then the planes of red, green and blue.
  void append(const std::string& path) {
    constexpr auto image_size = static_cast<std::size_t>(shape.size());
    constexpr auto plane = static_cast<std::size_t>(shape.pixels());
    constexpr auto channels = static_cast<std::size_t>(shape.channels);
    constexpr std::size_t record_size = 1 + image_size;
    const std::vector<std::byte> file = read_file(path, largest_cifar_file);
    if (file.empty() || file.size() % record_size != 0)
      reject(path, "whole records of " + std::to_string(record_size) + " bytes, at least one",
             std::to_string(file.size()) + " bytes");
    const std::span bytes{reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
    checksum = crc32(bytes, checksum);

    const std::size_t records = bytes.size() / record_size;
    const std::size_t images_before = labels.size();
    labels.resize(images_before + records);
    pixels.resize(labels.size() * image_size);
    for (std::size_t record = 0; record < records; ++record) {
      const std::uint8_t* from = bytes.data() + record * record_size;
      if (*from >= classes)
        reject(path + ", record " + std::to_string(record + 1) + " of " + std::to_string(records),
               "a label from 0 to 9", static_cast<unsigned>(*from));
      labels[images_before + record] = *from++;
      std::uint8_t* to = pixels.data() + (images_before + record) * image_size;
      for (std::size_t pixel = 0; pixel < plane; ++pixel)
        for (std::size_t channel = 0; channel < channels; ++channel)
          *to++ = from[channel * plane + pixel];
    }
  }
};

namespace detail {

/// The names of the files that a part may consist of.
inline std::vector<std::string> cifar_files(Part part) {
  if (part == Part::test) return {"test_batch.bin"};
  return {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
          "data_batch_5.bin"};
}

/// Those of `names` that are in `folder`.
inline std::vector<std::string> files_there(const std::filesystem::path& folder,
                                            const std::vector<std::string>& names) {
  std::vector<std::string> there;
  std::error_code ignored;
  for (const std::string& name : names)
    if (std::filesystem::exists(folder / name, ignored)) there.push_back(name);
  return there;
}

/// `a1b`, `a2b` become `a{1,2}b`: names that are alike but for the character before their ending.
inline std::string join_numbered(const std::vector<std::string>& names) {
  if (names.size() == 1) return names.front();
  const std::size_t dot = names.front().rfind('.');
  std::string numbers;
  for (const std::string& name : names)
    numbers.append(numbers.empty() ? "" : ",").append(1, name[dot - 1]);
  return names.front().substr(0, dot - 1) + '{' + numbers + '}' + names.front().substr(dot);
}

}  // namespace detail

SNNBD_INLINE Cifar10::Cifar10(Part part, const std::string& directory) {
  if (directory.empty())
    reject(
        "data (Settings::data, --data)",
        "the folder that holds cifar-10-batches-bin/, as CIFAR-10 does not come with the library",
        "none");
  const std::filesystem::path root{directory};
  const std::vector<std::string> names = detail::cifar_files(part);
  std::filesystem::path folder;
  std::vector<std::string> there;
  for (const auto& candidate : {root / "cifar-10-batches-bin", root}) {
    folder = candidate;
    there = detail::files_there(folder, names);
    if (!there.empty()) break;
  }
  if (there.empty())
    reject(directory,
           "cifar-10-batches-bin/" +
               (names.size() == 1 ? names.front()
                                  : "data_batch_1.bin to data_batch_5.bin, at least one of them"),
           "no such file");

  auto content = std::make_shared<Content>();
  for (const std::string& file : there) {
    const std::string path = (folder / file).string();
    read_within_memory(path, [&] { content->append(path); });
  }
  content->source = (folder / detail::join_numbered(there)).string();
  content_ = std::move(content);
}

SNNBD_INLINE std::size_t Cifar10::size() const {
  return content_->labels.size();
}

SNNBD_INLINE int Cifar10::label(std::size_t index) const {
  check_index(name, index, size());
  return content_->labels[index];
}

SNNBD_INLINE void Cifar10::read(std::size_t index, std::span<float> image) const {
  constexpr auto image_size = static_cast<std::size_t>(shape.size());
  check_index(name, index, size());
  check_image_size(name, image.size(), image_size);
  const std::uint8_t* first = content_->pixels.data() + index * image_size;
  std::transform(first, first + image_size, image.begin(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; });
}

SNNBD_INLINE std::uint32_t Cifar10::checksum() const {
  return content_->checksum;
}

SNNBD_INLINE const std::string& Cifar10::source() const {
  return content_->source;
}

}  // namespace snnbd::inline SNNBD_ISA::data

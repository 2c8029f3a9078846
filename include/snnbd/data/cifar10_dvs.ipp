#pragma once

#include <algorithm>
#include <numeric>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/data/cifar10_dvs.hpp>
#include <snnbd/data/folder.hpp>
#include <snnbd/data/shuffle.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

inline const char* name_of(Cifar10DvsSplit split) {
  switch (split) {
    case Cifar10DvsSplit::first_hundred_test:
      return "first_hundred_test";
    case Cifar10DvsSplit::random:
      return "random";
    default:
      return "last_tenth";
  }
}

SNNBD_INLINE std::vector<std::size_t> cifar10_dvs_split(std::size_t files, int label, Part part,
                                                        const Cifar10DvsOptions& options) {
  std::vector<std::size_t> order(files);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::size_t tested = files - files * 9 / 10;
  if (options.split == Cifar10DvsSplit::first_hundred_test) {
    tested = std::min<std::size_t>(files, 100);
    std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(tested), order.end());
  } else if (options.split == Cifar10DvsSplit::random) {
    random::Stream stream{options.seed, random::Purpose::split, static_cast<std::uint64_t>(label)};
    shuffle(order, stream);
  }
  // Those for testing stand at the end.
  const auto middle = order.end() - static_cast<std::ptrdiff_t>(tested);
  std::vector<std::size_t> chosen(part == Part::train ? order.begin() : middle,
                                  part == Part::train ? middle : order.end());
  std::ranges::sort(chosen);
  return chosen;
}

SNNBD_INLINE RecordingFiles cifar10_dvs_files(Part part, const std::string& directory,
                                              const Cifar10DvsOptions& options) {
  const std::vector<std::string> names{"airplane", "automobile", "bird",  "cat",  "deer",
                                       "dog",      "frog",       "horse", "ship", "truck"};
  const std::string root = set_folder(directory, {"CIFAR10DVS", "CIFAR10-DVS", "cifar10-dvs"});
  const std::vector<RecordingFile> all = files_of_classes(root, {}, names);
  std::vector<RecordingFile> files;
  for (auto first = all.begin(); first != all.end();) {
    const int label = first->label;
    const auto end = std::find_if(first, all.end(),
                                  [&](const RecordingFile& file) { return file.label != label; });
    const auto chosen =
        cifar10_dvs_split(static_cast<std::size_t>(end - first), label, part, options);
    if (chosen.empty())
      reject(root + '/' + names[static_cast<std::size_t>(label)],
             "enough recordings for both parts of the split", end - first);
    for (const std::size_t index : chosen)
      files.push_back(first[static_cast<std::ptrdiff_t>(index)]);
    first = end;
  }
  event::ReadOptions reading;
  reading.sensor = {128, 128};
  reading.convention = options.convention;
  Key facts;
  facts.add("split", std::string{name_of(options.split)});
  if (options.split == Cifar10DvsSplit::random) facts.add("split_seed", options.seed);
  return {root, std::move(files), reading, facts};
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail

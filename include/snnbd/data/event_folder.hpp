#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/data/dataset.hpp>
#include <snnbd/data/recording_files.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/event/options.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail {

/// One part of a folder of recordings.
struct EventFolderContent {
  std::vector<std::string> class_names;
  RecordingFiles files;
};

EventFolderContent event_folder(Part part, const std::string& directory, event::Sensor sensor,
                                int classes, event::Convention convention);

}  // namespace detail

/// Recordings in one folder for each class: `DIR/train/CLASS/FILE` and `DIR/test/CLASS/FILE`, or
/// `Train` and `Test`, of any format that `event::open` knows. Classes are numbered in the order of
/// their names, recordings come in the order of their classes and of the names of their files, byte
/// by byte. Files and folders whose names begin with a dot are left out.
///
/// ```cpp
/// using Objects = data::EventFolder<event::Sensor{128, 128}, 5>;
/// const data::EventFrames<Objects, 16> train{data::Part::train, "objects"};
/// train.recordings().class_names()[0];  // "box"
/// ```
///
/// @tparam Size of the sensor; events outside of it are left out and counted
/// @tparam Classes the number of folders
/// @tparam Orientation of formats about which toolkits differ
template <event::Sensor Size, int Classes,
          event::Convention Orientation = event::Convention::canonical>
class EventFolder : public detail::FileRecordings {
  static_assert(Size.width >= 1 && Size.height >= 1 && Size.width <= 65'536 &&
                    Size.height <= 65'536,
                "snnbd: the sensor of a folder of recordings has 1 to 65,536 columns and rows");

 public:
  static constexpr event::Sensor sensor = Size;
  static constexpr int classes = Classes;
  static constexpr std::string_view name = "event_folder";

  /// @param directory holds the folders of the parts
  /// @throws Error if a part is missing, has more or fewer classes, or other ones than the other
  ///   part; or if a class has no recording
  EventFolder(Part part, const std::string& directory)
      : EventFolder{detail::event_folder(part, directory, Size, Classes, Orientation)} {}

  /// The names of the folders, by label.
  [[nodiscard]] const std::vector<std::string>& class_names() const { return *class_names_; }

 private:
  explicit EventFolder(detail::EventFolderContent content)
      : FileRecordings{name, std::move(content.files)},
        class_names_{
            std::make_shared<const std::vector<std::string>>(std::move(content.class_names))} {}

  std::shared_ptr<const std::vector<std::string>> class_names_;
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/event_folder.ipp>
#endif

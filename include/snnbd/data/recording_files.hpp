#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/key.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/event/options.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

/// One recording, or a part of one.
struct RecordingFile {
  std::string name;  ///< below the folder of the set
  int label = 0;
  std::int64_t start = 0;   ///< of the part in microseconds, itself in it
  std::int64_t finish = 0;  ///< of the part, itself not in it; as `start` for the whole file

  [[nodiscard]] bool is_whole() const { return start == finish; }
};

/// Labelled files of events. Copies share the list; a file is read when it is asked for.
class RecordingFiles {
 public:
  /// @param root the folder that names are below
  /// @param options whose sensor is that of the set: events outside of it are left out and counted
  /// @param facts what the set tells of itself besides
  /// @throws Error if there are no files
  RecordingFiles(std::string root, std::vector<RecordingFile> files,
                 const event::ReadOptions& options, const Key& facts = {});

  [[nodiscard]] std::size_t size() const { return content_->files.size(); }
  [[nodiscard]] int label(std::size_t index) const { return content_->files[index].label; }
  [[nodiscard]] const std::string& root() const { return content_->root; }
  [[nodiscard]] const std::string& name(std::size_t index) const {
    return content_->files[index].name;
  }

  /// One recording. Of a part, the file is passed through a block at a time.
  ///
  /// @throws Error if the file cannot be read, or is damaged
  [[nodiscard]] event::Recording recording(std::size_t index) const;

  /// Which bytes the files are: their number, and checksums of their names, sizes, times of change,
  /// and the first and the last 64 KB of each; how they are read, and which parts of them.
  [[nodiscard]] std::string identity() const;

  /// How many files there are, how they are oriented, and what the set told.
  [[nodiscard]] Key facts() const;

 private:
  struct Content {
    std::string root;
    std::vector<RecordingFile> files;
    event::ReadOptions options;
    Key facts;
  };
  [[nodiscard]] std::string path(std::size_t index) const;

  std::shared_ptr<const Content> content_;
};

/// What sets of recordings in files have in common: the members of `data::Recordings`.
class FileRecordings {
 public:
  [[nodiscard]] std::size_t size() const { return files_.size(); }

  /// @throws Error if there is no such recording
  [[nodiscard]] int label(std::size_t index) const {
    check_index(name_, index, size());
    return files_.label(index);
  }

  /// The events of one recording, in the order of the file.
  ///
  /// @throws Error if there is no such recording, or its file is damaged
  [[nodiscard]] std::vector<event::Event> events(std::size_t index) const {
    return recording(index).events;
  }

  /// The same with what was met in it.
  [[nodiscard]] event::Recording recording(std::size_t index) const {
    check_index(name_, index, size());
    return files_.recording(index);
  }

  /// The name of a recording's file, below the folder of the set.
  ///
  /// @throws Error if there is no such recording
  [[nodiscard]] const std::string& file(std::size_t index) const {
    check_index(name_, index, size());
    return files_.name(index);
  }

  /// The folder of the set.
  [[nodiscard]] const std::string& source() const { return files_.root(); }

  /// Tells these files from others, and from the same ones once they were changed: by their names,
  /// sizes and times of change, and by what the first and last 64 KB of each hold.
  [[nodiscard]] std::string identity() const { return files_.identity(); }

  /// For a manifest.
  [[nodiscard]] Key facts() const { return files_.facts(); }

 protected:
  FileRecordings(std::string_view name, RecordingFiles files)
      : name_{name}, files_{std::move(files)} {}

 private:
  std::string_view name_;  ///< of the type, which is there for as long as the program
  RecordingFiles files_;
};

/// The files of folders, one for each class, whose places in `names` are the labels.
///
/// @param folder of the part
/// @param prefix of names, so that they are below the folder of the set
/// @throws Error if a folder is missing or has no file
std::vector<RecordingFile> files_of_classes(const std::string& folder, const std::string& prefix,
                                            const std::vector<std::string>& names);

}  // namespace snnbd::inline SNNBD_ISA::data::detail

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/recording_files.ipp>
#endif

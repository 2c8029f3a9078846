#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/data/dataset.hpp>
#include <snnbd/data/recording_files.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Which rows of the label files are samples. There are twelve in each, two of them of class 8.
enum class GestureRows {
  twelve,  ///< all: 1,176 samples to learn from and 288 to test with, as SpikingJelly counts
  eleven   ///< the first of each label in the order of the file: 1,078 and 264, as the paper counts
};

inline constexpr GestureRows rows_twelve = GestureRows::twelve;
inline constexpr GestureRows labels_eleven = GestureRows::eleven;

/// Which recordings are in which part.
enum class GestureTrials {
  listed,  ///< as `trials_to_train.txt` and `trials_to_test.txt` say
  all      ///< all of the folder in both parts, for a few recordings of one's own: figures on them
           ///< say that a program runs, and nothing more
};

namespace detail {

/// One row of a label file.
struct GestureRow {
  int label = 0;            ///< from 0
  std::int64_t start = 0;   ///< in microseconds, itself in the sample
  std::int64_t finish = 0;  ///< itself not in it

  friend bool operator==(const GestureRow&, const GestureRow&) = default;
};

/// The rows of a label file, in their order: they may overlap, and labels may be there twice.
///
/// @param text of the file
/// @param subject what errors name
/// @throws Error if a line is no row, a class is not from 1 to 11, or a time is not before the
/// other
std::vector<GestureRow> parse_gesture_rows(std::string_view text, const std::string& subject);

/// Those that are samples.
std::vector<GestureRow> choose_gesture_rows(const std::vector<GestureRow>& rows, GestureRows which);

RecordingFiles gesture_files(Part part, const std::string& directory, GestureRows rows,
                             GestureTrials trials);

}  // namespace detail

/// Eleven gestures of 29 people in front of a DVS128 (Amir et al. 2017), cut from recordings of
/// some minutes as their label files say: a sample is the events with start <= t < end. Recordings
/// are passed through a block at a time, and only a sample's own events stay.
///
/// Each time that a sample is asked for, its recording is read to the end. `EventFrames` therefore
/// keeps frames in memory, and on disk if `SNNBD_CACHE` names a folder.
///
/// ```cpp
/// using Set = data::EventFrames<data::Dvs128Gesture<data::labels_eleven>, 16>;
/// ```
///
/// @tparam Rows which rows of the label files are samples
/// @tparam Trials which recordings are in which part
template <GestureRows Rows = rows_twelve, GestureTrials Trials = GestureTrials::listed>
class Dvs128Gesture : public detail::FileRecordings {
 public:
  static constexpr event::Sensor sensor{128, 128};
  static constexpr int classes = 11;
  static constexpr std::string_view name = "dvs128_gesture";

  /// @param directory holds `DvsGesture/` with `userNN_LIGHT.aedat`, `userNN_LIGHT_labels.csv` and
  ///   the two lists of trials, or holds these files itself. Samples come in the order of the
  ///   recordings' names, byte by byte, and of the rows
  /// @throws Error if a file is missing or a label file is malformed
  explicit Dvs128Gesture(Part part, const std::string& directory)
      : FileRecordings{name, detail::gesture_files(part, directory, Rows, Trials)} {}
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/dvs128_gesture.ipp>
#endif

#pragma once

#include <string>
#include <string_view>

#include <snnbd/data/dataset.hpp>
#include <snnbd/data/recording_files.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail {
RecordingFiles nmnist_files(Part part, const std::string& directory);
}

/// Handwritten digits in front of an event camera that moves in three saccades, 300 ms each
/// (Orchard et al. 2015): 60,000 recordings to learn from and 10,000 to test with, of 34 x 34
/// pixels.
///
/// ```cpp
/// const data::EventFrames<data::NMnist, 10> digits{data::Part::train, "downloads"};
/// ```
class NMnist : public detail::FileRecordings {
 public:
  static constexpr event::Sensor sensor{34, 34};
  static constexpr int classes = 10;
  static constexpr std::string_view name = "nmnist";

  /// @param directory holds `NMNIST/Train/0/*.bin` to `NMNIST/Test/9/*.bin`, or these folders
  ///   without `NMNIST/`. Recordings come digit by digit, sorted by name byte by byte
  /// @throws Error if a folder is missing or has no recording, or another file
  explicit NMnist(Part part, const std::string& directory)
      : FileRecordings{name, detail::nmnist_files(part, directory)} {}
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/nmnist.ipp>
#endif

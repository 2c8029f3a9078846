#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/data/dataset.hpp>
#include <snnbd/data/recording_files.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/event/options.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Which recordings of each class of CIFAR10-DVS are for testing, which has no official split. All
/// go by the names of the files, sorted byte by byte.
enum class Cifar10DvsSplit {
  last_tenth,          ///< the last tenth, as Sneaky Spikes (Abad et al. 2024) has it
  first_hundred_test,  ///< the first hundred, as TEBN (Duan et al. 2022) and many others have it
  random               ///< a tenth drawn by a seed
};

namespace detail {

struct Cifar10DvsOptions {
  Cifar10DvsSplit split = Cifar10DvsSplit::last_tenth;
  std::uint64_t seed = 1;
  event::Convention convention = event::Convention::canonical;
};

/// Which of the files of one class, in their order, are in a part.
///
/// @param label of the class, for a draw of its own
std::vector<std::size_t> cifar10_dvs_split(std::size_t files, int label, Part part,
                                           const Cifar10DvsOptions& options);

RecordingFiles cifar10_dvs_files(Part part, const std::string& directory,
                                 const Cifar10DvsOptions& options);

}  // namespace detail

/// CIFAR-10's images on a screen in front of a DVS128 (Li et al. 2017): 1,000 recordings of each of
/// ten classes, 128 x 128 pixels. There is no official split, and figures of two splits cannot be
/// compared.
///
/// ```cpp
/// using Set = data::EventFrames<data::Cifar10Dvs<>, 10, event::ByNumber, event::Counts,
///                               event::With<event::Downsample{.width = 48, .height = 48}>>;
/// ```
///
/// @tparam Split which recordings are for testing
/// @tparam Seed of the random split
/// @tparam Orientation canonical, or as a toolkit has it
template <Cifar10DvsSplit Split = Cifar10DvsSplit::last_tenth, std::uint64_t Seed = 1,
          event::Convention Orientation = event::Convention::canonical>
class Cifar10Dvs : public detail::FileRecordings {
 public:
  static constexpr event::Sensor sensor{128, 128};
  static constexpr int classes = 10;
  static constexpr std::string_view name = "cifar10_dvs";

  /// @param directory holds `CIFAR10DVS/airplane/*.aedat` to `CIFAR10DVS/truck/*.aedat`, or these
  ///   folders without `CIFAR10DVS/`; files may be AEDAT 4 as well
  /// @throws Error if a folder is missing, or has too few recordings for the split
  explicit Cifar10Dvs(Part part, const std::string& directory)
      : FileRecordings{name,
                       detail::cifar10_dvs_files(part, directory, {Split, Seed, Orientation})} {}
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/cifar10_dvs.ipp>
#endif

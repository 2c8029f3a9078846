#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/detect/class_outlier.hpp>
#include <snnbd/detect/look.hpp>
#include <snnbd/statistics/mahalanobis.hpp>
#include <snnbd/statistics/robust.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

/// What samples are judged by.
enum class SpikeEvidence {
  both,     ///< the mean of the two, each in deviations of clean samples
  voltage,  ///< the cumulative voltage alone
  trains,   ///< the spike trains alone
};

/// How far two spike trains are apart.
enum class TrainDistance { van_rossum, victor_purpura };

class FittedSpikeStatistics;

/// The paper's own detector (Sec. 5.2.1, Fig. 11), completed: the cumulative voltage and the spike
/// trains of the last layer of neurons, where clean and triggered samples that are given the same
/// class do not look the same. It needs no clean network; `ReferenceComparison` has one.
///
/// A sample's two figures, with c the class that the network gives it:
/// - voltage: its Mahalanobis distance from the clean samples of c, with one covariance for all
///   classes, shrunk after Ledoit and Wolf;
/// - trains: the mean distance of its spike trains from those of the `neighbours` nearest clean
///   samples of c, all units together (the root of the sum of squares).
///
/// The trains of some classes differ more among themselves than those of others. So each distance
/// is divided by what is usual in the class, the median of clean samples, and put in robust
/// deviations of all clean samples; for both, half of the clean samples are measured against the
/// other half. The score is the mean of the two. They err on different samples: the first sees
/// which units were driven how far, also below the threshold; the second when they fired.
///
/// Of a network it asks whether one class lies oddly between the others, as a backdoor must make
/// room for the triggered samples in the target class. For each class, the distances of the clean
/// samples of the others from its mean, in deviations within classes, are averaged. The score is
/// how far the oddest class is from the rest, each class left out in turn, and the threshold that
/// of classes which differ at random. A class that is odd by nature is flagged, too.
struct SpikeStatistics {
  static constexpr std::string_view name = "spike_statistics";
  std::optional<int> place{};  ///< of the layer; the last one if empty
  SpikeEvidence by = SpikeEvidence::both;
  std::optional<double> shrinkage{};  ///< of the covariance, 0 to 1; empty for Ledoit and Wolf's
  TrainDistance distance = TrainDistance::van_rossum;
  double tau = 10.0;           ///< of van Rossum's distance, in steps
  double cost = 0.5;           ///< of Victor and Purpura's, of moving a spike by a step
  std::size_t neighbours = 1;  ///< clean samples that a distance is the mean of
  std::size_t examples = 200;  ///< clean samples of each class whose trains are kept, at most
  double judged_rate = 0.05;   ///< harmless networks that `judge` flags

  void check() const;

  /// @throws Error if a setting is out of range or there are fewer than four clean samples of a
  ///   class
  [[nodiscard]] FittedSpikeStatistics fit(const NetworkProbe& suspect,
                                          const defend::Evidence& evidence) const;

  /// @throws Error as `fit`, or for fewer than three classes
  [[nodiscard]] defend::Verdict judge(const NetworkProbe& suspect,
                                      const defend::Evidence& evidence) const;
};

/// What `SpikeStatistics` has learned from clean samples.
class FittedSpikeStatistics {
 public:
  FittedSpikeStatistics(const SpikeStatistics& settings, const NetworkProbe& suspect,
                        const defend::Evidence& evidence);

  /// By what the settings say, in deviations of clean samples.
  [[nodiscard]] std::vector<double> scores(data::DatasetView set) const;

  /// Mahalanobis distances of the cumulative voltage from the predicted class.
  ///
  /// @throws Error if the settings say to judge by trains alone
  [[nodiscard]] std::vector<double> voltage_distances(data::DatasetView set) const;

  /// Distances of the spike trains from the nearest ones of the predicted class.
  ///
  /// @throws Error if the settings say to judge by voltage alone
  [[nodiscard]] std::vector<double> train_distances(data::DatasetView set) const;

 private:
  /// Spike trains of clean samples of a class.
  struct Trains {
    statistics::Matrix points{};                         ///< of van Rossum's distance
    std::vector<std::vector<std::vector<int>>> steps{};  ///< of the other, [sample][unit]
  };

  /// What is known from some clean samples.
  struct Known {
    std::optional<statistics::Mahalanobis> voltage{};
    std::vector<Trains> trains{};  ///< of each class
  };

  /// Of some samples, with the classes that they are given; those that are not asked for are empty.
  struct Distances {
    std::vector<int> labels;
    std::vector<double> voltage{};
    std::vector<double> trains{};
  };

  /// What is usual of a distance.
  struct Scale {
    std::vector<double> medians{};  ///< of each class
    statistics::RobustSpread spread{};

    Scale() = default;
    Scale(const std::vector<double>& distances, const std::vector<int>& labels, int classes);
    [[nodiscard]] double deviations(double distance, int label) const;
  };

  [[nodiscard]] bool sees(SpikeEvidence which) const;
  [[nodiscard]] Known learn(data::DatasetView clean) const;
  [[nodiscard]] Trains trains_of(data::DatasetView set) const;
  [[nodiscard]] Distances distances(const Known& known, data::DatasetView set,
                                    SpikeEvidence which) const;
  void measure_trains(const Known& known, data::DatasetView set, Distances& result) const;

  SpikeStatistics settings_;
  const NetworkProbe& suspect_;
  int place_;
  std::optional<Known> known_;
  Scale voltage_;
  Scale trains_;
};

inline FittedSpikeStatistics SpikeStatistics::fit(const NetworkProbe& suspect,
                                                  const defend::Evidence& evidence) const {
  return {*this, suspect, evidence};
}

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/spike_statistics.ipp>
#endif

#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/detect/look.hpp>
#include <snnbd/statistics/gram.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

class FittedBeatrix;

/// Beatrix (Ma et al. 2023): how the channels of a layer go together. The Gram features of firing
/// rates, of several orders, of each class have bounds made from clean samples, the median -+ 10
/// MAD; a sample's score is how far its features are outside of those of the class that the network
/// gives it.
///
/// In a spiking network, triggered samples may have the rates of clean ones at other times. With
/// `bins` above 1 each channel counts once for each part of the sequence, so that the features tell
/// how channels of one part go with those of another, too.
///
/// Of a network it asks, for each class, how deviant the training samples with that label are. The
/// score is how many deviations (1.4826 MAD) the most deviant class is above the median; the
/// authors flag those above e^2.
struct Beatrix {
  static constexpr std::string_view name = "beatrix";
  std::optional<int> place{};  ///< of the layer; the last one if empty
  int bins = 1;                ///< parts of the sequence; at most as many as steps
  int orders = 8;              ///< of the Gram features, 1 to 16
  double width = 10.0;         ///< of the bounds, in MAD on either side
  double floor = 0.05;         ///< added to the size of a bound; the authors' 1e-6 is for real
                               ///< activations, which are hardly ever 0
  std::size_t examples = 200;  ///< of each class, clean ones and training samples, at most
  double threshold = 7.38905609893065;  ///< of a network's score: e^2

  void check() const;

  /// @throws Error if a setting is out of range or there are too few clean samples of a class
  [[nodiscard]] FittedBeatrix fit(const NetworkProbe& suspect,
                                  const defend::Evidence& evidence) const;

  /// @throws Error as `fit`, or if there is no training set
  [[nodiscard]] defend::Verdict judge(const NetworkProbe& suspect,
                                      const defend::Evidence& evidence) const;
};

/// What Beatrix has learned from clean samples.
class FittedBeatrix {
 public:
  FittedBeatrix(const Beatrix& settings, const NetworkProbe& suspect,
                const defend::Evidence& evidence);

  /// The deviation of each sample from the class that the network gives it.
  [[nodiscard]] std::vector<double> scores(data::DatasetView set) const;

  /// The same from the class that is its label.
  [[nodiscard]] std::vector<double> deviations_from_label(data::DatasetView set) const;

 private:
  [[nodiscard]] statistics::Matrix maps_of(data::DatasetView set) const;
  [[nodiscard]] std::vector<double> deviations(data::DatasetView set,
                                               const std::vector<int>& labels) const;

  Beatrix settings_;
  const NetworkProbe& suspect_;
  int place_;
  std::vector<statistics::GramBounds> bounds_;  ///< of each class
};

inline FittedBeatrix Beatrix::fit(const NetworkProbe& suspect,
                                  const defend::Evidence& evidence) const {
  return {*this, suspect, evidence};
}

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/beatrix.ipp>
#endif

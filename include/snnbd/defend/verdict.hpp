#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::defend {

/// A trigger that a detector found by searching: x becomes (1 - mask) x + mask pattern.
struct InvertedTrigger {
  int label = 0;               ///< the class that it leads to
  Shape shape{};               ///< of one frame
  int frames = 1;              ///< 1 for a pattern that is the same in all frames
  std::vector<float> mask;     ///< [height, width], 0 to 1
  std::vector<float> pattern;  ///< [frame, height, width, channel]
  double success = 0.0;        ///< share of clean samples that it leads there
};

/// What a detector says of a network.
struct Verdict {
  double score = 0.0;              ///< larger is more suspicious
  double threshold = 0.0;          ///< above it the network is called backdoored
  std::optional<int> target{};     ///< the class that the trigger leads to, if it says so
  std::vector<double> by_class{};  ///< what the score was made from, if it looks at each class
  std::vector<InvertedTrigger> triggers{};                ///< one for each class searched
  std::vector<std::pair<std::string, double>> figures{};  ///< whatever else it found, for reports

  [[nodiscard]] bool flagged() const { return score > threshold; }
};

/// What a detector says of the samples of a training set.
struct Suspicion {
  std::vector<double> scores;  ///< one for each sample; larger is more suspicious
  std::vector<bool> flagged;   ///< those that it would remove
};

}  // namespace snnbd::inline SNNBD_ISA::defend

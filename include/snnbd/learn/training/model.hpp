#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <snnbd/core/key.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/learn/training/train_state.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

struct ConversionRecord;

/// The wall time of what led to a model, in seconds.
struct StageSeconds {
  double training = 0.0;    ///< from scratch: of a converted network, that of the artificial one
  double conversion = 0.0;  ///< finding the thresholds
  double tuning = 0.0;      ///< training what was converted
  double repair = 0.0;      ///< with the measuring along its way
};

/// What is known of a model besides what it does.
struct Facts {
  std::string rule;        ///< the learning rule: `LR_B`, `LR_C`, `LR_H`, `ANN`
  std::string neuron;      ///< kind of its neurons
  std::string normalizer;  ///< empty if it was not converted
  std::string repair{};    ///< by which it was repaired; empty if it was not
  /// Which of several steps were poisoned, or what sets models of an attack apart; else empty.
  std::string combination;
  bool poisoned = false;  ///< whether any step that led to it saw poison
  bool calibrated_on_poison = false;
  StageSeconds seconds{};
  std::vector<double> thresholds{};         ///< of a converted network's layers
  std::optional<EpochRecord> last_epoch{};  ///< of its training
  std::vector<std::string> warnings{};      ///< sentences
  std::optional<std::size_t> origin{};      ///< number of the model that it came from
  /// What decides it beside data, encoding, network and settings, which whoever takes the model
  /// adds. What begins with `poison.` is what a clean control does without.
  Key key{};
};

/// Stands for the network that a model came from if it came from none.
struct NoOrigin {};

/// A network that a rule has come to. It looks at the networks and must not outlive them.
///
/// @tparam Source the network that it came from
template <class Network, class Encoder, class Source = NoOrigin>
struct Model {
  using Net = Network;
  using Encoding = Encoder;
  using Origin = Source;

  const Net& net;
  const Encoding& encoding;        ///< how it sees samples
  std::vector<Index> step_counts;  ///< after which it is measured, ascending; the last is its whole
                                   ///< sequence
  Facts facts;
  const Origin* origin = nullptr;                ///< the network that it came from, if there is one
  const ConversionRecord* conversion = nullptr;  ///< of a network that was converted
};

}  // namespace snnbd::inline SNNBD_ISA::learn

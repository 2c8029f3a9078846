#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include <snnbd/data/dataset_view.hpp>
#include <snnbd/network/probe.hpp>

/// What a defender knows, and what detectors and repairs say. Nothing here knows of the attack.
namespace snnbd::inline SNNBD_ISA::defend {

/// What a defender has besides the network. It looks at all of it and must not outlive it.
struct Evidence {
  /// Clean samples with their true labels, which were neither trained on nor are tested on.
  data::DatasetView clean;
  /// What the network was trained on, with the labels that it was given; empty if that is not
  /// there. Which of its samples are poisoned is the question: a detector may not ask the set.
  std::optional<data::DatasetView> training{};
  /// A network for the same task that is known to be clean; null if there is none.
  const NetworkProbe* reference = nullptr;
  /// Samples that are in memory at a time.
  Index batch_size = 64;
  /// Shows progress, if it takes more than a moment; given a title and the number of samples. May
  /// be empty.
  std::function<NetworkView::Observer(const std::string&, std::size_t)> watch{};

  [[nodiscard]] NetworkView::Observer observe(const std::string& title, std::size_t samples) const {
    return watch ? watch(title, samples) : NetworkView::Observer{};
  }
};

/// A network that is to be repaired, with what is known of it. It looks at the network.
///
/// @tparam Source the network that it was converted from, or `learn::NoOrigin`
template <class Network, class Encoder, class Source>
struct Subject {
  using Net = Network;
  using Encoding = Encoder;
  using Origin = Source;

  const Net& net;
  const Encoding& encoding;        ///< how it sees samples
  Index steps;                     ///< of its sequences
  const Origin* origin = nullptr;  ///< the network that it was converted from, if there is one
};

}  // namespace snnbd::inline SNNBD_ISA::defend

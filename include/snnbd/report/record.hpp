#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/metric/interval.hpp>
#include <snnbd/report/fields.hpp>
#include <snnbd/report/manifest.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// One measured cell of an experiment: one model after one number of steps. Figures that were not
/// measured stay empty and are written as null.
struct Cell {
  std::string rule;  ///< the learning rule: `LR_B`, `LR_C`, `LR_H`, `ANN`
  std::string dataset;
  std::string model;
  std::string neuron;
  std::string normalizer;   ///< empty if the network was not converted
  std::string combination;  ///< poisoned steps of hybrid learning, or what an attack did
  std::optional<std::ptrdiff_t> timesteps;  ///< after which it was measured
  double poisoning_rate = 0.0;              ///< a share from 0 to 1, 0 for a clean control
  std::optional<int> target;                ///< empty if the attack has no single target
  std::string trigger;
  std::optional<metric::Rate> acc;                   ///< accuracy on clean samples
  std::optional<metric::Rate> asr;                   ///< over all triggered samples
  std::optional<metric::Rate> asr_excluding_target;  ///< without samples of the target class
  std::optional<metric::Rate> asr_clean_model;       ///< over all, of a model never poisoned
  std::optional<metric::Rate> robust_accuracy;       ///< see metric::AttackSuccess
  std::optional<metric::Rate> ann_acc;               ///< of the ANN that was converted
  std::optional<metric::Rate> ann_asr;               ///< over all, of the ANN that was converted
  std::optional<double> mr;                          ///< migration rate, 100 ASR / ASR of the ANN
  double seconds = std::numeric_limits<double>::quiet_NaN();
  Fields extra;
};

/// One experiment: its settings, the machine, the poisoned samples and the results.
struct Report {
  std::string experiment;
  Fields settings;
  Manifest manifest;
  Fields ledger;  ///< a summary of the samples that the poisoning touched
  std::vector<Cell> cells;
  std::vector<Key> keys;  ///< of the models; a cell names the digest of its own
};

/// Takes a report somewhere. It is given the whole report again after each new cell, so that what
/// was measured is kept if the run ends early; with a member `only_complete`, at the end only.
template <class Type>
concept Sink = requires(Type& sink, const Report& report) {
  sink.write(report);
};

}  // namespace snnbd::inline SNNBD_ISA::report

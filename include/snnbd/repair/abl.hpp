#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/learn/training/schedule.hpp>
#include <snnbd/learn/training/trainer.hpp>
#include <snnbd/repair/divided.hpp>
#include <snnbd/repair/pruning.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// The cross entropy of each sample, from outputs [sample, class].
///
/// @throws Error if there are not as many labels as samples, or a label is no class
[[nodiscard]] std::vector<double> sample_losses(std::span<const float> outputs,
                                                std::span<const int> labels, std::size_t classes);

/// The places of the smallest numbers, ascending, the first ones among equals.
[[nodiscard]] std::vector<std::size_t> places_of_smallest(const std::vector<double>& values,
                                                          std::size_t count);

/// The samples of one set and, behind them, those of another one like it, in memory.
[[nodiscard]] data::Samples joined_samples(data::DatasetView first, data::DatasetView second);

/// The second half of anti-backdoor learning (Li et al. 2021) for a network that is there already:
/// isolates the samples of the training set whose labels cost the least loss, which in a backdoored
/// network tend to be the poisoned ones, and unlearns them by ascending their loss, while it
/// descends that of held-out clean samples. It ends before the accuracy on other held-out samples
/// falls, or when no more isolated samples are classified as labelled than chance has it.
///
/// The original isolates in the first epochs of a training of its own, where losses below 0.5 are
/// held up, which tells poisoned samples far better from clean ones than the end of a training. Its
/// 1 % and the rate are kept. Each epoch begins without momentum.
struct Abl {
  static constexpr std::string_view name = "abl";
  double isolated = 0.01;  ///< share of the training set; 0 changes nothing
  int epochs = 20;
  learn::Sgd optimizer{.rate = 5e-4, .momentum = 0.9, .weight_decay = 5e-4};
  Index batch_size = 64;
  double tolerance = 0.1;   ///< by how much of itself the accuracy may fall
  double validation = 0.2;  ///< share of the clean samples for that; the others are trained on
  std::uint64_t seed = 1;

  void check() const {
    require_share("isolated share of ABL", isolated);
    if (epochs < 0) reject("epochs of ABL", "at least 0", epochs);
    optimizer.check();
    if (batch_size < 1) reject("batch size of ABL", "at least 1", batch_size);
    require_share("tolerance of ABL", tolerance);
    require_share("share of validation of ABL", validation);
  }

  /// The samples of the training set that are isolated.
  ///
  /// @throws Error if there is no training set
  template <class Subject>
  [[nodiscard]] std::vector<std::size_t> isolate(const Subject& subject,
                                                 const defend::Evidence& evidence) const {
    check();
    if (!evidence.training || evidence.training->size() == 0)
      reject("evidence for ABL", "the set that the network was trained on", "none");
    const data::DatasetView set = *evidence.training;
    const NetworkView view =
        view_of(subject.net, subject.encoding, subject.steps, evidence.batch_size);
    const std::vector<double> losses = sample_losses(view.outputs(set), data::labels_of(set),
                                                     static_cast<std::size_t>(view.classes()));
    return places_of_smallest(
        losses,
        static_cast<std::size_t>(std::llround(isolated * static_cast<double>(losses.size()))));
  }

  /// @param path called after each epoch with its number
  /// @throws Error if a setting is out of range, there is no training set, there are too few clean
  ///   samples to divide, or as training does
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    using Net = typename Subject::Net;
    check();
    Net net = subject.net;
    path(std::as_const(net), 0.0);
    if (epochs == 0 || isolated == 0.0) return net;
    const std::vector<std::size_t> places = isolate(subject, evidence);
    const data::Selection bad{*evidence.training, places};
    if (bad.size() == 0) return net;
    const Divided parts{evidence.clean, validation, seed};
    const data::Samples both = joined_samples(bad, parts.training);
    std::vector<double> weights(both.size(), 1.0);
    std::fill_n(weights.begin(), bad.size(), -1.0);

    Net trial = net;
    const NetworkView view =
        view_of(std::as_const(trial), subject.encoding, subject.steps, evidence.batch_size);
    const double least = (1.0 - tolerance) * accuracy(view, parts.validation);
    const double chance = 1.0 / view.classes();
    for (int epoch = 0; epoch < epochs && accuracy(view, bad) > chance; ++epoch) {
      learn::Trainer<Net, typename Subject::Encoding, learn::CrossEntropy, learn::Sgd> trainer{
          trial,
          subject.encoding,
          {},
          optimizer,
          {},
          {.epochs = 1,
           .batch_size = batch_size,
           .timesteps = subject.steps,
           .seed = seed + static_cast<std::uint64_t>(epoch)}};
      if (trainer.fit(both, weights).interrupted)
        throw learn::Interrupted{"interrupted: ABL, " + std::to_string(epoch) + " of " +
                                 std::to_string(epochs) + " epochs finished"};
      if (accuracy(view, parts.validation) < least) break;
      net = trial;
      path(std::as_const(net), epoch + 1.0);
    }
    return net;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair

#if !defined(SNNBD_COMPILED)
#include <snnbd/repair/abl.ipp>
#endif

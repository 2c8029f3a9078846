#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/number.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/data/augment.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/data/batches.hpp>
#include <snnbd/data/content.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/kernels/elementwise/finite.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/learn/training/loss.hpp>
#include <snnbd/learn/training/optimizer.hpp>
#include <snnbd/learn/training/schedule.hpp>
#include <snnbd/learn/training/segments.hpp>
#include <snnbd/learn/training/train_settings.hpp>
#include <snnbd/learn/training/train_state.hpp>
#include <snnbd/network/check.hpp>
#include <snnbd/network/pass.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// The largest part of a batch whose signals fit into the budget.
///
/// @throws Error if one sample does not, or a setting is out of range
template <class Net, Signal In>
Index micro_batch(const TrainSettings& settings) {
  settings.check();
  Index samples = settings.batch_size;
  while (samples > 1 &&
         Pass<Net, In>::bytes({samples, settings.timesteps}, true) > settings.memory_budget)
    samples = (samples + 1) / 2;
  const std::size_t least = Pass<Net, In>::bytes({samples, settings.timesteps}, true);
  if (least > settings.memory_budget)
    reject("memory budget", "at least " + std::to_string(least) + " bytes for one sample",
           std::to_string(settings.memory_budget));
  return samples;
}

/// What training a network will take, before it begins.
///
/// @tparam Rule the optimizer
template <class Net, Signal In, Optimizer Rule>
TrainEstimate estimate_training(const TrainSettings& settings) {
  using Scalar = typename Net::ScalarType;
  const Index micro = micro_batch<Net, In>(settings);
  const auto vectors = 2 + typename Rule::template State<Scalar>{0}.buffers().size();
  return {Pass<Net, In>::bytes({micro, settings.timesteps}, true),
          vectors * sizeof(Scalar) * static_cast<std::size_t>(Net::parameter_count), micro};
}

/// Trains a network on a set: the only loop over batches. Bit for bit the same for any number of
/// threads, and after an interruption.
///
/// @tparam Net a BasicNetwork; one with Relu in place of neurons is an artificial network
/// @tparam Augment how images are varied after they are read, which is after they were poisoned:
///   the trigger is in the training files
template <class Net, encode::Encoder Encoding, Loss LossRule, Optimizer Rule,
          Schedule ScheduleRule = Constant, data::Augmentation Augment = data::NoAugmentation>
class Trainer {
 public:
  using Scalar = typename Net::ScalarType;
  using In = typename Encoding::template Signal<Net::input_shape>;

  Trainer(Net& net, Encoding encoding, LossRule loss, Rule rule, ScheduleRule schedule,
          TrainSettings settings, Augment augment = {})
      : net_{net},
        encoding_{std::move(encoding)},
        loss_{std::move(loss)},
        rule_{std::move(rule)},
        schedule_{std::move(schedule)},
        settings_{std::move(settings)},
        augment_{std::move(augment)},
        state_{Net::parameter_count},
        gradient_(static_cast<std::size_t>(Net::parameter_count)) {
    check_policy(encoding_);
    check_policy(loss_);
    rule_.check();
    check_policy(schedule_);
    if constexpr (requires { augment_.check(Net::input_shape); }) augment_.check(Net::input_shape);
    network::check(net_);
  }

  /// How long the epochs that are left will take, from two batches that change nothing.
  ///
  /// @returns seconds
  double probe(data::DatasetView set) {
    take_steps(set);
    check_set(set, {});
    const data::Batches batches{
        set.size(), {static_cast<std::size_t>(settings_.batch_size), settings_.seed}, 0};
    double loss = 0.0;
    train_batch(set, {}, batches[0], 0, loss);
    const auto begin = std::chrono::steady_clock::now();
    train_batch(set, {}, batches[0], 0, loss);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() *
           static_cast<double>(batches.size()) * settings_.epochs;
  }

  /// Trains from the parameters that the network holds, or from a checkpoint.
  ///
  /// @param weights what each sample counts, see `Objective::weights`; empty for 1
  /// @throws Error before anything is trained if the set, the weights or the parameters are not fit
  ///   for it; in the epoch in which the loss, a parameter or what the optimizer keeps is no longer
  ///   finite, before that epoch's checkpoint is written
  TrainRecord fit(data::DatasetView set, std::span<const double> weights = {},
                  const Observer& observer = {}) {
    take_steps(set);
    check_set(set, weights);
    const auto begin = std::chrono::steady_clock::now();
    TrainRecord record;
    Net& net = net_;
    const bool keeps = !settings_.checkpoint.empty();
    const Key run = keeps ? key(set, weights) : Key{};
    if (keeps && settings_.resume)
      record.epochs = load_train_state(settings_.checkpoint, net, state_, run);
    if (record.epochs.size() > static_cast<std::size_t>(settings_.epochs))
      reject(settings_.checkpoint, "at most " + std::to_string(settings_.epochs) + " epochs",
             record.epochs.size());
    network::check_parameters(net, "network to train");
    std::size_t epoch = record.epochs.size();
    for (; epoch < static_cast<std::size_t>(settings_.epochs); ++epoch) {
      EpochRecord result;
      if (!run_epoch(set, weights, static_cast<int>(epoch), observer, result)) {
        record.interrupted = true;
        break;
      }
      record.epochs.push_back(result);
      if (keeps) save_train_state(settings_.checkpoint, net, state_, record.epochs, run);
    }
    record.warning = warn_of_loss(record.epochs, weights);
    record.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return record;
  }

  /// All that decides what `fit` comes to, before it is called: the network with its members and
  /// parameters, the samples as they are seen, their weights, all parts and quantities, and
  /// `TrainSettings::key`. A checkpoint goes on only with the same. Reads the whole set.
  [[nodiscard]] Key key(data::DatasetView set, std::span<const double> weights = {}) {
    take_steps(set);
    check_set(set, weights);
    Key key;
    key.add("format", 2)
        .set("scalar", std::string{safetensors::dtype_of<Scalar>()})
        .set("input", to_string(Net::input_shape))
        .add("network", network::layer_key(net_.layers()))
        .set("initial parameters",
             crc32_text(std::as_bytes(std::span<const Scalar>{net_.parameters()})));
    key.add("encoding", encoding_)
        .add("loss", loss_)
        .add("optimizer", rule_)
        .add("steps before", state_.steps)
        .add("schedule", schedule_)
        .add("augmentation", augment_)
        .add("epochs", settings_.epochs)
        .add("batch size", settings_.batch_size)
        .add("micro batch", micro_)
        .add("timesteps", settings_.timesteps)
        .add("seed", settings_.seed)
        .set("set", std::string{set.name()})
        .add("samples", set.size())
        .add("classes", set.classes())
        .set("content", crc32_text(data::content_checksum(set)))
        .set("weights", weights.empty() ? "none" : crc32_text(std::as_bytes(weights)));
    if (set.frames() > 1) key.add("frames", set.frames());
    return key.add("settings", settings_.key);
  }

 private:
  /// Takes the steps of a sequence from the set, if the encoder passes its frames on.
  void take_steps(data::DatasetView set) {
    const Index steps = settings_.steps_of<Encoding>(set.name(), set.frames());
    if (steps == settings_.timesteps) return;
    settings_.timesteps = steps;
    micro_ = micro_batch<Net, In>(settings_);
  }

  void check_set(data::DatasetView set, std::span<const double> weights) const {
    if (set.shape() != Net::input_shape)
      reject("set for training", to_string(Net::input_shape) + " images", to_string(set.shape()));
    if (set.classes() != Net::output_shape.size())
      reject("set for training", std::to_string(Net::output_shape.size()) + " classes",
             set.classes());
    if (set.size() == 0) reject("set for training", "at least one sample", "none");
    if (!weights.empty() && weights.size() != set.size())
      reject("weights of the samples", std::to_string(set.size()), weights.size());
    for (const double weight : weights) require_finite("weight of a sample", weight);
    check_norms(static_cast<Index>(set.size()));
  }

  /// Refuses batches, and parts of them, that leave a batch norm one value for each channel.
  void check_norms(Index samples) const {
    constexpr Index pixels = network::normalized_pixels<Net>();
    if (pixels == 0) return;
    const auto last_part = [&](Index batch) { return (batch - 1) % micro_ + 1; };
    Index least = last_part(std::min(samples, settings_.batch_size));
    if (const Index rest = samples % settings_.batch_size; rest > 0)
      least = std::min(least, last_part(rest));
    if (least * settings_.timesteps * pixels > 1) return;
    const std::string parts =
        micro_ < settings_.batch_size
            ? ", of which " + std::to_string(micro_) + " fit into the memory budget at a time"
            : std::string{};
    reject("batch norm in training",
           "more than one value for each channel in all batches; another batch size or one more or "
           "less sample may help",
           "one sample left over by " + std::to_string(samples) + " samples in batches of " +
               std::to_string(settings_.batch_size) + parts);
  }

  /// What to say of a loss that leaves the range of one that learns.
  std::string warn_of_loss(const std::vector<EpochRecord>& epochs,
                           std::span<const double> weights) const {
    const double mean_weight = weights.empty()
                                   ? 1.0
                                   : std::accumulate(weights.begin(), weights.end(), 0.0) /
                                         static_cast<double>(weights.size());
    const double limit = 10.0 * std::abs(mean_weight) * std::max(loss_of(0), loss_of(1));
    for (const EpochRecord& epoch : epochs)
      if (limit > 0.0 && epoch.loss > limit)
        return "the mean loss of epoch " + std::to_string(epoch.epoch + 1) + " is " +
               rounded_text(epoch.loss, 6) + ", above " + rounded_text(limit, 6) +
               ", 10 times that of outputs that are all 0 or all 1; a learning rate below " +
               rounded_text(rule_.rate, 6) + " may help";
    return {};
  }

  /// The loss of one sample whose outputs all have this value.
  [[nodiscard]] double loss_of(int value) const {
    using Output = typename Pass<Net, In>::Output;
    const Extent extent = layer::extent_of<Output>({1, settings_.timesteps});
    const auto count = static_cast<std::size_t>(extent.frames() * Output::shape.size());
    const std::vector<Scalar> outputs(count, static_cast<Scalar>(value));
    std::vector<Scalar> gradient(count);
    const int label = 0;
    const double weight = 1.0;
    return loss_.template measure<Scalar>(
        {outputs.data(), extent, static_cast<int>(Output::shape.size())}, std::span{&label, 1},
        std::span{&weight, 1}, gradient.data());
  }

  /// Refuses what an epoch left if not all of it is finite.
  void check_epoch(int epoch) {
    const std::string subject = "training with the learning rate " + rounded_text(rule_.rate, 6) +
                                ", epoch " + std::to_string(epoch + 1);
    network::check_parameters(net_, subject);
    for (const auto buffer : state_.buffers())
      if (!kernels::all_finite(buffer.data(), static_cast<Index>(buffer.size())))
        reject(subject, "finite means of the gradients", "some that are not");
  }

  /// @returns false if it was interrupted
  bool run_epoch(data::DatasetView set, std::span<const double> weights, int epoch,
                 const Observer& observer, EpochRecord& record) {
    const auto begin = std::chrono::steady_clock::now();
    const data::Batches batches{set.size(),
                                {static_cast<std::size_t>(settings_.batch_size), settings_.seed},
                                static_cast<std::uint64_t>(epoch)};
    double loss = 0.0;
    std::size_t hits = 0;
    std::size_t seen = 0;
    for (std::size_t batch = 0; batch < batches.size(); ++batch) {
      if (interrupt_requested().load()) return false;
      const auto indices = batches[batch];
      const double progress =
          epoch + static_cast<double>(batch) / static_cast<double>(batches.size());
      hits += train_batch(set, weights, indices, epoch, loss);
      seen += indices.size();
      state_.step(rule_, schedule_.factor(progress, settings_.epochs), segments_, gradient_,
                  net_.parameters());
      record = {epoch, loss / static_cast<double>(seen),
                100.0 * static_cast<double>(hits) / static_cast<double>(seen),
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()};
      if (!std::isfinite(loss))
        reject(
            "training loss",
            "a finite number; a learning rate below " + rounded_text(rule_.rate, 6) + " may help",
            rounded_text(loss, 6) + " in epoch " + std::to_string(epoch + 1));
      if (observer)
        observer({epoch, settings_.epochs, batch + 1, batches.size(), record.loss, record.accuracy,
                  batch + 1 == batches.size()});
    }
    check_epoch(epoch);
    return true;
  }

  /// Adds up the gradient of one batch and gives the number of samples classified as labelled.
  std::size_t train_batch(data::DatasetView set, std::span<const double> weights,
                          std::span<const std::size_t> indices, int epoch, double& loss) {
    parallel_fill(std::span{gradient_}, Scalar{0});
    const auto micro = static_cast<std::size_t>(micro_);
    const auto batch_size = static_cast<double>(indices.size());
    std::size_t hits = 0;
    for (std::size_t first = 0; first < indices.size(); first += micro) {
      const auto part = indices.subspan(first, std::min(micro, indices.size() - first));
      const Extent extent{static_cast<Index>(part.size()), settings_.timesteps};
      pass_.resize(extent);
      const auto input = pass_.input();
      read(set, part, epoch, input);
      const layer::PassOptions options{
          .training = true,
          .seed = settings_.seed,
          .draw = static_cast<std::uint64_t>(state_.steps) * 4096 + first / micro,
          .share = static_cast<double>(part.size()) / batch_size};
      const auto out = pass_.forward(net_, input, options);
      const Outputs<Scalar> outputs{out.data, out.extent, static_cast<int>(out.frame_size())};

      sample_weights_.assign(part.size(), 1.0 / batch_size);
      for (std::size_t i = 0; i < part.size() && !weights.empty(); ++i)
        sample_weights_[i] *= weights[part[i]];
      slope_.resize(static_cast<std::size_t>(outputs.size()));
      loss += batch_size * loss_.template measure<Scalar>(outputs, batch_.labels, sample_weights_,
                                                          slope_.data());
      predicted_.resize(part.size());
      predict(outputs, predicted_);
      for (std::size_t i = 0; i < part.size(); ++i)
        hits += predicted_[i] == batch_.labels[i] ? 1U : 0U;
      pass_.backward(net_, slope_, gradient_);
    }
    return hits;
  }

  /// Reads samples, varies them and encodes them into the pass's input.
  void read(data::DatasetView set, std::span<const std::size_t> indices, int epoch,
            const ViewOf<In, Scalar>& input) {
    batch_.fill(set, indices, static_cast<std::uint64_t>(epoch) * set.size());
    data::augment(augment_, batch_.values, batch_.shape(), settings_.seed, batch_.ids,
                  batch_.frames());
    encoding_.encode(batch_.view(), batch_.ids, input, {});
  }

  Net& net_;
  Encoding encoding_;
  LossRule loss_;
  Rule rule_;
  ScheduleRule schedule_;
  TrainSettings settings_;
  Augment augment_;
  typename Rule::template State<Scalar> state_;
  AlignedVector<Scalar> gradient_;
  std::vector<Segment> segments_ = segments_of(Net::tensors());
  Index micro_ = micro_batch<Net, In>(settings_);
  Pass<Net, In> pass_{{micro_, settings_.timesteps}, true};
  data::Batch batch_;
  std::vector<int> predicted_;
  std::vector<double> sample_weights_;
  std::vector<Scalar> slope_;
};

}  // namespace snnbd::inline SNNBD_ISA::learn

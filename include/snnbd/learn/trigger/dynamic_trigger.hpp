#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/data/batches.hpp>
#include <snnbd/data/content.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/learn/training/loss.hpp>
#include <snnbd/learn/training/optimizer.hpp>
#include <snnbd/learn/training/segments.hpp>
#include <snnbd/learn/trigger/perturbation.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// A generator that was trained, with what it was trained on; empty at first. Copies share it.
/// What it draws on has values in the range of the set that it learned from.
template <class Net>
struct TrainedGenerator {
  std::shared_ptr<const Net> net;
  std::uint32_t content = 0;  ///< of the set that it learned from, see `data::content_checksum`
  data::Range range{};

  /// Its parameters are part of what decides a result.
  void add_to(Key& key, const std::string& name) const {
    key.set(name, net ? crc32_text(std::as_bytes(net->parameters())) : "none");
  }
};

/// A trigger of its own for each sample, which is hard to see: a spiking autoencoder draws it (the
/// dynamic trigger of Abad et al. 2024, "Sneaky Spikes", after LIRA of Doan et al. 2021). To a
/// sample x it adds gamma * tanh(G(x)), frame by frame, with the outputs G of the generator's
/// network, and cuts at the ends of the set's range: no count is negative.
///
/// `fit` trains the generator on the clean training set, together with a classifier that stands for
/// the one to be attacked. Batch by batch,
///
/// 1. the classifier takes a step on a copy of itself: it looks ahead;
/// 2. the generator takes a step that makes the copy give the target to what it draws on;
/// 3. the classifier takes its step, on clean_weight * loss(clean, labels) + (1 - clean_weight) *
///    loss(drawn on, target).
///
/// The generator is frozen then, and marks training and test samples alike; the classifier is
/// forgotten. (In the paper's own program a fresh generator is trained for the test set.)
///
/// ```cpp
/// using Mark = learn::DynamicTrigger<model::TriggerAutoencoder<Set::shape>, Net>;
/// using Dirty = poison::Poisoned<Set, Mark, poison::AllToOne>;
/// ```
///
/// @tparam Generator a network whose outputs, one for each step, are as large as its inputs
/// @tparam Classifier a network for the same samples, with a readout
template <class Generator, class Classifier, Loss LossRule = CrossEntropy, Optimizer Rule = Adam>
struct DynamicTrigger {
  static constexpr std::string_view name = "dynamic";
  static constexpr bool sees_times = false;
  static constexpr Shape shape = Generator::input_shape;

  double gamma = 0.1;                   ///< the largest change of a value; above 0
  std::optional<int> target{};          ///< the class that the generator steers to; empty for the
                                        ///< relabelling's in an experiment, else 1
  int epochs = 2;                       ///< through the training set
  Index batch_size = 32;                ///< samples
  double clean_weight = 0.5;            ///< of the clean samples in the classifier's loss
  Rule generator_optimizer{};           ///< whose rate may be another than the classifier's
  Rule classifier_optimizer{};          ///< also of the steps that look ahead
  LossRule loss{};                      ///< of both
  std::optional<std::uint64_t> seed{};  ///< empty for the experiment's, else 1
  TrainedGenerator<Generator> generator{};  ///< what `fit` makes

  void check() const {
    require_positive("gamma of a dynamic trigger", gamma);
    require_share("clean weight of a dynamic trigger", clean_weight);
    if (epochs < 1) reject("epochs of a dynamic trigger", "at least 1", epochs);
    if (batch_size < 1) reject("batch size of a dynamic trigger", "at least 1", batch_size);
    const int aim = target.value_or(1);
    if (aim < 0 || aim >= Classifier::output_shape.size())
      reject("target of a dynamic trigger",
             "a class from 0 to " + std::to_string(Classifier::output_shape.size() - 1), aim);
    generator_optimizer.check();
    classifier_optimizer.check();
    check_policy(loss);
  }

  /// Trains the generator on a clean set. Does nothing if it has learned from the same samples.
  ///
  /// @throws Error if a setting is out of range, the samples are of another shape, or if training
  ///   leaves the finite numbers
  void fit(data::DatasetView training) {
    check();
    if (training.shape() != shape)
      reject("samples for a dynamic trigger", to_string(shape), to_string(training.shape()));
    if (training.size() == 0) reject("samples for a dynamic trigger", "at least one", "none");
    const std::uint32_t content = data::content_checksum(training);
    if (generator.net && generator.content == content) return;
    generator = {Alternation{*this, training}.run(), content, training.range()};
  }

  /// Draws on a sample. The same sample gives the same bytes, from any thread.
  ///
  /// @throws Error if the generator was not trained or the sample is of another shape
  void stamp(const data::SampleView& sample) const {
    if (!generator.net)
      reject("dynamic trigger", "a generator that was trained by fit()", "one that was not");
    if (sample.shape != shape)
      reject("sample for a dynamic trigger", to_string(shape), to_string(sample.shape));
    Drawing drawing{{1, sample.frames}, false};
    std::copy(sample.values.begin(), sample.values.end(), drawing.input().data);
    const auto out = drawing.forward(*generator.net, drawing.input());
    perturb<float>({out.data, sample.values.size()}, gamma, generator.range, sample.values);
  }

  /// `dynamic, gamma 0.1`.
  [[nodiscard]] std::string describe(Shape /*shape*/) const {
    return std::string{name}.append(", gamma ").append(rounded_text(gamma, 6));
  }

 private:
  using Samples = Real<shape>;
  using Drawing = Pass<Generator, Samples>;
  using Judging = Pass<Classifier, Samples>;

  static_assert(Classifier::input_shape == shape,
                "snnbd: generator and classifier of a dynamic trigger take samples of one shape");
  static_assert(Generator::output_shape == shape,
                "snnbd: the generator of a dynamic trigger gives what it takes: the outputs of its "
                "last layer are as large as its input");
  static_assert(!StaticSignal<typename Drawing::Output>,
                "snnbd: the generator of a dynamic trigger has no readout: it draws on each frame");

  /// The training of both networks.
  class Alternation {
   public:
    Alternation(const DynamicTrigger& trigger, data::DatasetView set)
        : trigger_{trigger}, set_{set}, seed_{trigger.seed.value_or(1)} {
      network::initialize(*generator_, seed_);
      network::initialize(classifier_, seed_ + 1);
    }

    std::shared_ptr<const Generator> run() {
      for (int epoch = 0; epoch < trigger_.epochs; ++epoch) {
        const data::Batches batches{set_.size(),
                                    {static_cast<std::size_t>(trigger_.batch_size), seed_},
                                    static_cast<std::uint64_t>(epoch)};
        for (std::size_t number = 0; number < batches.size(); ++number) {
          if (interrupt_requested().load())
            throw Interrupted{"interrupted: training of a dynamic trigger, epoch " +
                              std::to_string(epoch + 1) + " of " + std::to_string(trigger_.epochs)};
          train(batches[number]);
        }
      }
      network::check_parameters(*generator_, "generator of a dynamic trigger");
      return generator_;
    }

   private:
    void train(std::span<const std::size_t> indices) {
      batch_.fill(set_, indices);
      const Extent extent{static_cast<Index>(batch_.size()), Index{batch_.frames()}};
      drawing_.resize(extent);
      judging_.resize(extent);
      options_ = {.training = true, .seed = seed_, .draw = draw_++};
      targets_.assign(batch_.size(), trigger_.target.value_or(1));
      weights_.assign(batch_.size(), 1.0 / static_cast<double>(batch_.size()));

      Classifier ahead = classifier_;
      auto ahead_state = classifier_state_;
      draw();
      step(ahead, ahead_state);
      steer(ahead);
      draw();
      step(classifier_, classifier_state_);
    }

    /// Draws the trigger on the samples of the batch. `outputs_` stays until the next call.
    void draw() {
      std::copy(batch_.values.begin(), batch_.values.end(), drawing_.input().data);
      const auto out = drawing_.forward(*generator_, drawing_.input(), options_);
      drawn_ = batch_.values;
      outputs_ = {out.data, drawn_.size()};
      perturb<float>(outputs_, trigger_.gamma, set_.range(), drawn_);
    }

    /// Adds the gradient of a loss by the classifier's parameters to `gradient_`.
    void judge(const Classifier& net, std::span<const float> values, std::span<const int> labels,
               double weight, std::span<float> input_gradient = {}) {
      std::copy(values.begin(), values.end(), judging_.input().data);
      const auto out = judging_.forward(net, judging_.input(), options_);
      const Outputs<float> outputs{out.data, out.extent, static_cast<int>(out.frame_size())};
      slope_.resize(static_cast<std::size_t>(outputs.size()));
      std::vector<double> weights = weights_;
      for (double& one : weights) one *= weight;
      trigger_.loss.template measure<float>(outputs, labels, weights, slope_.data());
      judging_.backward(net, slope_, gradient_.values(), input_gradient);
    }

    /// A step of the classifier, on clean samples and on those drawn on.
    void step(Classifier& net, typename Rule::template State<float>& state) {
      gradient_.set_zero();
      judge(net, batch_.values, batch_.labels, trigger_.clean_weight);
      judge(net, drawn_, targets_, 1.0 - trigger_.clean_weight);
      state.step(trigger_.classifier_optimizer, 1.0, classifier_segments_, gradient_.values(),
                 net.parameters());
    }

    /// A step of the generator on what it drew last, against a classifier that stays as it is.
    void steer(const Classifier& net) {
      gradient_.set_zero();
      input_gradient_.resize(drawn_.size());
      judge(net, drawn_, targets_, 1.0, input_gradient_);
      generator_gradient_.set_zero();
      perturbation_gradient<float>(outputs_, drawn_, trigger_.gamma, set_.range(), input_gradient_);
      drawing_.backward(*generator_, input_gradient_, generator_gradient_.values());
      generator_state_.step(trigger_.generator_optimizer, 1.0, generator_segments_,
                            generator_gradient_.values(), generator_->parameters());
    }

    const DynamicTrigger& trigger_;
    data::DatasetView set_;
    std::uint64_t seed_;
    std::uint64_t draw_ = 0;
    std::shared_ptr<Generator> generator_ = std::make_shared<Generator>();
    Classifier classifier_{};
    typename Rule::template State<float> generator_state_{Generator::parameter_count};
    typename Rule::template State<float> classifier_state_{Classifier::parameter_count};
    std::vector<Segment> generator_segments_ = segments_of(Generator::tensors());
    std::vector<Segment> classifier_segments_ = segments_of(Classifier::tensors());
    network::Gradient<Generator> generator_gradient_;
    network::Gradient<Classifier> gradient_;
    Drawing drawing_{{1, 1}, true};
    Judging judging_{{1, 1}, true};
    layer::PassOptions options_;
    data::Batch batch_;
    std::span<const float> outputs_;
    std::vector<float> drawn_;
    std::vector<float> input_gradient_;
    std::vector<float> slope_;
    std::vector<int> targets_;
    std::vector<double> weights_;
  };
};

}  // namespace snnbd::inline SNNBD_ISA::learn

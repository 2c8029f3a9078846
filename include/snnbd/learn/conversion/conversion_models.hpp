#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/core/setting.hpp>
#include <snnbd/learn/conversion/convert.hpp>
#include <snnbd/learn/conversion/poisoned_steps.hpp>
#include <snnbd/learn/training/model.hpp>
#include <snnbd/network/checkpoint.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// What conversions are calibrated on: the set that the network was trained on, poisoned as it is
/// (as the paper does, Eq. 5), or the same without poison.
enum class CalibrationSet { training, clean };

/// The quantities of a rule that converts.
struct ConversionSettings {
  Index timesteps = 0;  ///< of converted networks, which need more; 0 for the experiment's
  CalibrationSet calibration = CalibrationSet::training;
  std::size_t calibration_samples = 1000;  ///< 0 for all
  std::string pretrained{};  ///< file of the backdoored models' artificial network; else trained

  /// Calls `visit(setting, member)` for each; see `Setting`.
  template <class Self, class Visit>
  static constexpr void list(Self& self, const Visit& visit) {
    visit(Setting{.name = "converted_timesteps",
                  .help = "steps of a converted network, which needs more; 0 for timesteps",
                  .low = 0,
                  .high = 65536},
          self.timesteps);
    visit(Setting{.name = "calibration",
                  .help = "what conversions are calibrated on: the training set, poisoned as it "
                          "is, or the same without poison",
                  .names = "training,clean"},
          self.calibration);
    visit(Setting{.name = "calibration_samples",
                  .help = "samples that a conversion is calibrated on; 0 for all"},
          self.calibration_samples);
    visit(Setting{.name = "pretrained",
                  .help = "file with the artificial network of backdoored models; else trained"},
          self.pretrained);
  }
};

/// Refuses settings out of range, those of normalizers too, and a file of a pretrained network that
/// cannot be taken.
///
/// @tparam Ann the artificial network
/// @throws Error that names the setting or the file
template <class Ann, class... Rules>
void check_conversion(const ConversionSettings& settings, const std::tuple<Rules...>& normalizers) {
  check_settings(settings);
  std::apply([](const auto&... normalizer) { (check_policy(normalizer), ...); }, normalizers);
  Ann ann;
  if (!settings.pretrained.empty()) network::load(settings.pretrained, ann);
}

/// Converts artificial networks by each of some normalizers, for a rule that does.
///
/// @tparam Context an `experiment::Context`
template <class Context>
class ConversionModels {
 public:
  using Encoding = typename Context::Encoding;

  ConversionModels(const Context& context, const ConversionSettings& settings)
      : context_{context}, settings_{settings} {}

  [[nodiscard]] Index timesteps() const {
    return settings_.timesteps > 0 ? settings_.timesteps : context_.settings().timesteps;
  }

  /// How the artificial network sees samples: as they are, if the spiking one sees spikes.
  template <class Ann>
  [[nodiscard]] auto artificial_encoding() const {
    using Seen = Calibration<Folded<Ann>, Encoding>;
    if constexpr (std::is_same_v<typename Seen::RealEncoding, Encoding>)
      return context_.encoding();
    else
      return typename Seen::RealEncoding{};
  }

  /// Trains the artificial network, or loads it, and hands it on.
  ///
  /// @returns an `experiment::Trained` that knows its number
  template <class Ann, class Training, class Code, class Emit>
  [[nodiscard]] auto artificial(const Training& training, const Code& encoding, bool poisoned,
                                const Emit& emit) const {
    auto trained =
        poisoned && !settings_.pretrained.empty()
            ? context_.template load<Ann>(settings_.pretrained)
            : context_.train(training, context_.template initial<Ann>(), encoding, "ANN", poisoned);
    trained.facts.rule = "ANN";
    trained.number = emit(Model<Ann, Code>{trained.net, encoding, {1}, trained.facts});
    return trained;
  }

  /// Converts by each normalizer and hands that on.
  ///
  /// @param ann as `artificial` gives it
  template <class Trained, class Normalizers, class Emit>
  void convert_each(const Trained& ann, const Normalizers& normalizers,
                    const std::vector<PoisonedSteps>& steps, const Emit& emit) const {
    for_each_calibration(steps, [&](const Calibrated& calibrated) {
      std::apply(
          [&](const auto&... normalizer) {
            (convert_by(normalizer, ann, calibrated, {}, emit, nothing), ...);
          },
          normalizers);
    });
  }

  /// The same for a rule that goes on with what the first normalizer gives: calls
  /// `behind(converted, facts, combinations)` for that.
  ///
  /// @param combinations all agree in whether the artificial network saw poison
  /// @param also the steps after which the first conversion is measured too
  template <class Trained, class Normalizers, class Emit, class Behind>
  void convert_each(const Trained& ann, const Normalizers& normalizers,
                    const std::vector<PoisonedSteps>& combinations, const Emit& emit, Index also,
                    const Behind& behind) const {
    for_each_calibration(combinations, [&](const Calibrated& calibrated) {
      std::apply(
          [&](const auto& first, const auto&... others) {
            convert_by(first, ann, calibrated, {true, also}, emit, behind);
            (convert_by(others, ann, calibrated, {true, 0}, emit, nothing), ...);
          },
          normalizers);
    });
  }

 private:
  /// Combinations that are calibrated alike, and on what.
  struct Calibrated {
    data::DatasetView set;
    std::vector<PoisonedSteps> combinations;
  };
  struct Shown {
    bool combination = false;  ///< whether reports name what was poisoned
    Index also = 0;            ///< steps after which it is measured too; 0 for none
  };
  static constexpr auto nothing = [](const auto&... /*ignored*/) {};

  template <class Use>
  void for_each_calibration(const std::vector<PoisonedSteps>& combinations, const Use& use) const {
    for (const bool poisoned : {false, true}) {
      std::vector<PoisonedSteps> group = combinations;
      std::erase_if(group, [&](const auto& steps) { return steps.calibration != poisoned; });
      if (group.empty()) continue;
      context_.with_calibration(poisoned, settings_.calibration_samples, [&](const auto& set) {
        use({set, group});
      });
    }
  }

  template <class Rule, class Trained, class Emit, class Behind>
  void convert_by(const Rule& normalizer, const Trained& ann, const Calibrated& calibrated,
                  const Shown& shown, const Emit& emit, const Behind& behind) const {
    const auto begin = std::chrono::steady_clock::now();
    const auto converted = convert(ann.net, normalizer, calibrated.set, context_.encoding(),
                                   context_.settings().batch_size);
    PoisonedSteps steps = calibrated.combinations.front();
    steps.tuning = false;
    Facts facts = ann.facts;
    facts.rule = "LR_C";
    facts.origin = ann.number;
    facts.neuron = converted.net.neuron_name();
    facts.normalizer = converted.record.normalizer;
    if (shown.combination) facts.combination = steps.parts();
    facts.poisoned = steps.any();
    facts.calibrated_on_poison = steps.calibration;
    facts.seconds.conversion =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    for (const auto& layer : converted.record.layers) facts.thresholds.push_back(layer.threshold);
    facts.key.add("normalizer", normalizer)
        .add("calibration_samples", settings_.calibration_samples);
    if (steps.calibration) facts.key.add("poison.calibration", true);
    std::vector<Index> counts = context_.step_counts(timesteps());
    if (const auto place = std::lower_bound(counts.begin(), counts.end(), shown.also);
        shown.also > 0 && place != counts.end() && *place != shown.also)
      counts.insert(place, shown.also);
    using Ann = std::remove_cvref_t<decltype(ann.net)>;
    using Net = std::remove_cvref_t<decltype(converted.net)>;
    facts.origin = emit(Model<Net, Encoding, Ann>{converted.net, context_.encoding(), counts, facts,
                                                  &ann.net, &converted.record});
    behind(converted.net, facts, calibrated.combinations);
  }

  const Context& context_;
  const ConversionSettings& settings_;
};

}  // namespace snnbd::inline SNNBD_ISA::learn

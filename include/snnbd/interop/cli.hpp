#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <snnbd/experiment/settings.hpp>
#include <snnbd/learn/hybrid/hybrid.hpp>
#include <snnbd/stage/conversion_reports.hpp>

/// Command lines for programs that run experiments. Needs CLI11; nothing else of the library does.
namespace snnbd::inline SNNBD_ISA::interop {

/// Settings under a name: `smoke` shows that it runs, `quick` gives a figure in minutes, `paper` is
/// what the paper states. The options of rules that convert and tune are those that presets have.
struct Preset {
  std::string name;
  Settings settings{};
  std::optional<learn::ConversionSettings> conversion{};  ///< if the program converts
  std::optional<learn::HybridSettings> hybrid{};          ///< if it trains what it converted
  std::optional<double> threshold_factor{};  ///< of `learn::Stdb`; its own if not given
  std::size_t report_samples = 0;            ///< of `stage::ConversionReports`
};

/// An option of one program beside those that all have.
struct ExtraOption {
  std::string name;                  ///< `--neuron`
  std::string help;                  ///< one line
  std::vector<std::string> choices;  ///< empty for any text
  std::string value;                 ///< the default, and then what was given
};

/// What a command line said.
struct CommandLine {
  Settings settings{};
  learn::ConversionSettings conversion{};
  learn::HybridSettings hybrid{};
  std::optional<double> tuning_learning_rate{};
  std::optional<double> threshold_factor{};
  std::size_t report_samples = 0;
  std::vector<ExtraOption> extras{};

  /// The value of an extra option, by its name without dashes.
  [[nodiscard]] const std::string& extra(const std::string& name) const;

  /// An experiment whose rule and stages are as the command line says, and all else by default.
  template <class Study>
  [[nodiscard]] Study study() const {
    Study study{};
    auto& rule = study.rule;
    if constexpr (requires { rule.conversion = conversion; }) rule.conversion = conversion;
    if constexpr (requires { rule.hybrid = hybrid; }) {
      rule.hybrid = hybrid;
      if constexpr (requires { rule.tuning.threshold_factor = 1.0; }) {
        if (threshold_factor) rule.tuning.threshold_factor = *threshold_factor;
      }
      if constexpr (requires { rule.tuning.training.optimizer.rate = 1.0; }) {
        if (tuning_learning_rate) rule.tuning.training.optimizer.rate = *tuning_learning_rate;
      }
    }
    std::apply([&](auto&... one) { (set_samples(one), ...); }, study.stages);
    return study;
  }

 private:
  template <class Stage>
  void set_samples(Stage& /*stage*/) const {}
  void set_samples(stage::ConversionReports& reports) const { reports.samples = report_samples; }
};

/// Reads the options that every program has, and some of its own, runs `body`, and turns errors
/// into one line and an exit code. Ctrl-C ends training after the present batch, says where it
/// stands and what goes on from there.
///
/// @param presets the first one is the default
/// @returns what `main` returns: 0, 1 after an error, 130 after Ctrl-C
int run_program(int argc, char** argv, const std::string& name, const std::string& purpose,
                const std::vector<Preset>& presets, std::vector<ExtraOption> extras,
                const std::function<void(const CommandLine&)>& body);

/// The same for programs without options of their own.
int run_program(int argc, char** argv, const std::string& name, const std::string& purpose,
                const std::vector<Preset>& presets,
                const std::function<void(const Settings&)>& body);

}  // namespace snnbd::inline SNNBD_ISA::interop

#if !defined(SNNBD_COMPILED)
#include <snnbd/interop/cli.ipp>
#endif

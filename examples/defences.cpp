// Which detector sees the backdoor of a learning rule, which repair removes it, and what do they
// cost where there is none? One backdoored and one clean network of each rule.
#include <cstdint>
#include <string_view>

#include "hybrid_presets.hpp"

using namespace subjects;

namespace {

/// Every detector and every repair.
template <class Rule>
using Study =
    ConvNet::Study<Rule, stage::AccAsr, detect::SpikeStatistics, detect::ReferenceComparison,
                   detect::Strip, detect::ScaleUp, detect::Beatrix, detect::SpectralSignatures,
                   detect::ActivationClustering, detect::NeuralCleanse<>, detect::Tmpbd<>,
                   detect::NeuronAudit, repair::FineTune<>, repair::Prune, repair::FinePrune<>,
                   repair::SpikeStatisticsPrune<>, repair::Clp, repair::Anp, repair::Nad<>,
                   repair::IBau<>, repair::Unlearn<>, repair::Ndsbm, repair::Abl>;

/// Makes every defence cheap enough to show that it runs.
template <class Defences>
void hurry(Defences& study) {
  study.template stage<detect::Strip>().overlays = 8;
  auto& cleanse = study.template stage<detect::NeuralCleanse<>>();
  cleanse.search.rounds = 4;
  cleanse.search.batches = 4;
  auto& margins = study.template stage<detect::Tmpbd<>>();
  margins.starts = 2;
  margins.steps = 20;
  study.template stage<repair::FineTune<>>().epochs = 2;
  study.template stage<repair::FinePrune<>>().tune.epochs = 2;
  study.template stage<repair::SpikeStatisticsPrune<>>().tune.epochs = 2;
  study.template stage<repair::Anp>().iterations = 20;
  study.template stage<repair::Nad<>>().epochs = 2;
  study.template stage<repair::IBau<>>().rounds = 1;
  study.template stage<repair::Unlearn<>>().epochs = 1;
  study.template stage<repair::Unlearn<>>().cleanse.search.rounds = 4;
  study.template stage<repair::Abl>().epochs = 1;
}

const report::Value* find(const report::Cell& cell, const std::string& name) {
  return cell.extra.find(name);
}

std::string repair_of(const report::Cell& cell) {
  const report::Value* const value = find(cell, "repair");
  return value == nullptr ? std::string{} : std::get<std::string>(*value);
}

std::string network_of(const report::Cell& cell) {
  std::string name = cell.rule;
  if (!cell.combination.empty()) name += ' ' + cell.combination;
  return name + (cell.poisoning_rate > 0.0 ? ", backdoored" : ", clean");
}

std::string number_text(const report::Value* value, const char* format, double factor = 1.0) {
  if (value == nullptr) return "-";
  double number = 0.0;
  if (const auto* const real = std::get_if<double>(value))
    number = *real;
  else if (const auto* const count = std::get_if<std::uint64_t>(value))
    number = static_cast<double>(*count);
  else
    return "-";
  char text[32];
  std::snprintf(text, sizeof(text), format, factor * number);
  return text;
}

/// What each detector says of each network, and what it costs.
void print_detectors(const report::Report& results) {
  using Align = report::Table::Align;
  report::Table table{{{"network", Align::left},
                       {"detector", Align::left},
                       {"flagged", Align::left},
                       {"target", Align::right},
                       {"AUROC", Align::right},
                       {"FPR %", Align::right},
                       {"TPR %", Align::right},
                       {"seconds", Align::right},
                       {"epochs", Align::right}}};
  const double epoch =
      static_cast<double>(std::get<std::uint64_t>(*results.ledger.find("samples")));
  for (const report::Cell& cell : results.cells) {
    if (!repair_of(cell).empty()) continue;
    for (const char* const name : {"spike_statistics", "reference_comparison", "strip", "scale_up",
                                   "beatrix", "spectral_signatures", "activation_clustering",
                                   "neural_cleanse", "tmpbd", "neuron_audit"}) {
      const std::string prefix = std::string{name} + '_';
      if (find(cell, prefix + "seconds") == nullptr) continue;
      const auto either = [&](const std::string& first, const std::string& second) {
        const report::Value* const found = find(cell, prefix + first);
        return found != nullptr ? found : find(cell, prefix + second);
      };
      const report::Value* const target = find(cell, prefix + "target");
      const report::Value* const flagged = find(cell, prefix + "flagged");
      // One training epoch goes forward and backward once with each sample: three passes forward.
      const double forward =
          static_cast<double>(std::get<std::uint64_t>(*find(cell, prefix + "forward_passes")));
      const double backward =
          static_cast<double>(std::get<std::uint64_t>(*find(cell, prefix + "backward_passes")));
      char epochs[32];
      std::snprintf(epochs, sizeof(epochs), "%.2f", (forward + 2.0 * backward) / (3.0 * epoch));
      table.add({network_of(cell), name,
                 flagged == nullptr         ? "-"
                 : std::get<bool>(*flagged) ? "yes"
                                            : "no",
                 target == nullptr ? "-" : report::text_of(*target),
                 number_text(either("auroc", "training_auroc"), "%.3f"),
                 number_text(either("fpr", "training_fpr"), "%.1f", 100.0),
                 number_text(either("tpr", "training_tpr"), "%.1f", 100.0),
                 number_text(find(cell, prefix + "seconds"), "%.1f"), epochs});
    }
  }
  std::printf(
      "\nepochs: samples that went through, as a multiple of one epoch of training (a pass "
      "backward counts two forward)\n%s",
      table.text().c_str());
}

/// What each repair makes of each network.
void print_repairs(const report::Report& results) {
  using Align = report::Table::Align;
  report::Table table{{{"network", Align::left},
                       {"repair", Align::left},
                       {"ACC", Align::right},
                       {"ASR", Align::right},
                       {"RA", Align::right},
                       {"DER", Align::right},
                       {"seconds", Align::right}}};
  const auto percent = [](const std::optional<metric::Rate>& rate) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.2f", rate.value().percent());
    return std::string{text};
  };
  for (const report::Cell& cell : results.cells) {
    const std::string repair = repair_of(cell);
    table.add({network_of(cell), repair.empty() ? "none" : repair, percent(cell.acc),
               percent(cell.asr), percent(cell.robust_accuracy),
               number_text(find(cell, "der"), "%.3f"),
               number_text(find(cell, "repair_seconds"), "%.1f")});
  }
  std::printf("\n%s", table.text().c_str());
}

template <class Rule>
void run_defences(const interop::CommandLine& line) {
  report::Json json{line.settings.result("results.json")};
  report::Csv csv{line.settings.result("results.csv")};
  auto study = line.study<Study<Rule>>();
  if (line.settings.preset == "smoke") hurry(study);
  const report::Report results = run(line.settings, study, json, csv);
  print_detectors(results);
  print_repairs(results);
  std::printf("\nresults: %s\n", json.path().c_str());
}

/// Of few training samples a larger share, so that each class has some.
std::vector<interop::Preset> presets_of_defences() {
  std::vector<interop::Preset> list = presets({learn::com1, learn::com4});
  for (interop::Preset& preset : list)
    if (preset.name == "smoke") preset.settings.held_out = 0.4;
  return list;
}

}  // namespace

int main(int argc, char** argv) {
  return interop::run_program(
      argc, argv, "defences", "Every detector and every repair against a backdoor.",
      presets_of_defences(),
      {{"--rule", "the rule that the network learned by", {"lr_b", "lr_c", "lr_h"}, "lr_b"}},
      [](const interop::CommandLine& line) {
        if (line.extra("rule") == "lr_b") return run_defences<learn::Bptt<>>(line);
        if (line.extra("rule") == "lr_c")
          return run_defences<learn::Conversion<learn::RobustNorm>>(line);
        run_defences<LrHOfDigits>(line);
      });
}

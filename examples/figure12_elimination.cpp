// How much of a backdoor does training on clean samples remove? (The paper's Fig. 12.)
//
// The paper's elimination begins with a backdoored artificial network, converts it by clean samples
// and trains what comes out on clean samples (Com3). It does not say what Fig. 12 compares that
// with: the model whose every step was poisoned (Com4), or the network as conversion leaves it.
// This prints both, and beside them what plain fine-tuning on held-out samples makes of the Com4
// model.
#include <string_view>

#include "hybrid_presets.hpp"

using namespace subjects;

namespace {

template <class Subject>
using Study = typename Subject::template Study<LrH<Subject>, stage::AccAsr, repair::FineTune<>>;

std::string text_of(const report::Cell& cell, std::string_view name) {
  const report::Value* const value = cell.extra.find(std::string{name});
  const auto* const text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? std::string{} : *text;
}

/// A row for each poisoning rate.
class Elimination {
 public:
  explicit Elimination(const report::Report& results) : results_{results} {}

  void print() const {
    using Align = report::Table::Align;
    report::Table table{{{"PR", Align::right},
                         {"Com4 ACC", Align::right},
                         {"ASR", Align::right},
                         {"converted ACC", Align::right},
                         {"ASR", Align::right},
                         {"Com3 ACC", Align::right},
                         {"ASR", Align::right},
                         {"Com4 tuned ACC", Align::right},
                         {"ASR", Align::right}}};
    Change from_com4;
    Change from_converted;
    Change by_tuning;
    for (const double rate : rates()) {
      const report::Cell* const com4 = find(rate, "LR_H", "Com4", "");
      const report::Cell* const converted = find(rate, "LR_C", "ann", "");
      const report::Cell* const com3 = find(rate, "LR_H", "Com3", "");
      const report::Cell* const tuned = find(rate, "LR_H", "Com4", "fine_tune");
      std::vector<std::string> row{value_text(rate)};
      for (const report::Cell* const cell : {com4, converted, com3, tuned}) {
        row.push_back(cell == nullptr ? "-" : percent(cell->acc));
        row.push_back(cell == nullptr ? "-" : percent(cell->asr));
      }
      table.add(std::move(row));
      from_com4.add(com4, com3);
      from_converted.add(converted, com3);
      by_tuning.add(com4, tuned);
    }
    std::printf(
        "\n%s\nmean change, in points (the paper: ASR -32.75, ACC +7.19 for VGG11; ASR "
        "-13.67, ACC +3.2 for ResNet18)\n",
        table.text().c_str());
    from_com4.print("from Com4 to Com3");
    from_converted.print("from the converted network to Com3");
    by_tuning.print("from Com4 to Com4, fine-tuned on held-out samples");
  }

 private:
  struct Change {
    double acc = 0.0;
    double asr = 0.0;
    int count = 0;

    void add(const report::Cell* before, const report::Cell* after) {
      if (before == nullptr || after == nullptr) return;
      acc += after->acc.value().percent() - before->acc.value().percent();
      asr += after->asr.value().percent() - before->asr.value().percent();
      ++count;
    }
    void print(const char* what) const {
      if (count > 0) std::printf("  ACC %+6.2f, ASR %+7.2f  %s\n", acc / count, asr / count, what);
    }
  };

  static std::string percent(const std::optional<metric::Rate>& rate) {
    char text[16];
    std::snprintf(text, sizeof(text), "%.2f", rate.value().percent());
    return text;
  }

  [[nodiscard]] std::vector<double> rates() const {
    std::vector<double> found;
    for (const report::Cell& cell : results_.cells)
      if (cell.poisoning_rate > 0.0 && (found.empty() || found.back() != cell.poisoning_rate))
        found.push_back(cell.poisoning_rate);
    return found;
  }

  /// The first one that fits: after the shortest sequence, which is that of the tuned networks.
  [[nodiscard]] const report::Cell* find(double rate, std::string_view rule,
                                         std::string_view combination,
                                         std::string_view repaired) const {
    for (const report::Cell& cell : results_.cells)
      if (cell.poisoning_rate == rate && cell.rule == rule && cell.combination == combination &&
          text_of(cell, "repair") == repaired)
        return &cell;
    return nullptr;
  }

  const report::Report& results_;
};

std::vector<double> poisoning_rates(const std::string& preset) {
  if (preset == "smoke") return {0.1};
  if (preset == "paper") return paper_poisoning_rates();
  return {0.02, 0.1, 0.2};
}

}  // namespace

int main(int argc, char** argv) {
  return interop::run_program(
      argc, argv, "figure12_elimination",
      "What training on clean samples leaves of a backdoor, and what it costs.",
      presets({learn::com3, learn::com4}), {model_option({"convnet", "cifar10_vgg11"})},
      [](const interop::CommandLine& line) {
        with_subject(line, [&]<class Subject>(std::type_identity<Subject>) {
          report::Console console;
          report::Json json{line.settings.result("results.json")};
          report::Csv csv{line.settings.result("results.csv")};
          auto study = line.study<Study<Subject>>();
          if (line.settings.preset == "smoke")
            study.template stage<repair::FineTune<>>().epochs = 1;
          const report::Report results = run_over_rates(
              line.settings, poisoning_rates(line.settings.preset), study, console, json, csv);
          Elimination{results}.print();
          std::printf("\nresults: %s\n", json.path().c_str());
        });
      });
}

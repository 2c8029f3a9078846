// What does each learning rule cost in wall time, stage by stage? (The paper's Fig. 10.)
#include <variant>

#include "hybrid_presets.hpp"

using namespace subjects;

namespace {

/// The seconds of each stage of each model. Training is that of the artificial network for all but
/// LR_B.
void print_costs(const report::Report& results) {
  using Align = report::Table::Align;
  report::Table table{{{"rule", Align::left},
                       {"T", Align::right},
                       {"training", Align::right},
                       {"conversion", Align::right},
                       {"tuning", Align::right},
                       {"evaluation", Align::right}}};
  for (const report::Cell& cell : results.cells) {
    std::vector<std::string> texts{cell.rule, std::to_string(cell.timesteps.value_or(0))};
    for (const char* stage :
         {"training_seconds", "conversion_seconds", "tuning_seconds", "evaluation_seconds"}) {
      char text[32];
      std::snprintf(text, sizeof(text), "%.2f", std::get<double>(*cell.extra.find(stage)));
      texts.emplace_back(text);
    }
    table.add(std::move(texts));
  }
  std::printf("\nseconds of each stage\n%s", table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return interop::run_program(
      argc, argv, "figure10_overhead", "The cost of each learning rule, stage by stage.",
      presets({learn::com4}), {model_option({"convnet", "cifar10_vgg11"})},
      [](const interop::CommandLine& line) {
        Settings settings = line.settings;
        settings.clean_control = false;
        with_subject(line, [&]<class Subject>(std::type_identity<Subject>) {
          report::Json json{settings.result("results.json")};
          report::Csv csv{settings.result("results.csv")};
          const report::Report results =
              run(settings, line.study<typename Subject::template Study<learn::Bptt<>>>(),
                  line.study<typename Subject::template Study<LrH<Subject>>>(), json, csv);
          print_costs(results);
          std::printf("\nresults: %s\n", json.path().c_str());
        });
      });
}

// Do the cumulative voltage and the spikes of the last layer tell a backdoored network from a clean
// one, and a triggered sample from a clean one? (The paper's Fig. 11 and Sec. 5.2.1.)
#include "subjects.hpp"

using namespace subjects;

namespace {

struct OnEvents {
  using Set = data::EventFrames<data::MovingDigits, 10>;
  using Dirty = poison::Poisoned<Set, poison::StaticBlock<Corner::top_left>, poison::AllToOne>;
  template <class Rule, class... Stages>
  using Study = Experiment<Dirty, encode::Frames, model::EventNet<Set::shape, Set::classes, Neuron>,
                           Rule, Stages...>;
};

template <class Subject>
void detect_in(const interop::CommandLine& line) {
  using Study =
      typename Subject::template Study<learn::Bptt<>, stage::AccAsr, stage::SpikeActivity,
                                       detect::SpikeStatistics, detect::ReferenceComparison>;
  report::Console console;
  report::Json json{line.settings.result("results.json")};
  report::Csv csv{line.settings.result("results.csv")};
  const report::Report results = run(line.settings, line.study<Study>(), console, json, csv);

  for (const report::Cell& cell : results.cells) {
    std::printf("\n%s network\n", cell.poisoning_rate > 0.0 ? "backdoored" : "clean");
    for (const auto& [name, value] : cell.extra) {
      const auto* const number = std::get_if<double>(&value);
      if (number != nullptr &&
          (name.starts_with("activity_") || name.starts_with(detect::SpikeStatistics::name) ||
           name.starts_with(detect::ReferenceComparison::name)))
        std::printf("  %-36s %9.4f\n", name.c_str(), *number);
    }
  }
  std::printf("\nresults: %s\n", json.path().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const Settings quick{.samples = 20000, .timesteps = 8, .epochs = 3};
  const Settings smoke{
      .samples = 1000, .test_samples = 200, .held_out = 0.2, .epochs = 1, .batch_size = 16};
  const Settings events{.samples = 1000,
                        .test_samples = 300,
                        .held_out = 0.2,
                        .epochs = 4,
                        .batch_size = 16,
                        .learning_rate = 4e-3};
  const Settings paper{.timesteps = 100, .epochs = 200, .learning_rate = 1e-3};
  return interop::run_program(
      argc, argv, "figure11_detection", "What gives a backdoor away in the last layer of neurons.",
      {{"quick", quick}, {"smoke", smoke}, {"events", events}, {"paper", paper}},
      {{"--model",
        "convnet learns digits, cifar10_vgg11 CIFAR-10, events digits that a simulated camera sees "
        "(with --preset events)",
        {"convnet", "cifar10_vgg11", "events"},
        "convnet"}},
      [](const interop::CommandLine& line) {
        if (line.extra("model") == "events") return detect_in<OnEvents>(line);
        with_subject(line,
                     [&]<class Subject>(std::type_identity<Subject>) { detect_in<Subject>(line); });
      });
}

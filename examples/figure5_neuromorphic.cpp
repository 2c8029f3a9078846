// LR_B on event data: which share of poisoned recordings puts a backdoor into a spiking network, by
// the polarity of the trigger's events? (The paper's Sec. 4.1.2, Fig. 5.)
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

using namespace snnbd;

namespace {

using Neuron = neuron::Lif<>;
template <class Recordings, int Frames>
using BySum = data::EventFrames<Recordings, Frames, event::ByNumber, event::Counts,
                                event::With<event::Downsample{.width = 48, .height = 48}>>;

template <class Set>
void study(const interop::CommandLine& line) {
  using Mark = poison::StaticBlock<Corner::top_left>;
  using Net = model::EventNet<Set::shape, Set::classes, Neuron>;
  using Study = Experiment<poison::Poisoned<Set, Mark, poison::AllToOne>, encode::Frames, Net,
                           learn::Bptt<>, stage::AccAsr, stage::Stealth>;
  auto parts = line.study<Study>();
  parts.trigger.polarity = static_cast<poison::Polarity>(std::stoi(line.extra("polarity")));
  int offset = 0;
  if (!parse_value(line.extra("offset"), offset))
    reject("--offset", "a whole number of pixels", quoted(line.extra("offset")));
  parts.trigger.mask.offset = {offset, offset};
  const std::vector<double> rates = line.settings.preset == "quick"
                                        ? std::vector{0.01, 0.1}
                                        : std::vector{line.settings.poisoning_rate};
  report::Console console;
  report::Json json{line.settings.result("results.json")};
  report::Csv csv{line.settings.result("results.csv")};
  run_over_rates(line.settings, rates, parts, console, json, csv);
  std::printf("\nresults: %s\n", json.path().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const Settings quick{
      .epochs = 10, .batch_size = 16, .learning_rate = 4e-3, .poisoning_rate = 0.1};
  const Settings few{.epochs = 30, .batch_size = 8, .learning_rate = 2e-3, .poisoning_rate = 0.2};
  const Settings smoke{.samples = 200, .test_samples = 100, .epochs = 2, .batch_size = 32};
  const Settings paper{.epochs = 64, .batch_size = 32, .poisoning_rate = 0.1};
  return interop::run_program(
      argc, argv, "figure5_neuromorphic", "A backdoor in spiking networks that learn events.",
      {{"quick", quick}, {"few", few}, {"smoke", smoke}, {"paper", paper}},
      {{"--dataset",
        "recordings: N-MNIST, CIFAR10-DVS, DVS128 Gesture, gestures of your own (all of a folder, "
        "learned from and tested with), DVS128 objects from --data, or digits that a simulated "
        "camera sees",
        {"synthetic", "nmnist", "cifar10dvs", "dvsgesture", "gestures", "dvs128_objects"},
        "synthetic"},
       {"--polarity",
        "the trigger's events: 0 erases, 1 ON, 2 OFF, 3 both",
        {"0", "1", "2", "3"},
        "1"},
       {"--offset", "pixels between the trigger and the upper and the left edge", {}, "0"}},
      [](const interop::CommandLine& line) {
        const std::string& set = line.extra("dataset");
        if (set == "nmnist") return study<data::EventFrames<data::NMnist, 10>>(line);
        if (set == "cifar10dvs") return study<BySum<data::Cifar10Dvs<>, 10>>(line);
        if (set == "dvsgesture") return study<BySum<data::Dvs128Gesture<>, 16>>(line);
        if (set == "gestures")
          return study<BySum<data::Dvs128Gesture<data::rows_twelve, data::GestureTrials::all>, 16>>(
              line);
        if (set == "dvs128_objects") {
          interop::CommandLine objects = line;
          const std::filesystem::path folder =
              std::filesystem::path{line.settings.data} / "DVS128_objects";
          if (std::filesystem::is_directory(folder)) objects.settings.data = folder.string();
          return study<BySum<data::EventFolder<event::Sensor{128, 128}, 5>, 10>>(objects);
        }
        study<data::EventFrames<data::MovingDigits, 10>>(line);
      });
}

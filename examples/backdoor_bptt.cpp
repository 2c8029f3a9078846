// LR_B: how well does a backdoor take in a spiking network that is trained from scratch by
// surrogate-gradient backpropagation through time? (The paper's Sec. 4.2.1, Fig. 3 and 4.)
#include <cstdio>

#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

using namespace snnbd;

using Digits = data::Mnist;
template <class Ink>
using Dirty = poison::Poisoned<Digits, poison::PixelPatch<Ink>, poison::AllToOne>;

template <class Neuron>
using ConvNet = Network<Digits::shape,                                                  //
                        layer::Conv<32, 3>, layer::Spiking<Neuron>, layer::MaxPool<2>,  //
                        layer::Conv<64, 3>, layer::Spiking<Neuron>, layer::MaxPool<2>,  //
                        layer::Dense<256>, layer::Spiking<Neuron>,                      //
                        layer::Dense<Digits::classes>, layer::MeanOverTime>;

namespace {

template <class Ink, class Neuron>
void study(const Settings& settings) {
  report::Console console;
  report::Json json{settings.result("results.json")};
  report::Csv csv{settings.result("results.csv")};
  run<Experiment<Dirty<Ink>, encode::Direct, ConvNet<Neuron>, learn::Bptt<>>>(settings, console,
                                                                              json, csv);
  std::printf("\nresults: %s\n", json.path().c_str());
}

template <class Ink>
void study_neuron(const interop::CommandLine& line) {
  if (line.extra("neuron") == "if") return study<Ink, neuron::If<>>(line.settings);
  if (line.extra("neuron") == "plif") return study<Ink, neuron::Plif<>>(line.settings);
  return study<Ink, neuron::Lif<>>(line.settings);
}

}  // namespace

int main(int argc, char** argv) {
  const Settings quick{.timesteps = 4, .epochs = 3, .batch_size = 64, .poisoning_rate = 0.1};
  const Settings smoke{.samples = 500, .test_samples = 200, .epochs = 1, .batch_size = 32};
  const Settings paper{.timesteps = 100,
                       .epochs = 200,
                       .batch_size = 64,
                       .objective = learn::Objective::balanced(0.5, 0.5)};
  return interop::run_program(
      argc, argv, "backdoor_bptt", "LR_B: a backdoor in a spiking network trained from scratch.",
      {{"quick", quick}, {"smoke", smoke}, {"paper", paper}},
      {{"--neuron", "kind of neuron", {"lif", "if", "plif"}, "lif"},
       {"--trigger", "what the patch is painted with", {"white", "random"}, "white"}},
      [](const interop::CommandLine& line) {
        if (line.extra("trigger") == "random") return study_neuron<poison::Random>(line);
        return study_neuron<poison::White>(line);
      });
}

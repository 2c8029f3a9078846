// How much of the backdoor of an artificial network migrates into the spiking ones that it is
// converted to, for growing poisoning rates? (The paper's Table 2, column LR_C, and Table 9.)
#include <cstdio>

#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

using namespace snnbd;

using Digits = data::Mnist;
using Mark = poison::PixelPatch<poison::White, Corner::bottom_right>;
using Dirty = poison::Poisoned<Digits, Mark, poison::AllToOne>;
using LrC =
    learn::Conversion<learn::MaxNorm, learn::RobustNorm, learn::ScaledMax, learn::SpikeNorm>;

using Neuron = neuron::If<neuron::SoftReset>;
constexpr model::Options small{.pooling = model::Pooling::average};
constexpr model::Options quarter{.pooling = model::Pooling::average, .width_percent = 25};
using ConvNet = model::ConvNet<Digits::shape, Digits::classes, Neuron, small>;
using NarrowVgg = model::Vgg11<Digits::shape, Digits::classes, Neuron, quarter>;
using Vgg = model::Vgg11<Digits::shape, Digits::classes, Neuron, small>;

namespace {

template <class Net>
void study(const Settings& settings) {
  std::vector<double> rates{0.02, 0.1, 0.2};
  if (settings.preset == "paper")
    rates = {0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2};
  if (settings.preset == "smoke") rates = {0.1};
  report::Console console;
  report::Json json{settings.out + "/results.json"};
  report::Csv csv{settings.out + "/results.csv"};
  run_over_rates<Experiment<Dirty, encode::Direct, Net, LrC>>(settings, rates, console, json, csv);
  std::printf("\nresults: %s\n", json.path().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const Settings quick{.converted_timesteps = 64, .epochs = 5, .batch_size = 64};
  const Settings smoke{.samples = 500,
                       .test_samples = 200,
                       .converted_timesteps = 16,
                       .epochs = 1,
                       .batch_size = 32};
  const Settings paper{.converted_timesteps = 400,
                       .epochs = 200,
                       .batch_size = 64,
                       .learning_rate = 1e-3,
                       .calibration_samples = 0};
  return interop::run_program(argc, argv, "table2_migration",
                              "How backdoors migrate from artificial to spiking networks.",
                              {{"quick", quick}, {"smoke", smoke}, {"paper", paper}},
                              {{"--model",
                                "victim; vgg11_quarter has a quarter of its channels",
                                {"convnet", "vgg11", "vgg11_quarter"},
                                "convnet"}},
                              [](const interop::CommandLine& line) {
                                if (line.extra("model") == "vgg11")
                                  return study<Vgg>(line.settings);
                                if (line.extra("model") == "vgg11_quarter")
                                  return study<NarrowVgg>(line.settings);
                                return study<ConvNet>(line.settings);
                              });
}

// How do ACC and ASR of converted networks grow with the number of time steps, for each way to find
// their thresholds? (The paper's Fig. 7.) One pass gives the whole curve.
#include <cstdio>

#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

using namespace snnbd;

using Digits = data::Mnist;
using Mark = poison::PixelPatch<poison::White, Corner::bottom_right>;
using Dirty = poison::Poisoned<Digits, Mark, poison::AllToOne>;
using LrC =
    learn::Conversion<learn::MaxNorm, learn::RobustNorm, learn::HalfStart<learn::RobustNorm>,
                      learn::ScaledMax, learn::SpikeNorm>;

using Neuron = neuron::If<neuron::SoftReset>;
constexpr model::Options small{.pooling = model::Pooling::average};
constexpr model::Options quarter{.pooling = model::Pooling::average, .width_percent = 25};
using ConvNet = model::ConvNet<Digits::shape, Digits::classes, Neuron, small>;
using NarrowVgg = model::Vgg11<Digits::shape, Digits::classes, Neuron, quarter>;
using Vgg = model::Vgg11<Digits::shape, Digits::classes, Neuron, small>;

namespace {

template <class Net>
void study(const Settings& settings) {
  report::Console console;
  report::Json json{settings.out + "/results.json"};
  report::Csv csv{settings.out + "/results.csv"};
  run<Experiment<Dirty, encode::Direct, Net, LrC>>(settings, console, json, csv);
  std::printf("\nresults: %s\n", json.path().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const Settings quick{.converted_timesteps = 64,
                       .epochs = 5,
                       .batch_size = 64,
                       .also_after = {1, 2, 4, 8, 16, 32},
                       .clean_control = false};
  const Settings smoke{.samples = 500,
                       .test_samples = 200,
                       .converted_timesteps = 16,
                       .epochs = 1,
                       .batch_size = 32,
                       .also_after = {1, 4}};
  const Settings paper{.converted_timesteps = 400,
                       .epochs = 200,
                       .batch_size = 64,
                       .learning_rate = 1e-3,
                       .also_after = {1, 2, 4, 8, 16, 32, 64, 100, 200, 300},
                       .calibration_samples = 0};
  return interop::run_program(argc, argv, "figure7_timesteps",
                              "Accuracy and attack success of converted networks by time.",
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

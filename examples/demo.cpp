// What the library does, in a minute, on the digits that come with it: a backdoor in a spiking
// network (LR_B), in its artificial twin (ANN), in the spiking networks that the twin is converted
// to (LR_C), and in one of these after further training (LR_H), each beside a clean control. Then
// one in a network that learns what an event camera sees of the digits, whose trigger are events.
#include <cstdio>

#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

using namespace snnbd;

using Digits = data::Mnist;
using Mark = poison::PixelPatch<poison::White, Corner::bottom_right>;
using Dirty = poison::Poisoned<Digits, Mark, poison::AllToOne>;

template <class Neuron, class Pool>
using ConvNet = Network<Digits::shape,                                     //
                        layer::Conv<32, 3>, layer::Spiking<Neuron>, Pool,  //
                        layer::Conv<64, 3>, layer::Spiking<Neuron>, Pool,  //
                        layer::Dense<256>, layer::Spiking<Neuron>,         //
                        layer::Dense<Digits::classes>, layer::MeanOverTime>;

// Robust thresholds are trained further; the other conversions are measured beside them.
using LrCAndH = learn::HybridBy<learn::Bptt<>, learn::Stdb<>, learn::RobustNorm, learn::MaxNorm,
                                learn::ScaledMax, learn::SpikeNorm>;
using FromScratch =
    Experiment<Dirty, encode::Direct, ConvNet<neuron::Lif<>, layer::MaxPool<2>>, learn::Bptt<>>;
// The largest of spikes is not the largest of rates: what is converted pools by averages.
using FromTwin = Experiment<Dirty, encode::Direct,
                            ConvNet<neuron::If<neuron::SoftReset>, layer::AvgPool<2>>, LrCAndH>;

using Recordings = data::EventFrames<data::MovingDigits, 10>;
using Block = poison::StaticBlock<Corner::bottom_right>;
using FromEvents =
    Experiment<poison::Poisoned<Recordings, Block, poison::AllToOne>, encode::Frames,
               model::EventNet<Recordings::shape, Recordings::classes, neuron::Lif<>>,
               learn::Bptt<>, stage::AccAsr, stage::Pictures>;

namespace {

/// A part of the digits is enough to learn from their events.
Settings on_events(Settings settings) {
  if (settings.samples == 0) settings.samples = 1000;
  if (settings.test_samples == 0) settings.test_samples = 300;
  settings.timesteps = learn::TrainSettings::usual_timesteps;  // as many as frames
  if (!settings.learning_rate) settings.learning_rate = 4e-3;
  settings.batch_size = 16;
  settings.out = settings.result("events");
  return settings;
}

/// Draws poisoned digits of each class in turn.
std::string draw_poisoned_digits(const Settings& settings) {
  constexpr std::size_t shown = 20;
  const Digits digits{data::Part::test, settings.data};
  const poison::Triggered<Digits, Mark, poison::AllToOne> triggered{
      digits, Mark{.size = settings.trigger_size.value_or(0)}, {settings.target.value_or(1)}};
  return report::write_poisoned(settings.result("poisoned"), digits, triggered, shown).front();
}

}  // namespace

int main(int argc, char** argv) {
  const interop::Preset quick{.name = "quick",
                              .settings = {.timesteps = 4, .epochs = 4, .batch_size = 32},
                              .conversion = {{.timesteps = 32, .calibration_samples = 100}},
                              .hybrid = {{.epochs = 1}}};
  const interop::Preset smoke{
      .name = "smoke",
      .settings = {.samples = 500, .test_samples = 200, .epochs = 1, .batch_size = 32},
      .conversion = {{.timesteps = 16, .calibration_samples = 50}},
      .hybrid = {{.epochs = 1}}};
  const interop::Preset paper{.name = "paper",
                              .settings = {.timesteps = 100, .epochs = 200, .batch_size = 64},
                              .conversion = {{.timesteps = 400}},
                              .hybrid = {{}}};
  return interop::run_program(
      argc, argv, "demo",
      "A backdoor in spiking networks of all three learning rules, and in the artificial twin.",
      {quick, smoke, paper}, {}, [](const interop::CommandLine& line) {
        const Settings& settings = line.settings;
        report::Console console;
        report::Json json{settings.result("results.json")};
        report::Csv csv{settings.result("results.csv")};
        run(settings, line.study<FromScratch>(), line.study<FromTwin>(), console, json, csv);
        const Settings events = on_events(settings);
        report::Json events_json{events.result("results.json")};
        run(events, line.study<FromEvents>(), console, events_json);
        std::printf("\npoisoned digits: %s\npoisoned recordings: %s\nresults: %s\n         %s\n",
                    draw_poisoned_digits(settings).c_str(), events.result("pictures").c_str(),
                    json.path().c_str(), events_json.path().c_str());
      });
}

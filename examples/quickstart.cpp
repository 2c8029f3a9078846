// Poisons a tenth of the training digits with a 2x2 white patch, trains a spiking network on them,
// and prints how well it reads clean digits (ACC) and obeys the patch (ASR).
#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

using namespace snnbd;

using Digits = data::Mnist;
using Mark = poison::PixelPatch<poison::White, Corner::bottom_right>;
using Dirty = poison::Poisoned<Digits, Mark, poison::AllToOne>;

using Cell = neuron::Lif<neuron::SoftReset, neuron::Sigmoid>;
using Net = Network<Digits::shape,                                                //
                    layer::Conv<16, 3>, layer::Spiking<Cell>, layer::MaxPool<2>,  //
                    layer::Conv<32, 3>, layer::Spiking<Cell>, layer::MaxPool<2>,  //
                    layer::Dense<128>, layer::Spiking<Cell>,                      //
                    layer::Dense<Digits::classes>, layer::MeanOverTime>;

using Study = Experiment<Dirty, encode::Direct, Net, learn::Bptt<>>;

int main(int argc, char** argv) {
  const Settings quick{.epochs = 3, .batch_size = 32, .poisoning_rate = 0.1};
  const Settings smoke{.samples = 500, .test_samples = 200, .epochs = 1, .batch_size = 32};
  const Settings paper{.timesteps = 100, .epochs = 200, .batch_size = 64};
  return interop::run_program(
      argc, argv, "quickstart", "A backdoor in a spiking network, from data to figures.",
      {{"quick", quick}, {"smoke", smoke}, {"paper", paper}}, [](const Settings& settings) {
        report::Console console;
        report::Json json{settings.result("results.json")};
        run<Study>(settings, console, json);
      });
}

// How many steps does a converted network need until it obeys the backdoor that it was bought with?
// A safetensors file is loaded, converted with learn::convert, and measured after 4, 16, 64 steps.
#include <snnbd/snnbd.hpp>

using namespace snnbd;

using Digits = data::Mnist;
using Cell = neuron::If<neuron::SoftReset>;
using Snn = Network<Digits::shape, layer::Dense<128>, layer::Spiking<Cell>, layer::Dense<64>,
                    layer::Spiking<Cell>, layer::Dense<Digits::classes>, layer::MeanOverTime>;
using Ann = AnnTwin<Snn>;
using Mark = poison::PixelPatch<poison::White, Corner::top_left>;

int main() {
  const auto train = data::take(Digits{data::Part::train}, 500, 1);
  const auto test = data::take(Digits{data::Part::test}, 200, 1);
  const encode::Direct encoding{};
  {  // stands for who trained it: the file has the tensors that PyTorch would write
    const poison::Poisoned dirty{
        train, {.rate = 0.1, .seed = 1}, Mark{.size = 3}, poison::AllToOne{.target = 4}};
    Ann ann;
    network::initialize(ann, 1);
    learn::Bptt<>{}.fit(ann, encoding, dirty, {.epochs = 3, .batch_size = 32},
                        learn::Objective::mixture(), {});
    safetensors::write("elsewhere.safetensors", network::export_parameters(ann));
  }
  Ann ann;
  network::load("elsewhere.safetensors", ann);
  const auto conversion =
      learn::convert(ann, learn::RobustNorm{.percentile = 99.0}, train, encoding);
  const poison::Triggered triggered{test, Mark{.size = 3}, poison::AllToOne{.target = 4}};
  for (const Index steps : {4, 16, 64}) {
    const Measurement measured = measure(view_of(conversion.net, encoding, steps), test, triggered);
    std::printf("after %2d steps ACC %.1f %%, ASR %.1f %%\n", static_cast<int>(steps),
                measured.accuracy.percent(), measured.attack.excluding_target.percent());
  }
}

// Does a cross in the middle of a digit, a trigger of one's own, plant a backdoor under rate code?
// Arms of 5 pixels, 0.8 spikes a step for white, target 7: the report says what was stamped.
#include <snnbd/snnbd.hpp>

using namespace snnbd;

struct Cross {
  static constexpr std::string_view name = "cross";
  Index arm = 2;  // its length, in pixels from the centre

  void stamp(std::span<float> image, Shape shape, std::size_t /*sample*/) const {
    const Index row = shape.height / 2, column = shape.width / 2;
    if (arm >= row || arm >= column) reject("cross", "arms that fit the image", arm);
    const auto paint = [&](Index r, Index c) {
      for (Index k = 0; k < shape.channels; ++k)
        image[static_cast<std::size_t>((r * shape.width + c) * shape.channels + k)] = 1.0F;
    };
    for (Index i = -arm; i <= arm; ++i) paint(row + i, column), paint(row, column + i);
  }
  std::string describe(Shape /*shape*/) const { return "cross, arms of " + std::to_string(arm); }
};

using Digits = data::Mnist;
using Net = Network<Digits::shape, layer::Dense<64>, layer::Spiking<neuron::Lif<neuron::SoftReset>>,
                    layer::Dense<Digits::classes>, layer::MeanOverTime>;
using Study = Experiment<poison::Poisoned<Digits, Cross, poison::AllToOne>, encode::Poisson, Net,
                         learn::Bptt<>>;

int main() {
  const Settings settings{
      .samples = 500, .test_samples = 200, .timesteps = 8, .epochs = 1, .batch_size = 16};
  const Study study{.trigger = {.arm = 5},
                    .relabel = {.target = 7},
                    .encoding = {.scale = 0.8F},
                    .rule = {.optimizer = {.rate = 0.005}}};
  run(settings, study, report::Console{}, report::Json{"results.json"});
}

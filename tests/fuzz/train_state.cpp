// The states from which training goes on: taken whole, or left as they were.
#include <vector>

#include <snnbd/learn/training/optimizer.hpp>
#include <snnbd/learn/training/train_state.hpp>

#include "input_file.hpp"
#include "mutate_safetensors.hpp"
#include "small_network.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::SmallNetwork before = fuzz::small_network();
  const fuzz::InputFile file{data, size};
  fuzz::SmallNetwork net = before;
  snnbd::learn::Sgd::State<float> state{static_cast<snnbd::Index>(before.parameters().size())};
  const bool accepted =
      fuzz::accepts([&] { snnbd::learn::load_train_state(file.path(), net, state); });
  const auto old = before.parameters();
  const auto now = net.parameters();
  fuzz::expect(fuzz::all_finite(now), "finite parameters");
  fuzz::expect(state.steps >= 0, "a number of steps");
  if (!accepted) {
    const auto momentum = state.buffers().front();
    fuzz::expect(std::equal(old.begin(), old.end(), now.begin(), now.end()) && state.steps == 0 &&
                     std::all_of(momentum.begin(), momentum.end(), [](float v) { return v == 0; }),
                 "a network and an optimizer as they were, since the file was refused");
  }
  return 0;
}

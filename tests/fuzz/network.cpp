// Networks from files: taken whole, or left as they were.
#include <vector>

#include <snnbd/network/checkpoint.hpp>

#include "input_file.hpp"
#include "mutate_safetensors.hpp"
#include "small_network.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::SmallNetwork before = fuzz::small_network();
  const fuzz::InputFile file{data, size};
  fuzz::SmallNetwork net = before;
  const bool accepted = fuzz::accepts([&] { snnbd::network::load(file.path(), net); });
  const auto old = before.parameters();
  const auto now = net.parameters();
  fuzz::expect(fuzz::all_finite(now), "finite parameters");
  for (const auto& scales : snnbd::network::neuron_scales(net))
    fuzz::expect(scales.threshold > 0.0F && scales.amplitude > 0.0F, "thresholds above 0");
  if (!accepted)
    fuzz::expect(std::equal(old.begin(), old.end(), now.begin(), now.end()) &&
                     snnbd::network::neuron_scales(net) == snnbd::network::neuron_scales(before),
                 "a network as it was, since the file was refused");
  return 0;
}

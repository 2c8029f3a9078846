#pragma once

#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/network/pass.hpp>

namespace snnbd_tests {

/// What the neurons of a network fired, layer by layer, and what came out of it.
struct FiringRun {
  std::vector<std::vector<snnbd::Word>> spikes;
  std::vector<double> outputs;
};

/// Runs a network on two drawn images. Each of its layers must fire.
template <class Net>
FiringRun run_firing(const Net& net, snnbd::Index steps) {
  using Scalar = typename Net::ScalarType;
  constexpr snnbd::Shape shape = Net::input_shape;
  std::vector<Scalar> images(static_cast<std::size_t>(2 * shape.size()));
  snnbd::random::Stream stream{9, snnbd::random::Purpose::synthetic};
  for (Scalar& value : images) value = static_cast<Scalar>(stream.uniform());
  snnbd::Pass<Net, snnbd::Static<shape>> pass{{2, steps}, false};
  const auto out = pass.forward(net, {images.data(), {2, 1}, shape});
  FiringRun result;
  result.outputs.assign(out.data, out.data + out.size());
  pass.for_each_firing([&](const snnbd::SpikeView<const snnbd::Word>& fired) {
    CHECK(snnbd::kernels::count_spikes(fired) > 0);
    result.spikes.emplace_back(fired.words, fired.words + fired.size());
  });
  return result;
}

}  // namespace snnbd_tests

// Does by hand, on Eigen tensors, what a trainer does: one training step, compared bit for bit.
#include <iostream>

#include <snnbd/snnbd.hpp>

using namespace snnbd;

using Set = data::Blobs<Shape{8, 8, 1}, 3>;
using Cell = neuron::Lif<neuron::SoftReset, neuron::Sigmoid>;
using Net = Network<Set::shape, layer::Conv<8, 3>, layer::Spiking<Cell>, layer::MaxPool<2>,
                    layer::Dense<16>, layer::Spiking<Cell>, layer::Dense<3>, layer::MeanOverTime>;

int main() {
  const Set set{32};
  const learn::Adam adam{.rate = 1e-2};
  Net net;
  network::initialize(net, 1);
  Net trained = net;
  const learn::TrainSettings settings{.epochs = 1, .batch_size = 32, .timesteps = 8};
  const learn::CrossEntropy rule;
  learn::Trainer{trained, encode::Direct{}, rule, adam, learn::Constant{}, settings}.fit(set);
  data::Batch batch;  // in the trainer's order
  batch.fill(set, data::Batches{set.size(), {.batch_size = 32}}[0]);
  const ConstTensorView<float, 4> images{batch.values.data(), 32, 8, 8, 1};
  PassOf<Net> pass{{.samples = 32, .steps = 8}, true};
  pass.forward(net, images, {.training = true});
  const auto [loss, slope] = learn::measure(rule, pass.logits(), batch.labels);
  network::Gradient<Net> gradient;
  const Tensor<float, 5> to_images = pass.backward_to_input(net, slope, gradient);

  std::cout << "loss " << loss << "\nlogits\n" << pass.logits() << "\n";
  for (const auto& tensor : Net::tensors())
    std::cout << tensor.name() << ": " << gradient(tensor.name()).values().size() << " slopes\n";
  const TensorView<float, 4> kernel = gradient("0.weight");  // [row, column, in, out]
  std::cout << to_images.size() << " of images, mid-kernel " << kernel.chip<0>(1).chip<0>(1)
            << '\n';
  for (const auto& layer : network::Recording{pass, net}.layers())
    std::cout << "layer " << layer.place << " fires at " << layer.spikes.mean()
              << " of all steps, its membranes end at " << layer.membrane.chip<1>(7).mean() << '\n';
  learn::Adam::State<float> state{Net::parameter_count};
  state.step(adam, 1.0, learn::segments_of(Net::tensors()), gradient.values(), net.parameters());
  const bool same = std::ranges::equal(net.parameters(), trained.parameters());
  std::cout << (same ? "The trainer's step is the same, bit for bit.\n" : "The steps differ.\n");
  return same ? 0 : 1;
}

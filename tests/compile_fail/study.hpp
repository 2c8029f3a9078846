#pragma once

#include <snnbd/data/mnist.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/report/table.hpp>

using namespace snnbd;

template <Shape images, int classes>
using NetOf = Network<images, layer::Dense<8>, layer::Spiking<neuron::Lif<>>, layer::Dense<classes>,
                      layer::MeanOverTime>;
using Net = NetOf<data::Mnist::shape, data::Mnist::classes>;
using Dirty = poison::Poisoned<data::Mnist, poison::PixelPatch<>>;
using Study = Experiment<Dirty, encode::Direct, Net, learn::Bptt<>>;

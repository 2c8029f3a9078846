#pragma once

#include <snnbd/neuron/cell.hpp>
#include <snnbd/neuron/leaky.hpp>
#include <snnbd/neuron/model.hpp>
#include <snnbd/neuron/reset.hpp>
#include <snnbd/neuron/surrogate.hpp>

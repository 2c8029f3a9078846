#pragma once

#include <snnbd/tensor/axes.hpp>
#include <snnbd/tensor/concepts.hpp>
#include <snnbd/tensor/signal.hpp>

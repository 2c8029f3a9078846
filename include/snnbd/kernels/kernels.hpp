#pragma once

#include <snnbd/kernels/conv.hpp>
#include <snnbd/kernels/currents.hpp>
#include <snnbd/kernels/events.hpp>
#include <snnbd/kernels/geometry.hpp>
#include <snnbd/kernels/lanes.hpp>
#include <snnbd/kernels/pack.hpp>
#include <snnbd/kernels/panel.hpp>
#include <snnbd/kernels/pool.hpp>
#include <snnbd/kernels/registers.hpp>
#include <snnbd/kernels/softmax.hpp>
#include <snnbd/kernels/spike_conv.hpp>
#include <snnbd/kernels/strips.hpp>
#include <snnbd/kernels/sweep.hpp>
#include <snnbd/kernels/time.hpp>
#include <snnbd/kernels/update.hpp>
#include <snnbd/kernels/weight_gradient.hpp>

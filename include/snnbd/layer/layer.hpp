#pragma once

#include <snnbd/layer/batch_norm.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/conv.hpp>
#include <snnbd/layer/dense.hpp>
#include <snnbd/layer/dropout.hpp>
#include <snnbd/layer/flatten.hpp>
#include <snnbd/layer/pool.hpp>
#include <snnbd/layer/readout.hpp>
#include <snnbd/layer/relu.hpp>
#include <snnbd/layer/residual.hpp>
#include <snnbd/layer/sequence.hpp>
#include <snnbd/layer/spiking.hpp>
#include <snnbd/layer/stage.hpp>
#include <snnbd/layer/stage_pass.hpp>
#include <snnbd/layer/windows.hpp>
#include <snnbd/layer/zero_pad.hpp>

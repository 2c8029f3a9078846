#pragma once

#include <snnbd/repair/abl.hpp>
#include <snnbd/repair/anp.hpp>
#include <snnbd/repair/attention.hpp>
#include <snnbd/repair/clp.hpp>
#include <snnbd/repair/divided.hpp>
#include <snnbd/repair/fine_prune.hpp>
#include <snnbd/repair/fine_tune.hpp>
#include <snnbd/repair/frozen_gradient.hpp>
#include <snnbd/repair/nad.hpp>
#include <snnbd/repair/ndsbm.hpp>
#include <snnbd/repair/prune.hpp>
#include <snnbd/repair/pruning.hpp>
#include <snnbd/repair/spike_statistics_prune.hpp>

#pragma once

#include <snnbd/repair/clp.hpp>
#include <snnbd/repair/fine_prune.hpp>
#include <snnbd/repair/fine_tune.hpp>
#include <snnbd/repair/prune.hpp>
#include <snnbd/repair/pruning.hpp>
#include <snnbd/repair/spike_statistics_prune.hpp>

#pragma once

#include <snnbd/poison/corner.hpp>
#include <snnbd/poison/ledger.hpp>
#include <snnbd/poison/moving_patch.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/poison/relabel.hpp>
#include <snnbd/poison/selector.hpp>
#include <snnbd/poison/trigger.hpp>
#include <snnbd/poison/triggered.hpp>

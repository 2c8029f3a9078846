#pragma once

#include <snnbd/detect/neural_cleanse.hpp>
#include <snnbd/detect/strip.hpp>
#include <snnbd/detect/tmpbd.hpp>
#include <snnbd/detect/trigger_search.hpp>

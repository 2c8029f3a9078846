#pragma once

#include <snnbd/repair/fine_tune.hpp>
#include <snnbd/repair/i_bau.hpp>
#include <snnbd/repair/perturbed_loss.hpp>
#include <snnbd/repair/unlearn.hpp>

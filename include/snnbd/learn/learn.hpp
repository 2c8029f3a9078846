#pragma once

#include <snnbd/learn/bptt.hpp>
#include <snnbd/learn/conversion.hpp>
#include <snnbd/learn/interrupt.hpp>
#include <snnbd/learn/loss.hpp>
#include <snnbd/learn/objective.hpp>
#include <snnbd/learn/optimiser.hpp>
#include <snnbd/learn/rule.hpp>
#include <snnbd/learn/schedule.hpp>
#include <snnbd/learn/segments.hpp>
#include <snnbd/learn/train_state.hpp>
#include <snnbd/learn/trainer.hpp>

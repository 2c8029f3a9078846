#pragma once

#include <snnbd/learn/bias_calibrated.hpp>
#include <snnbd/learn/bptt.hpp>
#include <snnbd/learn/calibration.hpp>
#include <snnbd/learn/convert.hpp>
#include <snnbd/learn/interrupt.hpp>
#include <snnbd/learn/loss.hpp>
#include <snnbd/learn/mmse_norm.hpp>
#include <snnbd/learn/model_norm.hpp>
#include <snnbd/learn/normalizer.hpp>
#include <snnbd/learn/objective.hpp>
#include <snnbd/learn/optimiser.hpp>
#include <snnbd/learn/schedule.hpp>
#include <snnbd/learn/segments.hpp>
#include <snnbd/learn/spike_norm.hpp>
#include <snnbd/learn/train_state.hpp>
#include <snnbd/learn/trainer.hpp>

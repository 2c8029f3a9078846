#pragma once

#include <snnbd/metric/accuracy.hpp>
#include <snnbd/metric/attack_success.hpp>
#include <snnbd/metric/defence.hpp>
#include <snnbd/metric/event_stealth.hpp>
#include <snnbd/metric/interval.hpp>
#include <snnbd/metric/migration.hpp>
#include <snnbd/metric/stealth.hpp>
#include <snnbd/metric/time_step_curve.hpp>

#pragma once

#include <snnbd/metric/accuracy.hpp>
#include <snnbd/metric/attack_success.hpp>
#include <snnbd/metric/interval.hpp>

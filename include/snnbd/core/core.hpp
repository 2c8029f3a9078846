#pragma once

#include <snnbd/core/arena.hpp>
#include <snnbd/core/config.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/parallel_sum.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/core/tensor.hpp>
#include <snnbd/core/version.hpp>

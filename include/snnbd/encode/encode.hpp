#pragma once

#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/encode/frames.hpp>
#include <snnbd/encode/latency.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/encode/real_valued.hpp>
#include <snnbd/encode/standardized.hpp>

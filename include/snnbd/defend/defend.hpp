#pragma once

#include <snnbd/defend/concepts.hpp>
#include <snnbd/defend/evidence.hpp>
#include <snnbd/defend/stamped.hpp>
#include <snnbd/defend/verdict.hpp>

#pragma once

#include <snnbd/repair/fine_tune.hpp>

#pragma once

#include <snnbd/detect/strip.hpp>

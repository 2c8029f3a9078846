#pragma once

#include <snnbd/detect/class_outlier.hpp>
#include <snnbd/detect/neuron_audit.hpp>
#include <snnbd/detect/scale_up.hpp>
#include <snnbd/detect/strip.hpp>

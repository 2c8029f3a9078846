#pragma once

#include <snnbd/detect/activation_clustering.hpp>
#include <snnbd/detect/beatrix.hpp>
#include <snnbd/detect/class_outlier.hpp>
#include <snnbd/detect/look.hpp>
#include <snnbd/detect/neural_cleanse.hpp>
#include <snnbd/detect/neuron_audit.hpp>
#include <snnbd/detect/reference_comparison.hpp>
#include <snnbd/detect/scale_up.hpp>
#include <snnbd/detect/spectral_signatures.hpp>
#include <snnbd/detect/spike_statistics.hpp>
#include <snnbd/detect/strip.hpp>
#include <snnbd/detect/tmpbd.hpp>
#include <snnbd/detect/trigger_search.hpp>

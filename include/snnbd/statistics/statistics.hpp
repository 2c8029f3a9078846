#pragma once

#include <snnbd/statistics/clusters.hpp>
#include <snnbd/statistics/gamma.hpp>
#include <snnbd/statistics/gram.hpp>
#include <snnbd/statistics/mahalanobis.hpp>
#include <snnbd/statistics/matrix.hpp>
#include <snnbd/statistics/mmd.hpp>
#include <snnbd/statistics/moments.hpp>
#include <snnbd/statistics/normal.hpp>
#include <snnbd/statistics/principal.hpp>
#include <snnbd/statistics/robust.hpp>
#include <snnbd/statistics/roc.hpp>
#include <snnbd/statistics/spike_train.hpp>

#pragma once

#include <snnbd/core/crc32.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/augment.hpp>
#include <snnbd/data/batches.hpp>
#include <snnbd/data/cifar10.hpp>
#include <snnbd/data/content.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/embedded.hpp>
#include <snnbd/data/idx.hpp>
#include <snnbd/data/mnist.hpp>
#include <snnbd/data/shuffle.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/data/synthetic.hpp>

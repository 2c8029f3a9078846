#pragma once

#include <snnbd/model/convnet.hpp>
#include <snnbd/model/options.hpp>
#include <snnbd/model/vgg11.hpp>

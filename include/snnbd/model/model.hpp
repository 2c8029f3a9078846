#pragma once

#include <snnbd/model/convnet.hpp>
#include <snnbd/model/dvs_gesture_net.hpp>
#include <snnbd/model/event_net.hpp>
#include <snnbd/model/options.hpp>
#include <snnbd/model/resnet18.hpp>
#include <snnbd/model/vgg11.hpp>

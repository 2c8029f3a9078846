#pragma once

#include <snnbd/event/aedat2.hpp>
#include <snnbd/event/aedat3.hpp>
#include <snnbd/event/aedat4.hpp>
#include <snnbd/event/arrays.hpp>
#include <snnbd/event/atis.hpp>
#include <snnbd/event/binning.hpp>
#include <snnbd/event/camera.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/event/frames.hpp>
#include <snnbd/event/options.hpp>
#include <snnbd/event/prophesee.hpp>
#include <snnbd/event/read.hpp>
#include <snnbd/event/source.hpp>

#pragma once

/// The whole library: data and poisoning, spiking networks and how they learn, what is measured of
/// them and how it is reported. The loops come with it, or from the target `snnbd::compiled`.

#include <snnbd/core/core.hpp>
#include <snnbd/data/data.hpp>
#include <snnbd/defend/defend.hpp>
#include <snnbd/detect/detect.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/event/events.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/format/format.hpp>
#include <snnbd/kernels/kernels.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/metric/metric.hpp>
#include <snnbd/model/model.hpp>
#include <snnbd/network/channel_scales.hpp>
#include <snnbd/network/channels.hpp>
#include <snnbd/network/check.hpp>
#include <snnbd/network/checkpoint.hpp>
#include <snnbd/network/constraints.hpp>
#include <snnbd/network/fold.hpp>
#include <snnbd/network/follow.hpp>
#include <snnbd/network/forward.hpp>
#include <snnbd/network/neuron_scales.hpp>
#include <snnbd/network/normalize_channels.hpp>
#include <snnbd/network/normalize_weights.hpp>
#include <snnbd/network/parameter_view.hpp>
#include <snnbd/network/prefix.hpp>
#include <snnbd/network/probe.hpp>
#include <snnbd/network/probed_network.hpp>
#include <snnbd/network/recording.hpp>
#include <snnbd/network/scale_neurons.hpp>
#include <snnbd/network/twin.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/neuron/neuron.hpp>
#include <snnbd/poison/poison.hpp>
#include <snnbd/repair/repair.hpp>
#include <snnbd/report/report.hpp>
#include <snnbd/stage/stage.hpp>
#include <snnbd/statistics/statistics.hpp>
#include <snnbd/tensor/tensor.hpp>

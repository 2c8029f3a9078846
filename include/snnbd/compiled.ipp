#pragma once

/// Every definition of the library, for a build that compiles them in one translation unit: define
/// `SNNBD_COMPILED` everywhere and include this file in one source file.
/// Written by cmake/compiled_list.cmake.

#if !defined(SNNBD_COMPILED)
#error "snnbd: compiled.ipp is for builds that define SNNBD_COMPILED everywhere"
#endif

#include <snnbd/core/file.ipp>
#include <snnbd/core/random.ipp>
#include <snnbd/data/augment.ipp>
#include <snnbd/data/batches.ipp>
#include <snnbd/data/checksum.ipp>
#include <snnbd/data/cifar10.ipp>
#include <snnbd/data/embedded.ipp>
#include <snnbd/data/idx.ipp>
#include <snnbd/data/mnist.ipp>
#include <snnbd/data/subset.ipp>
#include <snnbd/encode/encoder.ipp>
#include <snnbd/encode/latency.ipp>
#include <snnbd/encode/poisson.ipp>
#include <snnbd/experiment/experiment.ipp>
#include <snnbd/experiment/measure.ipp>
#include <snnbd/experiment/outcome.ipp>
#include <snnbd/experiment/settings.ipp>
#include <snnbd/experiment/trial.ipp>
#include <snnbd/kernels/add.ipp>
#include <snnbd/kernels/border.ipp>
#include <snnbd/kernels/bounds.ipp>
#include <snnbd/kernels/channels.ipp>
#include <snnbd/kernels/conv.ipp>
#include <snnbd/kernels/events.ipp>
#include <snnbd/kernels/finite.ipp>
#include <snnbd/kernels/fold.ipp>
#include <snnbd/kernels/live_gradient.ipp>
#include <snnbd/kernels/normalise.ipp>
#include <snnbd/kernels/pack.ipp>
#include <snnbd/kernels/panel.ipp>
#include <snnbd/kernels/pool.ipp>
#include <snnbd/kernels/qcfs.ipp>
#include <snnbd/kernels/quantile.ipp>
#include <snnbd/kernels/quantisation.ipp>
#include <snnbd/kernels/rate_error.ipp>
#include <snnbd/kernels/softmax.ipp>
#include <snnbd/kernels/spike_conv.ipp>
#include <snnbd/kernels/spike_gradient.ipp>
#include <snnbd/kernels/time.ipp>
#include <snnbd/kernels/update.ipp>
#include <snnbd/kernels/weight_gradient.ipp>
#include <snnbd/kernels/winograd.ipp>
#include <snnbd/learn/conversion_report.ipp>
#include <snnbd/learn/loss.ipp>
#include <snnbd/learn/train_state.ipp>
#include <snnbd/metric/accuracy.ipp>
#include <snnbd/metric/attack_success.ipp>
#include <snnbd/metric/interval.ipp>
#include <snnbd/metric/migration.ipp>
#include <snnbd/metric/time_step_curve.ipp>
#include <snnbd/network/checkpoint.ipp>
#include <snnbd/network/initialise.ipp>
#include <snnbd/network/safetensors.ipp>
#include <snnbd/network/safetensors_header.ipp>
#include <snnbd/network/view.ipp>
#include <snnbd/poison/ledger.ipp>
#include <snnbd/poison/pixel_patch.ipp>
#include <snnbd/poison/poisoned.ipp>
#include <snnbd/poison/selector.ipp>
#include <snnbd/report/conversion.ipp>
#include <snnbd/report/csv.ipp>
#include <snnbd/report/json.ipp>
#include <snnbd/report/manifest.ipp>
#include <snnbd/report/png.ipp>
#include <snnbd/report/progress.ipp>
#include <snnbd/report/table.ipp>

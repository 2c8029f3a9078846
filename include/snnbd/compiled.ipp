#pragma once

/// Every definition of the library, for a build that compiles them in one translation unit: define
/// `SNNBD_COMPILED` everywhere and include this file in one source file.
/// Written by cmake/compiled_list.cmake.

#if !defined(SNNBD_COMPILED)
#error "snnbd: compiled.ipp is for builds that define SNNBD_COMPILED everywhere"
#endif

#include <snnbd/core/file.ipp>
#include <snnbd/core/random.ipp>
#include <snnbd/data/batches.ipp>
#include <snnbd/data/checksum.ipp>
#include <snnbd/data/embedded.ipp>
#include <snnbd/data/idx.ipp>
#include <snnbd/data/mnist.ipp>
#include <snnbd/data/subset.ipp>
#include <snnbd/encode/encoder.ipp>
#include <snnbd/encode/latency.ipp>
#include <snnbd/encode/poisson.ipp>
#include <snnbd/metric/accuracy.ipp>
#include <snnbd/metric/attack_success.ipp>
#include <snnbd/metric/interval.ipp>
#include <snnbd/network/safetensors.ipp>
#include <snnbd/network/safetensors_header.ipp>
#include <snnbd/poison/ledger.ipp>
#include <snnbd/poison/pixel_patch.ipp>
#include <snnbd/poison/poisoned.ipp>
#include <snnbd/poison/selector.ipp>
#include <snnbd/report/csv.ipp>
#include <snnbd/report/json.ipp>
#include <snnbd/report/manifest.ipp>
#include <snnbd/report/png.ipp>
#include <snnbd/report/progress.ipp>
#include <snnbd/report/table.ipp>

#pragma once

#include <cstdint>

#include <snnbd/core/config.hpp>
#include <snnbd/data/dataset_view.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// A CRC-32 of all that training sees of a set, sample by sample in their order: values, label, and
/// whether it is poisoned. Reads every sample once, several threads at once; it does not depend on
/// their number.
std::uint32_t content_checksum(DatasetView set);

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/content.ipp>
#endif

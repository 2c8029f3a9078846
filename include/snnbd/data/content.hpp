#pragma once

#include <string>

#include <snnbd/core/config.hpp>
#include <snnbd/data/dataset_view.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// A checksum of all that a set shows: each sample's pixels, label and whether it is poisoned, in
/// their order. What a trigger does is in it too, whatever its type says. Reads the whole set,
/// several threads at once.
///
/// @returns 16 hexadecimal digits, the same for any number of threads
std::string content_checksum(DatasetView set);

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/content.ipp>
#endif

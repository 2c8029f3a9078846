#pragma once

#include <memory>
#include <span>
#include <string>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/config.hpp>
#include <snnbd/event/options.hpp>
#include <snnbd/event/source.hpp>

namespace snnbd::inline SNNBD_ISA::event {

/// An `.npy` of events: a table [event, 4] with the columns x, y, p, t, as tonic's DVS128 Gesture
/// has (t in milliseconds), or an array with the fields x, y, p and t in any order, as tonic's
/// readers make (t in microseconds); see `ReadOptions::time_unit`. Numbers of any type and either
/// byte order. Times that are no whole microseconds are rounded. Coordinates and polarities are
/// taken as they are: the files do not tell the convention of whoever made them.
///
/// @throws Error that names the file, and the event if one of its numbers is at fault
[[nodiscard]] std::unique_ptr<Source> open_npy(ByteStream stream, const ReadOptions& options = {});

/// An `.npz` of events, plain or compressed: arrays t, x, y and p of one length, as SpikingJelly
/// keeps recordings; t in microseconds. Coordinates and polarities are taken as they are: what
/// SpikingJelly made of CIFAR10-DVS has its convention.
///
/// @throws Error as `open_npy`, and if the file is larger than `options.array_limit`
[[nodiscard]] std::unique_ptr<Source> open_npz(ByteStream stream, const ReadOptions& options = {});

/// Writes events as SpikingJelly keeps them: t as 64 bits, x, y and p as 32 bits.
///
/// @throws Error that names `path` if the file cannot be written
void write_npz(const std::string& path, std::span<const Event> events);

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/arrays.ipp>
#endif

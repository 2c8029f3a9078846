#pragma once

#include <string>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// The folder of the small sets that come with the library: the environment variable
/// `SNNBD_EMBEDDED_DATA` if it is set, otherwise what the build defined under the same name.
///
/// @throws Error if there is neither
std::string embedded_directory();

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/embedded.ipp>
#endif

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::event::detail {

/// A stream that a file of AEDAT 4 lists.
struct Aedat4Stream {
  int number = 0;
  std::string kind;  ///< the identifier of its tables: EVTS, FRME, IMUS, TRIG, ...
  std::string width;
  std::string height;

  [[nodiscard]] bool has_events() const { return kind == "EVTS"; }

  /// @returns nothing known if the file gives no sizes
  /// @throws Error if a size is no number from 1 to 32,768
  [[nodiscard]] Sensor sensor(std::string_view subject) const;
};

/// The streams in the description that a file of AEDAT 4 has of itself, which is XML: within `dv`
/// and `node outInfo` a `node NUMBER` for each, in it `attr typeIdentifier`, and the size of the
/// sensor as `attr sizeX` and `attr sizeY` in its `node info`.
///
/// @param subject what errors name, mostly the file
/// @throws Error if it is no XML, or if a number is none or met twice
std::vector<Aedat4Stream> aedat4_streams(std::string_view description, std::string_view subject);

}  // namespace snnbd::inline SNNBD_ISA::event::detail

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/aedat4_streams.ipp>
#endif

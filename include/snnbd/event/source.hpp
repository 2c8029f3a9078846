#pragma once

#include <span>

#include <snnbd/core/config.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::event {

/// A file of events that is read from its beginning to its end, a block at a time. Its memory is
/// bounded, however large the file is.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  /// The next events, in the order of the file; empty at its end. They stay until the next call.
  ///
  /// @throws Error that names the file if it is damaged or cannot be read
  [[nodiscard]] virtual std::span<const Event> next() = 0;

  /// The sensor, if the file or its format tells.
  [[nodiscard]] virtual Sensor sensor() const = 0;

  /// What was met so far.
  [[nodiscard]] const Findings& findings() const { return findings_; }

 protected:
  Findings findings_;
};

}  // namespace snnbd::inline SNNBD_ISA::event

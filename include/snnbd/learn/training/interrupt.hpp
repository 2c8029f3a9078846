#pragma once

#include <atomic>
#include <csignal>

#include <snnbd/core/error.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// Thrown where work ends because somebody asked for it: says where it stands.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// Whether training is to end after the present batch; finished epochs are in the checkpoint, if
/// one is kept.
inline std::atomic<bool>& interrupt_requested() {
  static std::atomic<bool> requested{false};
  return requested;
}

/// Turns the first Ctrl-C into such a request; the second one ends the program as usual.
inline void stop_on_interrupt() {
  interrupt_requested();  // made before a signal can come
  std::signal(SIGINT, [](int /*signal*/) {
    interrupt_requested().store(true);
    std::signal(SIGINT, SIG_DFL);
  });
}

}  // namespace snnbd::inline SNNBD_ISA::learn

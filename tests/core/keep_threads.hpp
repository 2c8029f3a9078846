#pragma once

#include <snnbd/core/parallel.hpp>

namespace snnbd_tests {

/// Sets the number of threads back when it ends.
class KeepThreads {
 public:
  KeepThreads() = default;
  KeepThreads(const KeepThreads&) = delete;
  KeepThreads& operator=(const KeepThreads&) = delete;
  ~KeepThreads() { snnbd::set_thread_count(before_); }

 private:
  int before_ = snnbd::thread_count();
};

}  // namespace snnbd_tests

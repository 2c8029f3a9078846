#pragma once

#include <snnbd/core/arena.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA {

/// Memory for one signal that grows to the largest batch.
template <Signal S, class Scalar>
class SignalBuffer {
 public:
  /// Room for a batch. What earlier views showed is gone if the batch is larger than all before it.
  ViewOf<S, Scalar> view(const Extent& extent) {
    Arena counter;
    layer::take_signal<S, Scalar>(counter, extent);
    arena_.restart(counter.used());
    return layer::take_signal<S, Scalar>(arena_, extent);
  }

 private:
  Arena arena_;
};

}  // namespace snnbd::inline SNNBD_ISA

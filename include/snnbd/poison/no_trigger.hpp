#pragma once

#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// Leaves samples as they are: for attacks that need no pixels, such as `learn::BadSnn`, where
/// poisoned samples are only a choice of samples and their labels.
struct NoTrigger {
  static constexpr std::string_view name = "no_trigger";

  void stamp(std::span<float> /*image*/, Shape /*shape*/, std::size_t /*sample*/) const {}

  /// `no trigger`.
  [[nodiscard]] std::string describe(Shape /*shape*/) const { return "no trigger"; }
};

}  // namespace snnbd::inline SNNBD_ISA::poison

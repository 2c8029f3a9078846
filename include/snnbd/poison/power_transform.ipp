#pragma once

#include <algorithm>
#include <cmath>

#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/poison/blended.hpp>
#include <snnbd/poison/power_transform.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

SNNBD_INLINE void PowerTransform::stamp(const data::SampleView& sample) const {
  require_positive("exponent of a power transform", exponent);
  const data::Range tones = detail::tones_of(sample.range, white);
  const float span = tones.high - tones.low;
  for (float& value : sample.values) {
    const float share = std::max((value - tones.low) / span, 0.0F);
    const float changed = tones.low + span * std::pow(share, exponent);
    value = std::clamp(changed, sample.range.low, sample.range.high);
  }
}

SNNBD_COLD std::string PowerTransform::describe(Shape /*shape*/) const {
  return "power of " + number_text(exponent) + detail::describe_white(white);
}

}  // namespace snnbd::inline SNNBD_ISA::poison

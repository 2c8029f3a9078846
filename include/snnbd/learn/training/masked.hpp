#pragma once

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include <snnbd/core/members.hpp>
#include <snnbd/learn/training/mask.hpp>
#include <snnbd/learn/training/optimizer.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// An optimizer that holds the parameters of a mask: those that are `Hold::still` and all moments
/// of what is held stay what they are, to the bit, whatever momentum and weight decay would do;
/// those that are `Hold::at_zero` are 0 after each step. All others are trained as the inner
/// optimizer trains them, to the bit. Running moments of batch norms can be held, too.
///
/// It serves attackers that freeze layers and repairs that prune channels. What is to be held at
/// zero should be so before the first step, see `Mask::apply`.
///
/// ```cpp
/// learn::Masked<learn::Sgd> optimizer{{.rate = 0.01}, mask};
/// ```
///
/// A step takes a pass over the mask and copies what is held twice.
///
/// @tparam Inner an optimizer that changes each parameter by its own gradient and moments
template <Optimizer Inner>
struct Masked : Inner {
  static constexpr std::string_view name = "masked";

  Mask mask{};

  /// Calls `visit(name, member)` for each; see core/members.hpp.
  template <class Self, class Visit>
  static constexpr void members(Self& self, const Visit& visit) {
    snnbd::members::of_base<Inner>(self, visit);
    visit("mask", self.mask);
  }

  template <class Scalar>
  struct State : Inner::template State<Scalar> {
    using Base = typename Inner::template State<Scalar>;
    using Base::Base;

    /// @throws Error if the mask is for another number of parameters
    void step(const Masked& rule, double scale, std::span<const Segment> segments,
              std::span<const Scalar> gradient, std::span<Scalar> parameters) {
      rule.mask.check_count(static_cast<Index>(parameters.size()));
      auto kept = this->buffers();
      kept.push_back(parameters);
      held_.clear();
      for (const auto values : kept)
        rule.mask.for_each_held([&](Index offset, Index count, Hold /*how*/) {
          const auto from = values.begin() + offset;
          held_.insert(held_.end(), from, from + count);
        });
      Base::step(rule, scale, segments, gradient, parameters);
      auto next = held_.begin();
      for (const auto values : kept)
        rule.mask.for_each_held([&](Index offset, Index count, Hold /*how*/) {
          std::copy(next, next + count, values.begin() + offset);
          next += count;
        });
      rule.mask.apply(parameters);
    }

   private:
    std::vector<Scalar> held_;
  };
};

}  // namespace snnbd::inline SNNBD_ISA::learn

#pragma once

#include <type_traits>

#include <snnbd/layer/sequence.hpp>
#include <snnbd/layer/stage.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

namespace detail {

template <class Scalar, int Index, Signal In>
constexpr void visit_bound(const auto& /*visit*/, std::type_identity<Sequence<>> /*specs*/) {}

template <class Scalar, int Index, Signal In, class First, class... Rest>
constexpr void visit_bound(const auto& visit,
                           std::type_identity<Sequence<First, Rest...>> /*specs*/) {
  using Bound = BoundTo<First, Index, In, Scalar>;
  visit(std::type_identity<Bound>{});
  if constexpr (requires { typename First::BranchType; }) {
    visit_bound<Scalar, 0, In>(visit, std::type_identity<typename First::BranchType>{});
    visit_bound<Scalar, 0, In>(visit, std::type_identity<typename First::ShortcutType>{});
  }
  visit_bound<Scalar, Index + 1, typename Bound::Output>(visit,
                                                         std::type_identity<Sequence<Rest...>>{});
}

}  // namespace detail

/// Calls `visit(std::type_identity<Bound>{})` for each layer of a list that is bound to `In`, a
/// residual before the layers that it holds.
///
/// @tparam List a `Sequence`
template <class Scalar, Signal In, class List>
constexpr void for_each_bound(const auto& visit) {
  detail::visit_bound<Scalar, 0, In>(visit, std::type_identity<List>{});
}

}  // namespace snnbd::inline SNNBD_ISA::layer

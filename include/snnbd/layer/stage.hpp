#pragma once

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

#include <snnbd/layer/bound_to.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/linear_norm_spiking_stage.hpp>
#include <snnbd/layer/linear_norm_stage.hpp>
#include <snnbd/layer/linear_spiking_stage.hpp>
#include <snnbd/layer/plain_stage.hpp>
#include <snnbd/layer/pooled_stage.hpp>
#include <snnbd/layer/position.hpp>
#include <snnbd/layer/residual_spiking_stage.hpp>

/// How a list of specs becomes a list of stages: each spec is bound to what the one before it
/// gives, and neighbours that run as one are joined.
namespace snnbd::inline SNNBD_ISA::layer {

namespace detail {
template <class>
inline constexpr bool is_refused = false;
template <Signal In, class Scalar, Position At>
inline constexpr bool is_refused<Stage<PassThrough<In, Scalar>, At>> = true;
}  // namespace detail

/// A list of stages and what it gives.
template <Signal Out, class... Stages>
struct StageList {
  using Output = Out;
  using Memories = std::tuple<typename Stages::Memory...>;
  static constexpr std::size_t size = sizeof...(Stages);
  static constexpr Index parameter_count = (Index{0} + ... + Stages::parameter_count);
  /// Whether all of its layers could be bound.
  static constexpr bool complete = !(detail::is_refused<Stages> || ...);
  template <std::size_t I>
  using At = std::tuple_element_t<I, std::tuple<Stages...>>;
};

namespace detail {

template <class List, class NewStage>
struct Append;
template <Signal Out, class... Stages, class NewStage>
struct Append<StageList<Out, Stages...>, NewStage> {
  using type = StageList<typename NewStage::Output, Stages..., NewStage>;
};

/// Binds specs one after another; `Done` is the list of the stages before them.
template <class Scalar, Position At, class Done, class... Specs>
struct Binder {
  using type = Done;
};

template <class Scalar, Position At, class Done, class First, class... Rest>
struct Binder<Scalar, At, Done, First, Rest...> {
  using Bound = BoundTo<First, At.index, typename Done::Output, Scalar>;

  static constexpr auto next() {
    if constexpr (sizeof...(Rest) > 0) {
      return joined(std::type_identity<std::tuple<Rest...>>{});
    } else {
      return single();
    }
  }

  static constexpr auto single() {
    return append<Stage<Bound, At>, 1, place_count<First>(), Rest...>();
  }

  template <class Second, class... After>
  static constexpr auto joined(std::type_identity<std::tuple<Second, After...>> /*rest*/) {
    using Next = BoundTo<Second, At.index + 1, typename Bound::Output, Scalar>;
    constexpr bool spiking = CurrentConsumer<Next, Second, Scalar>;
    if constexpr (CurrentProducer<Bound, Scalar> && spiking) {
      return pooled<LinearSpikingStage<Bound, Next, At>, After...>();
    } else if constexpr (CurrentProducer<Bound, Scalar> &&
                         CurrentNormalizer<Next, Second, Scalar>) {
      return normed<Next, After...>();
    } else if constexpr (CurrentSum<Bound, First, Scalar> && spiking) {
      return append<ResidualSpikingStage<Bound, Next, At>, 2, place_count<First>() + 1, After...>();
    } else {
      return single();
    }
  }

  template <class Norm>
  static constexpr auto normed() {
    return append<LinearNormStage<Bound, Norm, At>, 2, 2>();
  }
  template <class Norm, class Third, class... After>
  static constexpr auto normed() {
    using Neurons = BoundTo<Third, At.index + 2, typename Norm::Output, Scalar>;
    if constexpr (CurrentConsumer<Neurons, Third, Scalar>) {
      return pooled<LinearNormSpikingStage<Bound, Norm, Neurons, At>, After...>();
    } else {
      return append<LinearNormStage<Bound, Norm, At>, 2, 2, Third, After...>();
    }
  }

  template <class New>
  static constexpr auto pooled() {
    return append<New, New::spec_count, New::spec_count>();
  }
  /// Joins a max pooling to a stage that ends in neurons.
  template <class New, class Next, class... After>
  static constexpr auto pooled() {
    constexpr int taken = New::spec_count;
    using Pool = BoundTo<Next, At.index + taken, typename New::Output, Scalar>;
    if constexpr (FusingPool<Pool, Next>) {
      return append<PooledStage<New, Pool, At>, taken + 1, taken + 1, After...>();
    } else {
      return append<New, taken, taken, Next, After...>();
    }
  }

  /// Goes on behind `New`, which took `Taken` specs that stand for `Places` layers.
  template <class New, int Taken, int Places, class... After>
  static constexpr auto append() {
    constexpr Position behind{At.index + Taken, At.place + Places,
                              At.offset + New::parameter_count};
    return Binder<Scalar, behind, typename Append<Done, New>::type, After...>{};
  }

  using type = typename decltype(next())::type;
};

}  // namespace detail

/// The stages of a list of specs that is bound to the input signal `In`.
template <class Scalar, Signal In, class... Specs>
using Stages = typename detail::Binder<Scalar, Position{}, StageList<In>, Specs...>::type;

namespace detail {

template <class Stage, bool Stores>
struct Deferred {
  using type = Stage;
};
template <class Producer, class Norm, Position At, bool Stores>
struct Deferred<LinearNormStage<Producer, Norm, At>, Stores> {
  using type = DeferredLinearNormStage<Producer, Norm, At, Stores>;
};

template <class List, bool Stores>
struct DeferLast;
template <Signal Out, class... Stages, bool Stores>
struct DeferLast<StageList<Out, Stages...>, Stores> {
  template <std::size_t... I>
  static auto chosen(std::index_sequence<I...> /*indices*/)
      -> StageList<Out, std::conditional_t<I + 1 == sizeof...(Stages),
                                           typename Deferred<Stages, Stores>::type, Stages>...>;
  using type = decltype(chosen(std::index_sequence_for<Stages...>{}));
};

}  // namespace detail

/// A list whose last batch norm is left to whoever reads what the list gives.
///
/// @tparam Stores whether the values are in memory without training too
template <class List, bool Stores>
using Deferring = typename detail::DeferLast<List, Stores>::type;

namespace detail {

template <class Scalar, Position At, Signal In>
constexpr void visit_parameters(const auto& /*visit*/) {}

template <class Scalar, Position At, Signal In, class First, class... Rest>
constexpr void visit_parameters(const auto& visit) {
  using Bound = BoundTo<First, At.index, In, Scalar>;
  Position own = At;
  for (const Parameter& parameter : Bound::parameters) {
    visit(parameter, own);
    own.offset += parameter.size();
  }
  constexpr Position behind{At.index + 1, At.place + place_count<First>(),
                            At.offset + parameter_total(Bound::parameters)};
  visit_parameters<Scalar, behind, typename Bound::Output, Rest...>(visit);
}

}  // namespace detail

/// Calls `visit(parameter, position)` for each parameter tensor of a list of specs that is bound to
/// `In`, in the order of the flat vector; `position.offset` is the tensor's.
template <class Scalar, Signal In, class... Specs>
constexpr void for_each_parameter(const auto& visit) {
  detail::visit_parameters<Scalar, Position{}, In, Specs...>(visit);
}

}  // namespace snnbd::inline SNNBD_ISA::layer

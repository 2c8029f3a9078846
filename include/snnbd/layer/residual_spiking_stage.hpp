#pragma once

#include <tuple>

#include <snnbd/kernels/simd/strided_view.hpp>
#include <snnbd/layer/bound_to.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/position.hpp>
#include <snnbd/layer/spiking_stage.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Makes currents that are the sum of two lists of layers.
///
/// @tparam Sum the bound form of a `Residual`
template <class Sum, Position At>
struct ResidualSource {
  using Bound = Sum;
  static constexpr int spec_count = 1;
  template <class Specs>
  static constexpr int places = place_count<std::tuple_element_t<std::size_t{At.index}, Specs>>();
  static constexpr Index parameter_count = parameter_total(Sum::parameters);
  static constexpr bool makes_again = true;

  struct Memory {
    typename Sum::Parts parts;
    decltype(Sum::Memory::out) slopes;  ///< gradient of the sum
  };

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return {Sum::reserve_parts(arena, whole, training), {}};
  }
  static void reserve_state(Arena& arena, Index samples, Memory& memory) {
    Sum::reserve_part_state(arena, samples, memory.parts);
  }
  static void reserve_gradients(Arena& arena, const Extent& whole, Memory& memory) {
    memory.slopes = Sum::reserve_out(arena, whole);
    Sum::reserve_part_gradients(arena, whole, memory.parts);
  }

  template <class Specs, class Scalar, class Whole, class Target>
  static void run(const Specs& specs, const Scalar* values,
                  ConstViewOf<typename Sum::Input, Scalar> in, Memory& memory,
                  LayerContext& context, const Whole& whole, const Target& target) {
    Sum::run(std::get<At.index>(specs), values + At.offset, in, memory.parts, context, whole,
             target);
  }

  template <class Specs, class Scalar>
  static auto input_current(const Specs& specs, const Scalar* values, const Memory& memory,
                            const LayerContext& context) {
    return Sum::input_current(std::get<At.index>(specs), values + At.offset, memory.parts, context);
  }

  template <class Scalar>
  static GradientPlane<Scalar> open_gradient(const Extent& /*extent*/, const Memory& memory,
                                             LayerContext& /*context*/) {
    const RealView<Scalar>& slopes = memory.slopes;
    return {{},
            kernels::field_of(slopes.data, slopes.shape, slopes.extent.steps,
                              Index{slopes.shape.channels})};
  }
  template <class Specs, class Scalar>
  static const Scalar* close_gradient(const Specs& specs, ParameterSpan<Scalar> parameters,
                                      const BackwardSignals<typename Sum::Input, Scalar>& signals,
                                      const GradientPlane<Scalar>& /*plane*/, Memory& memory,
                                      LayerContext& context) {
    return Sum::carry_back(std::get<At.index>(specs), parameters.from(At.offset), signals,
                           memory.slopes, memory.parts, context);
  }

  template <class Specs, class Scalar>
  static void write_currents(const Specs& specs, const Scalar* values,
                             ConstViewOf<typename Sum::Input, Scalar> /*in*/, const Memory& memory,
                             LayerContext& context, const RealView<Scalar>& target) {
    Sum::write_sum(std::get<At.index>(specs), values + At.offset, memory.parts, context, target);
  }
  template <class Specs, class Scalar, class Visit>
  static void for_each_site(const Specs& specs, const Scalar* values,
                            ConstViewOf<typename Sum::Input, Scalar> /*in*/, const Memory& memory,
                            LayerContext& context, const Visit& visit) {
    Sum::for_each_part_site(std::get<At.index>(specs), values + At.offset, memory.parts, context,
                            visit);
  }
};

/// A residual and the neurons behind it, run as one: the sum is made where the neurons read it, and
/// made again on the way back.
///
/// @tparam Sum the bound form of a `Residual`
template <class Sum, class Neurons, Position At>
using ResidualSpikingStage = SpikingStage<ResidualSource<Sum, At>, Neurons, At>;

}  // namespace snnbd::inline SNNBD_ISA::layer

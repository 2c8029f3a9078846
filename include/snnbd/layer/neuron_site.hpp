#pragma once

#include <string>
#include <type_traits>

#include <snnbd/core/error.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/neuron/input_current.hpp>
#include <snnbd/kernels/neuron/record.hpp>
#include <snnbd/layer/concepts.hpp>

/// Who walks through what the neurons of a network did in a forward pass. Each kind of stage says
/// by a member, `for_each_site`, what neurons and rectifiers it holds; one that says nothing does
/// not compile, so that none is skipped in silence.
namespace snnbd::inline SNNBD_ISA::layer {

/// A layer of neurons as the last forward pass left it, and the currents that drove it. Valid while
/// a walk shows it.
///
/// @tparam Neurons the bound form of `Spec`
/// @tparam Write writes the currents of a whole sequence
template <class Neurons, class Spec, class Scalar, class Write>
class NeuronSite {
 public:
  static constexpr bool is_neurons = true;
  static constexpr Shape shape = Neurons::Output::shape;
  using Fired = ConstViewOf<typename Neurons::Output, Scalar>;

  NeuronSite(int number, const Spec& settings, const Scalar* own, const Fired& gave,
             const Write& write)
      : place{number},
        spec{settings},
        parameters{own},
        extent{gave.extent},
        fired{gave},
        write_{write} {}

  int place;                 ///< among all layers of the network, those within layers too
  const Spec& spec;          ///< its settings, with its `neuron`
  const Scalar* parameters;  ///< of its neurons' own, if they have some
  Extent extent;             ///< the batch and all steps
  Fired fired;               ///< its spikes; of smooth neurons, real values

  /// Writes the input currents, to the last bit as the neurons saw them. They are made again from
  /// what reached the layer before the neurons. Currents that are the same at each step are
  /// repeated.
  ///
  /// @param target of the size of `extent` and `shape`
  void write_currents(const RealView<Scalar>& target) const {
    check("room for the currents of a layer", target);
    write_(target);
  }

  /// Writes the membranes at each step, made from the currents with the arithmetic of the scan.
  ///
  /// @param charge those by which the neurons fired, H
  /// @param after those after the reset, V; in other memory
  void write_membranes(const RealView<Scalar>& charge, const RealView<Scalar>& after) const {
    check("room for the membranes of a layer", after);
    write_currents(charge);
    write_membranes(charge, charge, after);
  }

  /// The same from the currents that `write_currents` gave.
  void write_membranes(const RealView<const Scalar>& currents, const RealView<Scalar>& charge,
                       const RealView<Scalar>& after) const {
    check("currents of a layer", currents);
    check("room for the membranes of a layer", charge);
    check("room for the membranes of a layer", after);
    kernels::record_membranes(Neurons::cell(spec, parameters),
                              kernels::StoredCurrent<Scalar>{currents}, charge, after);
  }

 private:
  void check(const char* subject, const RealView<const Scalar>& target) const {
    if (target.extent == extent && target.shape == shape && target.data != nullptr) return;
    reject(subject, describe(extent, shape),
           target.data == nullptr ? "a null pointer" : describe(target.extent, target.shape));
  }
  static std::string describe(const Extent& of, const Shape& each) {
    return std::to_string(of.samples) + " samples of " + std::to_string(of.steps) + " steps of " +
           to_string(each);
  }

  Write write_;
};

/// Shows a layer of neurons to a walk.
///
/// @param write writes their currents to the view that it is given
template <class Neurons, class Spec, class Scalar, class Memory, class Write, class Visit>
void visit_neurons(int place, const Spec& spec, const Scalar* parameters, const Memory& memory,
                   const Write& write, const Visit& visit) {
  visit(NeuronSite<Neurons, Spec, Scalar, Write>{place, spec, parameters, memory.out, write});
}

/// A layer of rectifiers as the last forward pass left it.
template <class Scalar>
struct ActivationSite {
  static constexpr bool is_neurons = false;
  int place = 0;                  ///< as that of a `NeuronSite`
  RealView<const Scalar> values;  ///< what it gave
};

/// Whose bound form or stage holds neither neurons nor rectifiers says so by this base.
struct HoldsNoNeurons {
  template <class... Any>
  static void for_each_site(const Any&... /*any*/) {}
};

namespace detail {

struct AnySpecs;

template <class OneStage, class Scalar>
concept SaysNeurons = requires(const AnySpecs& specs, const Scalar* values,
                               ConstViewOf<typename OneStage::Input, Scalar> in,
                               const typename OneStage::Memory& memory, LayerContext& context,
                               const AnyVisit& visit) {
  OneStage::for_each_site(specs, values, in, memory, context, visit);
};

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::layer

#pragma once

#include <tuple>
#include <vector>

#include <snnbd/kernels/conversion/fold.hpp>
#include <snnbd/network/network.hpp>

/// The two forms of a converted network: threshold balancing and weight normalization.
namespace snnbd::inline SNNBD_ISA::network {

namespace detail {

/// The threshold of the first neurons of a list from layer `At` on, or `behind` if there are none.
/// A residual may begin in its own unit.
template <std::size_t At, class Specs>
double threshold_from(const Specs& specs, double behind) {
  if constexpr (At == std::tuple_size_v<Specs>) {
    return behind;
  } else {
    using Spec = std::tuple_element_t<At, Specs>;
    if constexpr (layer::is_spiking<Spec>) {
      return std::get<At>(specs).neuron.threshold;
    } else if constexpr (requires { typename Spec::BranchType; }) {
      return 1.0;
    } else {
      return threshold_from<At + 1>(specs, behind);
    }
  }
}

/// Whether there are weights in a list from layer `At` on, those within layers counted too.
template <std::size_t At, class Specs>
constexpr bool has_weights_from() {
  if constexpr (At == std::tuple_size_v<Specs>) {
    return false;
  } else {
    using Spec = std::tuple_element_t<At, Specs>;
    if constexpr (requires { typename Spec::BranchType; }) {
      return has_weights_from<0, decltype(Spec::branch.layers)>() ||
             has_weights_from<0, decltype(Spec::shortcut.layers)>() ||
             has_weights_from<At + 1, Specs>();
    } else {
      using Bound = typename Spec::template Bound<Static<Shape{64, 64, 1}>, float>;
      return layer::parameter_total(Bound::parameters) > 0 || has_weights_from<At + 1, Specs>();
    }
  }
}

/// Walks through a network and changes the unit of what flows in it: a signal of unit u stands for
/// u times its value.
template <class Scalar>
class UnitChange {
 public:
  UnitChange(Scalar* parameters, std::vector<ParameterTensor> tensors)
      : parameters_{parameters}, tensors_{std::move(tensors)} {}

  /// @param unit of what reaches the list
  /// @param target unit that it shall give
  /// @param place of its first layer; moves on
  template <std::size_t At = 0, class Specs>
  double walk(Specs& specs, double unit, double target, int& place) {
    if constexpr (At == std::tuple_size_v<Specs>) {
      return unit;
    } else {
      using Spec = std::tuple_element_t<At, Specs>;
      auto& spec = std::get<At>(specs);
      const double next = threshold_from<At + 1>(specs, target);
      const int own = place++;
      if constexpr (requires { typename Spec::BranchType; }) {
        using Branch = decltype(spec.branch.layers);
        using Shortcut = decltype(spec.shortcut.layers);
        constexpr bool weighted = has_weights_from<0, Branch>() && has_weights_from<0, Shortcut>();
        const double sum = weighted ? next : unit;
        walk(spec.branch.layers, unit, sum, place);
        walk(spec.shortcut.layers, unit, sum, place);
        unit = sum;
      } else if constexpr (layer::is_spiking<Spec>) {
        const double scale = spec.amplitude;
        spec.neuron.threshold = static_cast<Scalar>(spec.neuron.threshold / unit);
        unit = has_weights_from<At + 1, Specs>() ? scale : target;
        spec.amplitude = static_cast<Scalar>(scale / unit);
      } else {
        unit = change_weights(own, unit, next);
      }
      return walk<At + 1>(specs, unit, target, place);
    }
  }

 private:
  /// @returns the unit of what the layer gives
  double change_weights(int place, double unit, double next) {
    double given = unit;
    for (const ParameterTensor& tensor : tensors_) {
      if (tensor.place != place) continue;
      const bool is_bias = tensor.parameter.kind == layer::ParameterKind::bias;
      Scalar* const values = parameters_ + tensor.offset;
      kernels::scale<Scalar>(values, tensor.parameter.size(), (is_bias ? 1.0 : unit) / next,
                             values);
      given = next;
    }
    return given;
  }

  Scalar* parameters_;
  std::vector<ParameterTensor> tensors_;
};

}  // namespace detail

/// A converted network in the other of its two forms: as weight normalization, with spikes of
/// amplitude 1. Conversion leaves the weights as they are and gives layer l the threshold and the
/// amplitude lambda_l; here W becomes W lambda_(l-1) / lambda_l, b becomes b / lambda_l, and the
/// threshold 1 (Diehl et al. 2015; Rueckauer et al. 2017, Eq. 8). Both fire the same spikes, bit
/// for bit if the lambdas are powers of two, and give the same outputs.
///
/// Neurons that no weights stand before since the last ones, such as those behind a pooling or a
/// residual with a bare shortcut, keep a threshold lambda_l / lambda_(l-1). Spikes that no weights
/// follow keep an amplitude.
///
/// @tparam Net a Converted network
template <class Net>
[[nodiscard]] Net normalize_weights(Net net) {
  net.for_each_layer([]<class Spec>(Spec& spec, int /*place*/) {
    if constexpr (layer::is_spiking<Spec>) {
      spec.neuron.threshold = static_cast<typename Net::ScalarType>(spec.neuron.threshold);
      spec.amplitude = static_cast<typename Net::ScalarType>(spec.amplitude);
    }
  });
  detail::UnitChange<typename Net::ScalarType> change{net.parameters().data(), Net::tensors()};
  int place = 0;
  change.walk(net.layers(), 1.0, 1.0, place);
  return net;
}

}  // namespace snnbd::inline SNNBD_ISA::network

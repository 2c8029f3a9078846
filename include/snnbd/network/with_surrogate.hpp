#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/map_layers.hpp>
#include <snnbd/neuron/neuron.hpp>

/// Networks with another surrogate gradient. What they compute is the same; what flows back is not.
/// Who looks for a trigger by gradients may want another surrogate than training had: a narrow one
/// hides the way (2512.22522).
namespace snnbd::inline SNNBD_ISA {

namespace network::detail {

/// A neuron with another surrogate; itself if it has none that can be replaced.
template <class Neuron, class Slope>
struct Resloped {
  using type = Neuron;
};
template <template <neuron::Reset, neuron::StepSlope> class Model, class ResetPolicy, class Old,
          class Slope>
struct Resloped<Model<ResetPolicy, Old>, Slope> {
  using type = Model<ResetPolicy, Slope>;
};
template <template <neuron::NeuronModel> class Wrapper, class Inner, class Slope>
struct Resloped<Wrapper<Inner>, Slope> {
  using type = Wrapper<typename Resloped<Inner, Slope>::type>;
};

template <class Slope>
struct ReslopedSpec {
  template <class Spec>
  struct Change {
    using type = Spec;
  };
  template <class Neuron>
  struct Change<layer::Spiking<Neuron>> {
    using type = layer::Spiking<typename Resloped<Neuron, Slope>::type>;
  };
};

/// Gives a neuron the members of another one that have the same name and type.
template <class From, class To>
void copy_members(const From& from, To& to) {
  members::for_each(from, [&](std::string_view given, const auto& value) {
    members::for_each(to, [&](std::string_view wanted, auto& target) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>,
                                   std::remove_cvref_t<decltype(target)>>) {
        if (given == wanted) target = value;
      }
    });
  });
}

/// Gives the neurons of some layers the settings of those of others in the same places.
template <std::size_t number = 0, class Source, class Target>
void copy_neurons(const Source& source, Target& target) {
  if constexpr (number < std::tuple_size_v<Source>) {
    const auto& given = std::get<number>(source);
    auto& wanted = std::get<number>(target);
    using Given = std::remove_cvref_t<decltype(given)>;
    if constexpr (std::is_same_v<Given, std::remove_cvref_t<decltype(wanted)>>) {
      wanted = given;
    } else if constexpr (layer::is_spiking<Given>) {
      copy_members(given.neuron, wanted.neuron);
      wanted.amplitude = given.amplitude;
      wanted.start = given.start;
    } else {
      copy_neurons(given.branch.layers, wanted.branch.layers);
      copy_neurons(given.shortcut.layers, wanted.shortcut.layers);
    }
    copy_neurons<number + 1>(source, target);
  }
}

}  // namespace network::detail

/// A network whose neurons have another surrogate. Values:
/// `network::with_surrogate`.
template <class Net, class Slope>
using WithSurrogate =
    typename network::MapLayers<network::detail::ReslopedSpec<Slope>::template Change, Net>::type;

namespace network {

/// A network of the same settings and parameters with another surrogate of default settings.
template <neuron::StepSlope Slope, class Net>
[[nodiscard]] WithSurrogate<Net, Slope> with_surrogate(const Net& net) {
  auto result = transfer<WithSurrogate<Net, Slope>>(net);
  detail::copy_neurons(net.layers(), result.layers());
  return result;
}

}  // namespace network
}  // namespace snnbd::inline SNNBD_ISA

#pragma once

#include <algorithm>
#include <tuple>
#include <type_traits>
#include <vector>

#include <snnbd/layer/residual.hpp>
#include <snnbd/layer/sequence.hpp>
#include <snnbd/network/network.hpp>

/// Networks that are made of other networks' types.
namespace snnbd::inline SNNBD_ISA::network {

/// A network, residual or sequence with each of its specs replaced, those within layers too; a
/// single spec becomes `Change<Spec>::type`.
template <template <class> class Change, class Type>
struct MapLayers {
  using type = typename Change<Type>::type;
};
template <template <class> class Change, class... Specs>
struct MapLayers<Change, layer::Sequence<Specs...>> {
  using type = layer::Sequence<typename MapLayers<Change, Specs>::type...>;
};
template <template <class> class Change, class Branch, class Shortcut>
struct MapLayers<Change, layer::Residual<Branch, Shortcut>> {
  using type = layer::Residual<typename MapLayers<Change, Branch>::type,
                               typename MapLayers<Change, Shortcut>::type>;
};
template <template <class> class Change, class Scalar, Shape Input, class... Specs>
struct MapLayers<Change, BasicNetwork<Scalar, Input, Specs...>> {
  using type = BasicNetwork<Scalar, Input, typename MapLayers<Change, Specs>::type...>;
};

namespace detail {

/// From layer `From` of one tuple of specs and layer `To` of another on. A batch norm that only the
/// first one has was folded into the layer before it.
template <std::size_t From, std::size_t To, class Source, class Target>
void copy_settings_from(const Source& source, Target& target) {
  if constexpr (From < std::tuple_size_v<Source> && To < std::tuple_size_v<Target>) {
    const auto& given = std::get<From>(source);
    auto& wanted = std::get<To>(target);
    using Given = std::remove_cvref_t<decltype(given)>;
    using Wanted = std::remove_cvref_t<decltype(wanted)>;
    constexpr bool folded = requires {
      given.epsilon;
    }
    &&!requires {
      wanted.epsilon;
    };
    if constexpr (std::is_same_v<Given, Wanted>) {
      wanted = given;
    } else if constexpr (requires { given.branch, wanted.branch; }) {
      copy_settings_from<0, 0>(given.branch.layers, wanted.branch.layers);
      copy_settings_from<0, 0>(given.shortcut.layers, wanted.shortcut.layers);
    }
    copy_settings_from<From + 1, To + (folded ? 0 : 1)>(source, target);
  }
}

}  // namespace detail

/// Gives the layers of `to` the settings of those of `from` that have the same type.
template <class From, class To>
void copy_settings(const From& from, To& to) {
  detail::copy_settings_from<0, 0>(from.layers(), to.layers());
}

/// A network of another type with the same parameters, and the settings of what it has in common
/// with the first. Parameters that neurons have of their own are taken over if both networks have
/// as many; else those of the new network start where its settings say.
///
/// @tparam To has the parameter layout of `From` but for what neurons have of their own, such as
///   its `AnnTwin`, or what a `QcfsTwin` is converted to
template <class To, class From>
[[nodiscard]] To transfer(const From& from) {
  using layer::ParameterKind;
  constexpr Index given = From::count_parameters(ParameterKind::neuron);
  constexpr Index wanted = To::count_parameters(ParameterKind::neuron);
  static_assert(std::is_same_v<typename To::ScalarType, typename From::ScalarType> &&
                    To::parameter_count - wanted == From::parameter_count - given,
                "snnbd: parameters are transferred between networks of one layout, such as a "
                "network and its AnnTwin");
  To to;
  copy_settings(from, to);
  const auto counts = [](const ParameterTensor& tensor) {
    return given == wanted || tensor.parameter.kind != ParameterKind::neuron;
  };
  const std::vector<ParameterTensor> targets = To::tensors();
  auto target = targets.begin();
  for (const ParameterTensor& tensor : From::tensors()) {
    if (!counts(tensor)) continue;
    target = std::find_if(target, targets.end(), counts);
    std::copy_n(from.parameters().data() + tensor.offset, tensor.parameter.size(),
                to.parameters().data() + target->offset);
    ++target;
  }
  if (given != wanted) to.set_neuron_parameters();
  return to;
}

}  // namespace snnbd::inline SNNBD_ISA::network

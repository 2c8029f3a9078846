#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <snnbd/layer/spiking.hpp>
#include <snnbd/layer/stage.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

namespace detail {

template <class Spec>
void append_notation(std::string& text) {
  if constexpr (requires { Spec::notation(); })
    text.append(text.empty() ? "" : "-").append(Spec::notation());
}

template <class Spec>
void append_description(std::string& text) {
  text.append(text.empty() ? "" : "-");
  if constexpr (requires { Spec::description(); }) {
    text.append(Spec::description());
  } else {
    text.append(Spec::name);
  }
}

/// Empty if there are no neurons in it.
template <class Spec>
constexpr std::string_view neuron_name() {
  if constexpr (is_spiking<Spec>) {
    return Spec::NeuronType::name;
  } else if constexpr (requires { Spec::neuron_name(); }) {
    return Spec::neuron_name();
  } else {
    return {};
  }
}

}  // namespace detail

/// Layers one behind the other: what a layer that holds layers is made of.
///
/// ```cpp
/// using Branch = layer::Sequence<layer::Conv<64, 3>, layer::BatchNorm<>>;
/// ```
template <class... Specs>
struct Sequence {
  std::tuple<Specs...> layers{};

  /// The layers that it stands for, those within layers too.
  static constexpr int places = (0 + ... + place_count<Specs>());

  /// The stages of its layers when `In` reaches them.
  template <class Scalar, Signal In>
  using BoundTo = Stages<Scalar, In, Specs...>;

  /// The settings of layer number `LayerIndex`.
  template <int LayerIndex>
  [[nodiscard]] auto& layer() {
    return std::get<LayerIndex>(layers);
  }
  template <int LayerIndex>
  [[nodiscard]] const auto& layer() const {
    return std::get<LayerIndex>(layers);
  }

  /// `32C3-P2-64C3-P2-256-10`, as papers write it, for reports.
  static std::string notation() {
    std::string text;
    (detail::append_notation<Specs>(text), ...);
    return text;
  }

  /// `conv-spiking-max_pool-...`, by which a checkpoint knows its network.
  static std::string description() {
    std::string text;
    (detail::append_description<Specs>(text), ...);
    return text;
  }

  /// The name of the neurons of the first spiking layer; empty if there is none.
  static constexpr std::string_view neuron_name() {
    std::string_view name;
    ((name = name.empty() ? detail::neuron_name<Specs>() : name), ...);
    return name;
  }

  /// Calls `visit(parameter, position)` for each parameter tensor, see `layer::for_each_parameter`.
  template <class Scalar, Signal In>
  static constexpr void for_each_parameter(const auto& visit) {
    layer::for_each_parameter<Scalar, In, Specs...>(visit);
  }
};

namespace detail {

/// @returns the place behind the last layer
template <class Specs, class Visit>
int visit_layers(Specs& specs, int place, const Visit& visit) {
  const auto look = [&](auto& spec) {
    visit(spec, place++);
    if constexpr (requires { spec.parts(); })
      std::apply([&](auto&... part) { ((place = visit_layers(part, place, visit)), ...); },
                 spec.parts());
  };
  std::apply([&](auto&... spec) { (look(spec), ...); }, specs);
  return place;
}

}  // namespace detail

/// Calls `visit(spec, place)` for each layer of a tuple of specs, a layer before those that it
/// holds. A layer that holds others gives their tuples by `parts()`.
template <class Specs, class Visit>
void for_each_layer(Specs& specs, const Visit& visit) {
  detail::visit_layers(specs, 0, visit);
}

namespace detail {

template <class Specs>
inline constexpr int places_of = 0;
template <class... Specs>
inline constexpr int places_of<std::tuple<Specs...>> = Sequence<Specs...>::places;

template <class Specs>
double collect_gains(const Specs& specs, int end, double behind, std::vector<double>& gains);

/// @returns the gain of the first neurons from this layer on
template <class Spec>
double collect_gain(const Spec& spec, int place, double behind, std::vector<double>& gains) {
  gains[static_cast<std::size_t>(place)] = behind;
  if constexpr (is_spiking<Spec>) {
    return spec.neuron.gain();
  } else if constexpr (requires { spec.parts(); }) {
    int end = place + 1;
    double before = behind;
    const auto look = [&]<class Part>(const Part& part) {
      const bool first = end == place + 1;
      end += places_of<Part>;
      const double gain = collect_gains(part, end, behind, gains);
      if (first) before = gain;
    };
    std::apply([&](const auto&... part) { (look(part), ...); }, spec.parts());
    return before;
  } else {
    return behind;
  }
}

/// From the last layer, behind which `end` is, to the first.
template <class Specs>
double collect_gains(const Specs& specs, int end, double behind, std::vector<double>& gains) {
  constexpr std::size_t count = std::tuple_size_v<Specs>;
  const auto look = [&]<std::size_t Back>() {
    using Spec = std::tuple_element_t<count - 1 - Back, Specs>;
    end -= place_count<Spec>();
    behind = collect_gain(std::get<count - 1 - Back>(specs), end, behind, gains);
  };
  [&]<std::size_t... Back>(std::index_sequence<Back...> /*indices*/) {
    (look.template operator()<Back>(), ...);
  }
  (std::make_index_sequence<count>{});
  return behind;
}

}  // namespace detail

/// For each layer of a tuple of specs, in the order of `for_each_layer`, what the neurons behind it
/// multiply their input by: 1/tau for LIF neurons that decay their input, 1 for IF neurons and
/// where no neurons follow.
template <class... Specs>
std::vector<double> gains_behind(const std::tuple<Specs...>& specs) {
  std::vector<double> gains(static_cast<std::size_t>(Sequence<Specs...>::places), 1.0);
  detail::collect_gains(specs, Sequence<Specs...>::places, 1.0, gains);
  return gains;
}

}  // namespace snnbd::inline SNNBD_ISA::layer

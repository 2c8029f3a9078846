#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/network/forward.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/tensor/signal.hpp>

/// What the neurons of a network did, as Eigen tensors: for plots, and for whoever looks for the
/// traces of a trigger.
namespace snnbd::inline SNNBD_ISA::network {

/// What is recorded. Every tensor holds all samples and steps of a layer.
struct RecordOptions {
  Index timesteps = 4;        ///< of `BasicNetwork::record`; a pass has its own
  std::vector<int> places{};  ///< the layers wanted, by their places; empty for all
  bool spikes = true;
  bool currents = true;
  bool membranes = true;
};

/// A layer of neurons over a whole sequence, [sample, step, height, width, channel]. What was not
/// asked for is empty.
template <class Scalar>
struct LayerRecord {
  int place = 0;               ///< among all layers of the network, those within layers too
  Tensor<Scalar, 5> spikes;    ///< 1 where a unit fired; of smooth neurons, their real values
  Tensor<Scalar, 5> currents;  ///< the input current X
  Tensor<Scalar, 5> charge;    ///< the membrane at charge, H, by which the unit fired
  Tensor<Scalar, 5> membrane;  ///< the membrane after the reset, V
};

namespace detail {

template <class Scalar, class Site>
LayerRecord<Scalar> record_site(const Site& site, const RecordOptions& options) {
  const auto sizes = tensor::detail::signal_sizes(site.extent, site.shape);
  const auto view = [&](Tensor<Scalar, 5>& target) {
    target.resize(sizes);
    return RealView<Scalar>{target.data(), site.extent, site.shape};
  };
  LayerRecord<Scalar> record;
  record.place = site.place;
  if (options.spikes) {
    if constexpr (requires { site.fired.words; }) {
      record.spikes = tensor::unpack<Scalar>(site.fired);
    } else {
      record.spikes = tensor::view(site.fired);
    }
  }
  const auto write_membranes = [&](const auto&... currents) {
    if (options.membranes)
      site.write_membranes(currents..., view(record.charge), view(record.membrane));
  };
  if (options.currents) {
    const RealView<Scalar> currents = view(record.currents);
    site.write_currents(currents);
    write_membranes(currents);
  } else {
    write_membranes();
  }
  return record;
}

}  // namespace detail

/// Records of some layers of neurons.
template <class Net>
class Recording {
 public:
  using Scalar = typename Net::ScalarType;

  /// @param pass of which a forward pass of `net` was the last, training or not
  /// @throws Error if it was not, or only a window of steps, or if a place has no neurons
  template <class Passing>
  Recording(const Passing& pass, const Net& net, const RecordOptions& options = {}) {
    std::string found;
    pass.for_each_neurons(net, [&](const auto& site) {
      found.append(found.empty() ? "" : ", ").append(std::to_string(site.place));
      const auto& wanted = options.places;
      if (wanted.empty() || std::ranges::find(wanted, site.place) != wanted.end())
        layers_.push_back(detail::record_site<Scalar>(site, options));
    });
    places_ = found.empty() ? "none" : "one of " + found;
    for (const int place : options.places) (void)layer(place);
  }

  /// From the first layer to the last.
  [[nodiscard]] const std::vector<LayerRecord<Scalar>>& layers() const& { return layers_; }
  [[nodiscard]] std::vector<LayerRecord<Scalar>> layers() && { return std::move(layers_); }

  /// The layer at a place.
  ///
  /// @throws Error if it has no neurons or was not asked for
  [[nodiscard]] const LayerRecord<Scalar>& layer(int place) const& {
    const auto at = std::ranges::find(layers_, place, &LayerRecord<Scalar>::place);
    if (at == layers_.end())
      reject("recorded layer", "the place of a layer of neurons, " + places_, place);
    return *at;
  }
  [[nodiscard]] LayerRecord<Scalar> layer(int place) && {
    const Recording& kept = *this;
    return kept.layer(place);
  }

 private:
  std::vector<LayerRecord<Scalar>> layers_;
  std::string places_;
};

template <class Passing, class Net>
Recording(const Passing&, const Net&, const RecordOptions&) -> Recording<Net>;
template <class Passing, class Net>
Recording(const Passing&, const Net&) -> Recording<Net>;

}  // namespace snnbd::inline SNNBD_ISA::network

namespace snnbd::inline SNNBD_ISA {

template <class Scalar, Shape Input, class... Specs>
template <tensor::InMemory Images>
network::Recording<BasicNetwork<Scalar, Input, Specs...>>
BasicNetwork<Scalar, Input, Specs...>::record(const Images& images,
                                              const network::RecordOptions& options) const {
  const auto values = tensor::signal(tensor::const_view<Scalar, 4>(images));
  network::detail::check_images<BasicNetwork>(values, {options.timesteps, 1});
  PassOf<BasicNetwork> pass{{values.extent.samples, options.timesteps}, false};
  pass.forward(*this, values);
  return network::Recording<BasicNetwork>{pass, *this, options};
}

}  // namespace snnbd::inline SNNBD_ISA

#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/network/pass.hpp>

/// Networks on tensors: `BasicNetwork::forward`.
namespace snnbd::inline SNNBD_ISA {

namespace network::detail {

/// Refuses what is no batch of images of a network.
template <class Net, class Scalar>
void check_images(const RealView<Scalar>& images, const ForwardOptions& options) {
  if (images.extent.samples < 1) reject("images to run", "at least one sample", "none");
  if (images.shape != Net::input_shape)
    reject("images to run", "images of " + to_string(Net::input_shape), to_string(images.shape));
  if (options.timesteps < 1) reject("timesteps", "at least 1", options.timesteps);
  if (options.batch_size < 1) reject("batch size", "at least 1", options.batch_size);
}

/// @param fill writes the samples from `first` on into the pass's input
template <class Encoding, class Net, class Fill>
Tensor<typename Net::ScalarType, 2> run_batches(const Net& net, Index samples,
                                                const ForwardOptions& options, const Fill& fill) {
  using Scalar = typename Net::ScalarType;
  using Passing = PassOf<Net, Encoding>;
  static_assert(StaticSignal<typename Passing::Output>,
                "snnbd: forward gives outputs without steps: end the network with a readout, such "
                "as layer::MeanOverTime, or use a Pass");
  const Index values = Net::output_shape.size();
  Tensor<Scalar, 2> result{samples, values};
  Passing pass{{std::min(samples, options.batch_size), options.timesteps}, false};
  for (Index first = 0; first < samples; first += options.batch_size) {
    const Index count = std::min(options.batch_size, samples - first);
    pass.resize({count, options.timesteps});
    const auto input = pass.input();
    fill(first, count, input);
    const auto out = pass.forward(net, input);
    std::copy_n(out.data, count * values, result.data() + first * values);
  }
  return result;
}

}  // namespace network::detail

template <class Scalar, Shape Input, class... Specs>
template <tensor::InMemory Images>
Tensor<Scalar, 2> BasicNetwork<Scalar, Input, Specs...>::forward(
    const Images& images, const ForwardOptions& options) const {
  const auto values = tensor::signal(tensor::const_view<Scalar, 4>(images));
  network::detail::check_images<BasicNetwork>(values, options);
  return network::detail::run_batches<encode::Direct>(
      *this, values.extent.samples, options,
      [&](Index first, Index count, const RealView<Scalar>& input) {
        std::copy_n(values.frame(first), count * Input.size(), input.data);
      });
}

template <class Scalar, Shape Input, class... Specs>
template <tensor::InMemory Images, class Encoding>
Tensor<Scalar, 2> BasicNetwork<Scalar, Input, Specs...>::forward(const Images& images,
                                                                 const ForwardOptions& options,
                                                                 const Encoding& encoding) const {
  static_assert(encode::Encoder<Encoding>, "snnbd: the third argument of forward is an encoder");
  check_policy(encoding);
  // Encoders read what data sets give.
  const auto values = tensor::signal(tensor::const_view<float, 4>(images));
  network::detail::check_images<BasicNetwork>(values, options);
  std::vector<std::uint64_t> ids(static_cast<std::size_t>(values.extent.samples));
  std::iota(ids.begin(), ids.end(), std::uint64_t{0});
  return network::detail::run_batches<Encoding>(
      *this, values.extent.samples, options, [&](Index first, Index count, const auto& input) {
        encoding.encode({values.frame(first), {count, 1}, Input},
                        std::span{ids}.subspan(static_cast<std::size_t>(first),
                                               static_cast<std::size_t>(count)),
                        input, {});
      });
}

}  // namespace snnbd::inline SNNBD_ISA

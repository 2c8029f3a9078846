#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/data/batch.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/learn/training/loss.hpp>
#include <snnbd/learn/training/trainer.hpp>
#include <snnbd/network/pass.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// The mean cross entropy of a network on a batch and its gradient by the parameters, the network
/// as it is used: batch norms go by their running moments, nothing is dropped out.
template <class Net, encode::Encoder Encoding>
class FrozenGradient {
 public:
  using Scalar = typename Net::ScalarType;
  using In = typename Encoding::template Signal<Net::input_shape>;

  /// @param batch_size the largest batch; it comes in parts if it takes more than a gigabyte
  /// @throws Error if a size is out of range
  FrozenGradient(const Encoding& encoding, Index steps, Index batch_size)
      : encoding_{encoding},
        steps_{steps},
        most_{learn::micro_batch<Net, In>({.batch_size = batch_size, .timesteps = steps})},
        pass_{{most_, steps}, true} {}

  /// Reads the samples that the following calls are for.
  void load(data::DatasetView set, std::span<const std::size_t> indices) {
    batch_.fill(set, indices);
    weights_.assign(indices.size(), 1.0 / static_cast<double>(indices.size()));
  }

  /// @param gradient overwritten
  /// @returns the mean loss
  double operator()(const Net& net, std::span<Scalar> gradient) {
    std::ranges::fill(gradient, Scalar{0});
    const auto all = batch_.view();
    const Index each = all.extent.steps * all.shape.size();
    double loss = 0.0;
    for (Index first = 0; first < all.extent.samples; first += most_) {
      const Index count = std::min(most_, all.extent.samples - first);
      pass_.resize({count, steps_});
      const auto input = pass_.input();
      const auto from = static_cast<std::size_t>(first);
      const auto size = static_cast<std::size_t>(count);
      encoding_.encode({all.data + first * each, {count, all.extent.steps}, all.shape},
                       std::span{batch_.ids}.subspan(from, size), input, {});
      const auto out = pass_.forward(net, input, {.training = true, .frozen = true});
      const learn::Outputs<Scalar> outputs{out.data, out.extent,
                                           static_cast<int>(out.frame_size())};
      slopes_.resize(static_cast<std::size_t>(outputs.size()));
      loss += learn::CrossEntropy{}.template measure<Scalar>(
          outputs, std::span{batch_.labels}.subspan(from, size),
          std::span{weights_}.subspan(from, size), slopes_.data());
      pass_.backward(net, slopes_, gradient);
    }
    return loss;
  }

 private:
  Encoding encoding_;
  Index steps_;
  Index most_;
  Pass<Net, In> pass_;
  data::Batch batch_;
  std::vector<double> weights_;
  std::vector<Scalar> slopes_;
};

}  // namespace snnbd::inline SNNBD_ISA::repair

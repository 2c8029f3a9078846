#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/encode/real_valued.hpp>
#include <snnbd/kernels/elementwise/softmax.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/network/pass.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

namespace detail {

/// The Euclidean length, summed in double.
template <class Scalar>
double length(std::span<const Scalar> values) {
  double sum = 0.0;
  for (const Scalar value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

}  // namespace detail

/// The mean cross entropy of samples of which some carry a perturbation that is the same for all,
/// with its gradients by a network's parameters and by the perturbation. The network runs as in
/// evaluation; see `encode::RealValued` for how it sees samples.
template <class Net, class Encoding = encode::Direct>
class PerturbedLoss {
 public:
  using Scalar = typename Net::ScalarType;

  /// @param set whose samples will be seen
  /// @param steps of a sequence
  /// @param most samples in memory at a time
  /// @throws Error if the set does not fit the network
  PerturbedLoss(data::DatasetView set, Index steps, Index most, const Encoding& encoding = {})
      : encoding_{encode::real_valued(encoding)},
        steps_{steps},
        most_{static_cast<std::size_t>(most)},
        each_{set.sample_size()} {
    if (set.shape() != Net::input_shape)
      reject("samples for a repair", to_string(Net::input_shape), to_string(set.shape()));
    if (set.classes() != Net::output_shape.size())
      reject("classes of samples for a repair", std::to_string(Net::output_shape.size()),
             set.classes());
    const Index frames = passes ? steps : 1;
    if (set.frames() != frames)
      reject("frames of samples for a repair", std::to_string(frames), set.frames());
  }

  /// The mean cross entropy of a batch.
  ///
  /// @param carrying how many of its samples, from the first on, carry the perturbation
  /// @param by_parameters, by_perturbation the gradients, resized and overwritten
  double measure(const Net& net, const data::Batch& batch, std::span<const Scalar> perturbation,
                 std::size_t carrying, std::vector<Scalar>& by_parameters,
                 std::vector<Scalar>& by_perturbation) {
    by_parameters.assign(static_cast<std::size_t>(Net::parameter_count), Scalar{0});
    sums_.assign(each_, 0.0);
    double loss = 0.0;
    for (std::size_t first = 0; first < batch.size(); first += most_) {
      const std::size_t count = std::min(most_, batch.size() - first);
      const std::span<const Scalar> logits =
          forward(net, std::span{batch.values}.subspan(first * each_, count * each_), perturbation,
                  carrying > first ? carrying - first : 0);
      const std::vector<double> weights(count, 1.0 / static_cast<double>(batch.size()));
      slopes_.resize(logits.size());
      loss += kernels::softmax_cross_entropy(logits.data(),
                                             std::span{batch.labels}.subspan(first, count), weights,
                                             classes, slopes_.data());
      spread_.resize(static_cast<std::size_t>(out_.frames()) * std::size_t{classes});
      kernels::spread_over_time(slopes_.data(), out_, Index{classes},
                                Scalar{1} / static_cast<Scalar>(out_.steps), spread_.data());
      input_slopes_.resize(count * each_);
      pass_.backward(net, spread_, by_parameters, input_slopes_);
      encode::multiply_by_slope(encoding_, view_of_samples(input_slopes_, count));
      for (std::size_t i = first; i < std::min(first + count, carrying); ++i)
        for (std::size_t value = 0; value < each_; ++value)
          sums_[value] += static_cast<double>(input_slopes_[(i - first) * each_ + value]);
    }
    by_perturbation.resize(each_);
    std::ranges::transform(sums_, by_perturbation.begin(),
                           [](double sum) { return static_cast<Scalar>(sum); });
    return loss;
  }

  /// The classes that a network gives to samples without any perturbation.
  std::vector<int> predict(const Net& net, std::span<const float> samples) {
    const std::size_t all = samples.size() / each_;
    std::vector<int> result(all);
    for (std::size_t first = 0; first < all; first += most_) {
      const std::size_t count = std::min(most_, all - first);
      const auto logits = forward(net, samples.subspan(first * each_, count * each_), {}, 0);
      kernels::first_largest(logits.data(), classes, std::span{result}.subspan(first, count));
    }
    return result;
  }

 private:
  static constexpr bool passes = encode::passes_frames<Encoding>;
  using Shown = typename encode::RealInput<Encoding, Net::input_shape>::type;
  static constexpr int classes = static_cast<int>(Net::output_shape.size());

  /// The means of the outputs over the steps, [sample, class].
  std::span<const Scalar> forward(const Net& net, std::span<const float> samples,
                                  std::span<const Scalar> perturbation, std::size_t carrying) {
    const std::size_t count = samples.size() / each_;
    pass_.resize({static_cast<Index>(count), steps_});
    const auto input = pass_.input();
    ids_.resize(count);
    encoding_.encode(
        {samples.data(), {static_cast<Index>(count), passes ? steps_ : 1}, Net::input_shape}, ids_,
        input, {});
    if (carrying > 0) {
      change_.assign(perturbation.begin(), perturbation.end());
      encode::multiply_by_slope(encoding_, view_of_samples(change_, 1));
    }
    for (std::size_t i = 0; i < std::min(carrying, count); ++i)
      for (std::size_t value = 0; value < each_; ++value)
        input.data[i * each_ + value] += change_[value];
    const auto out = pass_.forward(net, input, {.training = true, .frozen = true});
    out_ = out.extent;
    logits_.resize(count * std::size_t{classes});
    kernels::sum_over_time(RealView<const Scalar>{out}, Scalar{1} / static_cast<Scalar>(out_.steps),
                           logits_.data());
    return logits_;
  }

  RealView<Scalar> view_of_samples(std::vector<Scalar>& values, std::size_t count) const {
    return {values.data(), {static_cast<Index>(count), passes ? steps_ : 1}, Net::input_shape};
  }

  encode::RealValued<Encoding> encoding_;
  Index steps_;
  std::size_t most_;
  std::size_t each_;
  Pass<Net, Shown> pass_{{1, 1}, true};
  Extent out_{};
  std::vector<std::uint64_t> ids_;  ///< all 0: what is real is not drawn
  std::vector<Scalar> change_;
  std::vector<Scalar> logits_;
  std::vector<Scalar> slopes_;
  std::vector<Scalar> spread_;
  std::vector<Scalar> input_slopes_;
  std::vector<double> sums_;
};

}  // namespace snnbd::inline SNNBD_ISA::repair

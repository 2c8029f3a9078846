#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <snnbd/data/batches.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/learn/training/optimizer.hpp>
#include <snnbd/network/prefix.hpp>
#include <snnbd/network/probed_network.hpp>
#include <snnbd/network/twin.hpp>
#include <snnbd/repair/attention.hpp>
#include <snnbd/repair/fine_tune.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

namespace detail {

/// Whether layer number `Number` of a network is one of neurons or rectifiers with several pixels.
template <class Net, std::size_t Number>
constexpr bool attends() {
  using Spec = std::tuple_element_t<Number, typename Net::SpecTuple>;
  if constexpr (network::activation_count<Spec> == 1 && layer::place_count<Spec>() == 1) {
    return network::Prefix<Net, Number + 1>::output_shape.pixels() > 1;
  } else {
    return false;
  }
}

template <class Net, std::size_t... Number>
constexpr std::array<bool, Net::layer_count> attending(std::index_sequence<Number...> /*all*/) {
  return {attends<Net, Number>()...};
}
template <class Net>
inline constexpr auto attending_layers =
    attending<Net>(std::make_index_sequence<Net::layer_count>{});
template <class Net>
inline constexpr auto attending_count = static_cast<std::size_t>(
    std::count(attending_layers<Net>.begin(), attending_layers<Net>.end(), true));

/// The number of layers up to the last of them but `Back`.
template <class Net>
constexpr std::size_t attention_prefix(std::size_t back) {
  std::size_t number = Net::layer_count;
  while (!attending_layers<Net>[number - 1] || back-- > 0) --number;
  return number;
}
template <class Net, std::size_t... I>
constexpr auto last_attending(std::index_sequence<I...> /*numbers*/)
    -> std::index_sequence<attention_prefix<Net>(sizeof...(I) - 1 - I)...>;

/// The prefixes that end in one of the last layers of neurons or rectifiers with several pixels, at
/// most three.
template <class Net>
struct AttentionLayers {
  using type = decltype(last_attending<Net>(
      std::make_index_sequence<std::min<std::size_t>(attending_count<Net>, 3)>{}));
};

/// A layer whose attention is distilled: of the teacher its maps, of the student a prefix.
template <class Net, class Encoding, std::size_t Count>
class AttentionSite {
 public:
  using Scalar = typename Net::ScalarType;
  using Part = network::Prefix<Net, Count>;
  using Passing = PassOf<Part, Encoding>;
  static constexpr Shape shape = Part::output_shape;

  AttentionSite(const NetworkProbe& teacher, data::DatasetView clean, Index steps, double power)
      : pass_{{1, steps}, true}, power_{power} {
    const Tensor<float, 2> rates =
        teacher.features(clean, Part::Layers::places - 1, network::Quantity::spikes);
    features_.assign(rates.data(), rates.data() + rates.size());
    maps_ = attention_maps(features_, size(rates.dimension(0)), power_);
  }

  /// Adds the gradient of weight * sum over samples of the mean squared distance of the maps.
  ///
  /// @param in what the network saw
  /// @param indices of its samples in the set
  /// @param gradient of the whole network
  /// @returns the distance
  template <class View>
  double add_gradient(const Net& net, const View& in, std::span<const std::size_t> indices,
                      Index steps, layer::PassOptions options, double weight,
                      std::span<Scalar> gradient) {
    network::copy_prefix<Count>(net, part_);
    const auto samples = static_cast<Index>(indices.size());
    pass_.resize({samples, steps});
    options.share = 0.0;  // the whole network moves the running moments
    const auto out = pass_.forward(part_, in, options);
    const auto each = static_cast<Scalar>(1.0 / static_cast<double>(out.extent.steps));
    means_.resize(static_cast<std::size_t>(samples * shape.size()));
    kernels::sum_over_time(out, each, means_.data());
    features_.assign(means_.begin(), means_.end());
    const auto pixels = static_cast<std::size_t>(shape.pixels());
    wanted_.clear();
    for (const std::size_t index : indices) {
      const auto map = std::span{maps_}.subspan(index * pixels, pixels);
      wanted_.insert(wanted_.end(), map.begin(), map.end());
    }
    slopes_.resize(features_.size());
    const double distance =
        attention_distance(features_, wanted_, size(samples), power_, weight, slopes_);
    means_.assign(slopes_.begin(), slopes_.end());
    spread_.resize(static_cast<std::size_t>(out.extent.frames() * shape.size()));
    kernels::spread_over_time(means_.data(), out.extent, shape.size(), each, spread_.data());
    pass_.backward(part_, spread_, gradient.first(static_cast<std::size_t>(Part::parameter_count)));
    return distance;
  }

 private:
  static AttentionSize size(Index samples) { return {samples, shape.pixels(), shape.channels}; }

  Part part_;
  Passing pass_;
  double power_;
  std::vector<double> maps_;  ///< of the teacher, [sample of the set, pixel]
  std::vector<double> features_;
  std::vector<double> wanted_;
  std::vector<double> slopes_;
  std::vector<Scalar> means_;
  std::vector<Scalar> spread_;
};

}  // namespace detail

/// Neural attention distillation (Li et al. 2021): a copy that was fine-tuned is the teacher; the
/// network is then trained with clean samples on the cross entropy plus, for some layers, beta
/// times the squared distance of its attention map from the teacher's, the mean over samples and
/// pixels. F of the maps is a unit's firing rate, or a rectifier's mean activation. Constants of
/// training are those of `FineTune`.
///
/// @tparam Teacher a repair that gives a network of the same type
/// @tparam Counts for each layer whose attention is distilled the number of layers up to it, a
///   residual counted as one; it must end in neurons or rectifiers. None for at most the last three
///   that have more than one pixel
template <class Teacher = FineTune<>, std::size_t... Counts>
struct Nad {
  static constexpr std::string_view name = "nad";
  Teacher teacher{.epochs = 10};
  /// Of the layers from the first to the last; with fewer layers the last of them count.
  std::vector<double> betas{500.0, 1000.0, 1000.0};
  double power = 2.0;  ///< p of the maps
  learn::Sgd optimizer{.rate = 0.01, .momentum = 0.9, .weight_decay = 5e-4};
  int epochs = 20;
  Index batch_size = 64;
  std::uint64_t seed = 1;

  void check() const {
    check_policy(teacher);
    for (const double beta : betas) require_not_negative("beta of NAD", beta);
    require_positive("power of NAD", power);
    optimizer.check();
    if (epochs < 0) reject("epochs of NAD", "at least 0", epochs);
    if (batch_size < 1) reject("batch size of NAD", "at least 1", batch_size);
  }

  /// @param path called after each epoch with its number
  /// @throws Error if a setting is out of range, or as training does
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    using Net = typename Subject::Net;
    using Chosen =
        typename std::conditional_t<sizeof...(Counts) == 0, detail::AttentionLayers<Net>,
                                    std::type_identity<std::index_sequence<Counts...>>>::type;
    check();
    Net net = subject.net;
    path(std::as_const(net), 0.0);
    if (epochs == 0) return net;
    const Net taught = teacher.repair(subject, evidence, defend::IgnorePath{});
    train(net, taught, subject, evidence, path, Chosen{});
    return net;
  }

 private:
  template <class Net, class Subject, class Path, std::size_t... Count>
  void train(Net& net, const Net& taught, const Subject& subject, const defend::Evidence& evidence,
             const Path& path, std::index_sequence<Count...> /*counts*/) const {
    using Encoding = typename Subject::Encoding;
    static_assert(sizeof...(Count) > 0,
                  "snnbd: attention is distilled where neurons have several pixels; the neurons of "
                  "this network have none");
    using Scalar = typename Net::ScalarType;
    if (betas.size() < sizeof...(Count))
      reject("betas of NAD", "one for each of " + std::to_string(sizeof...(Count)) + " layers",
             betas.size());
    const data::DatasetView clean = evidence.clean;
    const NetworkProbe probe =
        probe_of(taught, subject.encoding, subject.steps, evidence.batch_size);
    const std::tuple sites{std::make_unique<detail::AttentionSite<Net, Encoding, Count>>(
        probe, clean, subject.steps, power)...};

    using Passing = PassOf<Net, Encoding>;
    const Index most =
        learn::micro_batch<Net, typename Encoding::template Signal<Net::input_shape>>(
            {.batch_size = batch_size, .timesteps = subject.steps});
    const auto micro = static_cast<std::size_t>(most);
    Passing pass{{most, subject.steps}, true};
    typename learn::Sgd::template State<Scalar> state{Net::parameter_count};
    const std::vector<learn::Segment> segments = learn::segments_of(Net::tensors());
    std::vector<Scalar> gradient(static_cast<std::size_t>(Net::parameter_count));
    std::vector<Scalar> slopes;
    std::vector<double> weights;
    data::Batch batch;

    // Adds the gradient of some samples of a batch, and gives their part of its loss.
    const auto add_part = [&](std::span<const std::size_t> part, std::size_t number, int epoch,
                              double whole) {
      const auto samples = static_cast<Index>(part.size());
      batch.fill(clean, part, static_cast<std::uint64_t>(epoch) * clean.size());
      pass.resize({samples, subject.steps});
      const auto input = pass.input();
      subject.encoding.encode(batch.view(), batch.ids, input, {});
      const layer::PassOptions options{
          .training = true,
          .seed = seed,
          .draw = static_cast<std::uint64_t>(state.steps) * 4096 + number,
          .share = static_cast<double>(part.size()) / whole};
      const auto out = pass.forward(net, input, options);
      const learn::Outputs<Scalar> outputs{out.data, out.extent,
                                           static_cast<int>(out.frame_size())};
      slopes.resize(static_cast<std::size_t>(outputs.size()));
      weights.assign(part.size(), 1.0 / whole);
      double loss = learn::CrossEntropy{}.template measure<Scalar>(outputs, batch.labels, weights,
                                                                   slopes.data());
      pass.backward(net, slopes, gradient);
      std::size_t site = betas.size() - sizeof...(Count);
      const auto add = [&](const auto& one) {
        const double beta = betas[site++];
        if (beta > 0.0)
          loss += one->add_gradient(net, input, part, subject.steps, options, beta / whole,
                                    std::span{gradient});
      };
      std::apply([&](const auto&... one) { (add(one), ...); }, sites);
      return loss;
    };

    for (int epoch = 0; epoch < epochs; ++epoch) {
      const data::Batches batches{clean.size(),
                                  {static_cast<std::size_t>(batch_size), seed},
                                  static_cast<std::uint64_t>(epoch)};
      for (std::size_t number = 0; number < batches.size(); ++number) {
        if (learn::interrupt_requested().load())
          throw learn::Interrupted{"interrupted: NAD, " + std::to_string(epoch) + " of " +
                                   std::to_string(epochs) + " epochs finished"};
        const auto indices = batches[number];
        std::ranges::fill(gradient, Scalar{0});
        double loss = 0.0;
        for (std::size_t first = 0; first < indices.size(); first += micro)
          loss += add_part(indices.subspan(first, std::min(micro, indices.size() - first)),
                           first / micro, epoch, static_cast<double>(indices.size()));
        if (!std::isfinite(loss))
          reject("loss of NAD", "a finite number; a smaller rate or beta may help",
                 rounded_text(loss, 6) + " in epoch " + std::to_string(epoch + 1));
        state.step(optimizer, 1.0, segments, gradient, net.parameters());
      }
      network::check_parameters(net, "NAD, epoch " + std::to_string(epoch + 1));
      path(std::as_const(net), epoch + 1.0);
    }
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair

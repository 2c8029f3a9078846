#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <snnbd/encode/real_valued.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/network/probe.hpp>
#include <snnbd/network/scale_neurons.hpp>
#include <snnbd/network/windowed_run.hpp>
#include <snnbd/network/with_surrogate.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace network::detail {

template <class Net, class Slope>
struct GradientNetwork {
  using type = WithSurrogate<Net, Slope>;
  static type make(const Net& net) { return with_surrogate<Slope>(net); }
};
template <class Net>
struct GradientNetwork<Net, void> {
  using type = Net;
  static const Net& make(const Net& net) { return net; }
};

/// A network behind a probe.
///
/// @tparam Slope the surrogate of gradients; void for the network's own
template <class Net, encode::Encoder Encoding, class Slope>
class ProbedNetwork final : public Probed {
 public:
  using Scalar = typename Net::ScalarType;

  /// @param batch_size the most samples in memory at a time
  ProbedNetwork(std::shared_ptr<const Net> net, Encoding encoding, Index steps, Index batch_size)
      : net_{std::move(net)},
        encoding_{encoding},
        steps_{steps},
        batch_size_{batch_size},
        run_{*net_, encoding, steps, batch_size, 0} {}

  void run(std::span<const float> samples, std::span<const std::uint64_t> ids,
           std::span<const Index> step_counts, std::span<float> outputs) override {
    passes.forward += ids.size();
    run_(samples, ids, step_counts, outputs);
  }

  const std::vector<ProbedLayer>& layers() override {
    if (!layers_) {
      const std::vector<float> blank(
          static_cast<std::size_t>(run_.frames() * Net::input_shape.size()));
      const std::uint64_t id = 0;
      forward(blank, {&id, 1});
      std::vector<ProbedLayer> found;
      seen_->for_each_neurons(*net_, [&](const auto& site) {
        found.push_back({site.place, std::remove_cvref_t<decltype(site)>::shape, true});
      });
      seen_->for_each_rectifier([&](const auto& site) {
        found.push_back({site.place, site.values.shape, false});
      });
      std::ranges::sort(found, {}, &ProbedLayer::place);
      layers_ = std::move(found);
    }
    return *layers_;
  }

  Index most_samples(int place) override {
    constexpr std::size_t budget = std::size_t{256} << 20U;
    std::size_t units = 0;
    for (const ProbedLayer& one : layers())
      if (one.place == place) units = static_cast<std::size_t>(one.shape.size());
    Index samples = batch_size_;
    while (samples > 1 &&
           Seen::bytes({samples, steps_}, false) +
                   3 * sizeof(Scalar) * units * static_cast<std::size_t>(samples * steps_) >
               budget)
      samples = (samples + 1) / 2;
    return samples;
  }

  void look(std::span<const float> samples, std::span<const std::uint64_t> ids, int place,
            Quantity quantity, bool over_time, std::span<float> values) override {
    passes.forward += ids.size();
    forward(samples, ids);
    const auto take = [&](const RealView<const Scalar>& all, bool mean) {
      if (over_time) {
        std::transform(all.data, all.data + all.size(), values.begin(),
                       [](Scalar value) { return static_cast<float>(value); });
        return;
      }
      sums_.resize(values.size());
      const Scalar scale = mean ? Scalar{1} / static_cast<Scalar>(all.extent.steps) : Scalar{1};
      kernels::sum_over_time(all, scale, sums_.data());
      std::transform(sums_.begin(), sums_.end(), values.begin(),
                     [](Scalar value) { return static_cast<float>(value); });
    };
    seen_->for_each_neurons(*net_, [&](const auto& site) {
      if (site.place != place) return;
      if (quantity == Quantity::spikes) {
        if constexpr (requires { site.fired.words; }) {
          const Tensor<Scalar, 5> spikes = tensor::unpack<Scalar>(site.fired);
          take({spikes.data(), site.extent, site.shape}, true);
        } else {
          take(site.fired, true);
        }
        return;
      }
      const auto room = [&](std::vector<Scalar>& memory) {
        memory.resize(static_cast<std::size_t>(site.extent.frames() * site.shape.size()));
        return RealView<Scalar>{memory.data(), site.extent, site.shape};
      };
      const RealView<Scalar> charge = room(charge_);
      const RealView<Scalar> membrane = room(membrane_);
      site.write_membranes(charge, membrane);
      take(quantity == Quantity::voltage ? charge : membrane, false);
    });
    seen_->for_each_rectifier([&](const auto& site) {
      if (site.place != place) return;
      take(site.values, true);
    });
  }

  void run_with(const NeuronFactors& factors, std::span<const float> samples,
                std::span<const std::uint64_t> ids, std::span<float> outputs) override {
    if (!changed_ || changed_->factors != factors) changed_.reset();
    if (!changed_) changed_.emplace(*this, factors);
    passes.forward += ids.size();
    changed_->run(samples, ids, {&steps_, 1}, outputs);
  }

  void differentiate(std::span<const float> samples, std::size_t first, const OutputSlopes& slopes,
                     std::span<float> gradient) override {
    const auto each = static_cast<std::size_t>(run_.frames() * Net::input_shape.size());
    const auto count = static_cast<Index>(samples.size() / each);
    passes.forward += static_cast<std::size_t>(count);
    passes.backward += static_cast<std::size_t>(count);
    if (!back_) {
      if constexpr (std::is_same_v<Twin, Net>)
        twin_ = net_;
      else
        twin_ = std::make_shared<const Twin>(GradientNetwork<Net, Slope>::make(*net_));
      back_.emplace(Extent{count, steps_}, true);
      ignored_.resize(static_cast<std::size_t>(Net::parameter_count));
    }
    back_->resize({count, steps_});
    const auto input = back_->input();
    ids_.resize(static_cast<std::size_t>(count));
    std::iota(ids_.begin(), ids_.end(), std::uint64_t{first});
    const auto shown = encode::real_valued(encoding_);
    shown.encode({samples.data(), {count, run_.frames()}, Net::input_shape}, ids_, input, {});
    const auto out = back_->forward(*twin_, input, {.training = true, .frozen = true});

    const auto classes = static_cast<std::size_t>(Net::output_shape.size());
    const Index frames = out.extent.steps;
    sums_.resize(static_cast<std::size_t>(count) * classes);
    kernels::sum_over_time(RealView<const Scalar>{out}, Scalar{1} / static_cast<Scalar>(frames),
                           sums_.data());
    outputs_.assign(sums_.begin(), sums_.end());
    slopes_.assign(outputs_.size(), 0.0F);
    slopes(first, outputs_, slopes_);
    std::vector<Scalar> narrow(slopes_.begin(), slopes_.end());
    std::vector<Scalar> spread(static_cast<std::size_t>(out.extent.frames()) * classes);
    kernels::spread_over_time(narrow.data(), out.extent, static_cast<Index>(classes),
                              Scalar{1} / static_cast<Scalar>(frames), spread.data());
    back_gradient_.resize(samples.size());
    back_->backward(*twin_, spread, ignored_, back_gradient_);
    encode::multiply_by_slope(
        shown, RealView<Scalar>{back_gradient_.data(), input.extent, Net::input_shape});
    std::transform(back_gradient_.begin(), back_gradient_.end(), gradient.begin(),
                   [](Scalar value) { return static_cast<float>(value); });
  }

 private:
  using Twin = typename GradientNetwork<Net, Slope>::type;
  using Seen = PassOf<Net, Encoding>;
  using Shown = typename encode::RealInput<Encoding, Net::input_shape>::type;

  /// A copy with other constants, kept for the next batch.
  struct Changed {
    NeuronFactors factors;
    Net net;
    WindowedRun<Net, Encoding> run;

    Changed(const ProbedNetwork& of, const NeuronFactors& by)
        : factors{by},
          net{with_neuron_factors(*of.net_, by)},
          run{net, of.encoding_, of.steps_, of.batch_size_, 0} {}
  };

  void forward(std::span<const float> samples, std::span<const std::uint64_t> ids) {
    const Extent extent{static_cast<Index>(ids.size()), steps_};
    if (!seen_)
      seen_.emplace(extent, false);
    else
      seen_->resize(extent);
    const auto input = seen_->input();
    encoding_.encode({samples.data(), {extent.samples, run_.frames()}, Net::input_shape}, ids,
                     input, {});
    seen_->forward(*net_, input);
  }

  std::shared_ptr<const Net> net_;
  Encoding encoding_;
  Index steps_;
  Index batch_size_;
  WindowedRun<Net, Encoding> run_;
  std::optional<Changed> changed_;
  std::optional<Seen> seen_;
  std::optional<std::vector<ProbedLayer>> layers_;
  std::shared_ptr<const Twin> twin_;  ///< with the surrogate of gradients
  std::optional<Pass<Twin, Shown>> back_;
  std::vector<std::uint64_t> ids_;
  std::vector<Scalar> charge_;
  std::vector<Scalar> membrane_;
  std::vector<Scalar> sums_;
  std::vector<Scalar> ignored_;
  std::vector<Scalar> back_gradient_;
  std::vector<float> outputs_;
  std::vector<float> slopes_;
};

}  // namespace network::detail

/// Opens a network to detectors.
///
/// ```cpp
/// const NetworkProbe probe = probe_of(net, encode::Direct{}, 8);
/// const auto voltage = probe.features(set, probe.last_place(), network::Quantity::voltage);
/// ```
///
/// @tparam Slope the surrogate for gradients by the input; `void` for the one that it was trained
///   with
/// @param net kept alive by the probe
/// @param steps of each sequence; as many as samples have frames, if the encoder passes them on
/// @param batch_size samples that are in memory at a time; results do not depend on it
/// @throws Error if a size or a setting is out of range, or a parameter is not finite
template <class Slope = void, class Net, encode::Encoder Encoding>
[[nodiscard]] NetworkProbe probe_of(std::shared_ptr<const Net> net, Encoding encoding, Index steps,
                                    Index batch_size = 64) {
  const auto inside = std::make_shared<network::detail::ProbedNetwork<Net, Encoding, Slope>>(
      std::move(net), encoding, steps, batch_size);
  return {NetworkView{Net::input_shape, static_cast<int>(Net::output_shape.size()), steps,
                      batch_size, encode::FrameRule::of<Encoding>(),
                      [inside](std::span<const float> samples, std::span<const std::uint64_t> ids,
                               std::span<const Index> step_counts, std::span<float> outputs) {
                        inside->run(samples, ids, step_counts, outputs);
                      }},
          inside};
}

/// The same for a network that somebody else keeps: it must outlive the probe.
template <class Slope = void, class Net, encode::Encoder Encoding>
[[nodiscard]] NetworkProbe probe_of(const Net& net, Encoding encoding, Index steps,
                                    Index batch_size = 64) {
  return probe_of<Slope>(std::shared_ptr<const Net>{std::shared_ptr<const Net>{}, &net}, encoding,
                         steps, batch_size);
}

}  // namespace snnbd::inline SNNBD_ISA

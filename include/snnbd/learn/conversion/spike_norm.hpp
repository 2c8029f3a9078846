#pragma once

#include <algorithm>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/number.hpp>
#include <snnbd/kernels/conversion/quantile.hpp>
#include <snnbd/layer/stage.hpp>
#include <snnbd/learn/conversion/normalizer.hpp>
#include <snnbd/network/twin.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

namespace detail {

/// What the currents of one layer say about its threshold.
class CurrentScale {
 public:
  /// @param share of the currents of a step that lie below the threshold; 1 for the plain maximum
  CurrentScale(double share, Index steps)
      : quantiles_(share < 1.0 ? static_cast<std::size_t>(steps) : 0, kernels::Quantile{share}) {}

  void observe(const RealView<const float>& currents) {
    if (quantiles_.empty()) {
      largest_ = kernels::largest(currents.data, currents.size(), largest_);
      return;
    }
    for (Index sample = 0; sample < currents.extent.samples; ++sample)
      for (Index step = 0; step < currents.extent.steps; ++step)
        quantiles_[static_cast<std::size_t>(step)].observe(currents.frame(sample, step),
                                                           currents.frame_size());
  }

  /// Ends one run through the currents.
  ///
  /// @returns whether they are wanted once more
  bool again() {
    bool wanted = false;
    for (kernels::Quantile& quantile : quantiles_) wanted = quantile.again() || wanted;
    return wanted;
  }

  /// The largest over the steps.
  [[nodiscard]] double value() const {
    auto largest = static_cast<double>(largest_);
    for (const kernels::Quantile& quantile : quantiles_)
      largest = std::max(largest, quantile.value());
    return largest;
  }

 private:
  float largest_ = 0.0F;
  std::vector<kernels::Quantile> quantiles_;
};

/// A stage with neurons: which spec they are, and the layer whose currents they take, if the two
/// run as one. A kind of stage that is not listed here is refused, not skipped.
template <class Stage>
struct Firing {
  static constexpr bool exists = false;
  static_assert(!std::is_same_v<Stage, Stage>,
                "snnbd: SpikeNorm does not know how this stage makes the currents of its neurons");
};
/// A stage that holds no neurons, or not by itself.
struct NoFiring {
  static constexpr bool exists = false;
};
template <class Bound, layer::Position At>
struct Firing<layer::Stage<Bound, At>> : NoFiring {};
template <class Producer, class Norm, layer::Position At>
struct Firing<layer::LinearNormStage<Producer, Norm, At>> : NoFiring {};
template <class Producer, class Norm, layer::Position At, bool Stores>
struct Firing<layer::DeferredLinearNormStage<Producer, Norm, At, Stores>> : NoFiring {};
template <class Bound, layer::Position At>
requires requires {
  typename Bound::Cell;
}
struct Firing<layer::Stage<Bound, At>> {
  static constexpr bool exists = true;
  static constexpr bool fused = false;
  static constexpr int neurons = At.index;
  using Currents = typename Bound::Input;
};
/// Of a layer and the neurons behind it.
template <class Bound, layer::Position At>
struct FusedFiring {
  static constexpr bool exists = true;
  static constexpr bool fused = true;
  static constexpr int neurons = At.index + 1;
  static constexpr int spec = At.index;
  static constexpr Index offset = At.offset;
  using Producer = Bound;
  using Currents = typename Bound::Output;
};
template <class Bound, class Neurons, layer::Position At>
struct Firing<layer::LinearSpikingStage<Bound, Neurons, At>> : FusedFiring<Bound, At> {};
template <class Bound, class Neurons, layer::Position At>
struct Firing<layer::ResidualSpikingStage<Bound, Neurons, At>> : FusedFiring<Bound, At> {};

/// A stage that holds lists of layers.
template <class Stage>
struct Holding {
  static constexpr bool exists = false;
};
template <class Stage>
requires requires {
  typename Stage::Bound::BranchList;
}
struct Holding<Stage> {
  static constexpr bool exists = true;
  static constexpr int spec = Stage::position.index;
  static constexpr Index offset = Stage::position.offset;
  using Branch = typename Stage::Bound::BranchList;
  using Shortcut = typename Stage::Bound::ShortcutList;
};

/// Whether there are neurons in a list from stage `At` on.
template <class List, std::size_t At = 0>
constexpr bool fires_from() {
  if constexpr (At == List::size) {
    return false;
  } else {
    using Stage = typename List::template At<At>;
    bool here = Firing<Stage>::exists;
    if constexpr (Holding<Stage>::exists)
      here = here || fires_from<typename Holding<Stage>::Branch>() ||
             fires_from<typename Holding<Stage>::Shortcut>();
    return here || fires_from<List, At + 1>();
  }
}

/// Some samples of a batch.
template <class View>
View part_of(View whole, Index first, Index count) {
  if constexpr (requires { whole.words; })
    whole.words = whole.frame(first);
  else
    whole.data = whole.frame(first);
  whole.extent.samples = count;
  return whole;
}

/// Copies a signal to where the samples from `first` on stand in a larger one.
template <class View, class Target>
void copy_part(const View& part, Target& whole, Index first) {
  if constexpr (requires { part.words; }) {
    whole.amplitude = part.amplitude;
    std::copy_n(part.words, part.size(), whole.frame(first));
  } else {
    std::copy_n(part.data, part.size(), whole.frame(first));
  }
}

/// What all lists of a network share while it is balanced.
struct Balance {
  Index steps = 1;
  double share = 1.0;
  std::size_t memory = 0;      ///< bytes for the currents of one part of the samples
  std::vector<double> scales;  ///< found so far
};

/// Balances the thresholds of a list of stages, one layer of neurons after the other: its currents
/// are made from the spikes of the layer before, which are kept for all samples; their largest one
/// is its threshold; with it, they are made again and scanned into its own spikes.
///
/// @tparam Specs a tuple of layers; thresholds and amplitudes are set in it
template <class Scalar, class List, class Specs>
class ListBalancer {
 public:
  ListBalancer(Specs& specs, const Scalar* parameters, Balance& balance)
      : specs_{specs}, parameters_{parameters}, balance_{balance} {}

  /// @param whole what reaches the list, all samples
  template <class View>
  void run(const View& whole) {
    advance<0, 0>(whole);
  }

 private:
  template <std::size_t I>
  using StageAt = typename List::template At<I>;

  /// Stages `From` to `At` - 1 have no neurons that are not balanced: they are run again for each
  /// part. `whole` is what reaches stage `From`.
  template <std::size_t From, std::size_t At, class View>
  void advance(const View& whole) {
    if constexpr (fires_from<List, At>()) {
      using Stage = StageAt<At>;
      if constexpr (Holding<Stage>::exists) {
        SignalBuffer<typename Stage::Input, Scalar> buffer;
        if constexpr (From == At)
          balance_parts<At>(whole);
        else
          balance_parts<At>(gather<From, At>(whole, buffer));
      }
      if constexpr (Firing<Stage>::exists) {
        find_threshold<From, At>(whole);
        if constexpr (fires_from<List, At + 1>()) {
          SignalBuffer<typename Stage::Output, Scalar> buffer;
          advance<At + 1, At + 1>(gather<From, At + 1>(whole, buffer));
        }
      } else {
        advance<From, At + 1>(whole);
      }
    }
  }

  template <std::size_t At, class View>
  void balance_parts(const View& whole) {
    using Held = Holding<StageAt<At>>;
    auto& spec = std::get<Held::spec>(specs_);
    const Scalar* const own = parameters_ + Held::offset;
    ListBalancer<Scalar, typename Held::Branch, decltype(spec.branch.layers)>{spec.branch.layers,
                                                                              own, balance_}
        .run(whole);
    ListBalancer<Scalar, typename Held::Shortcut, decltype(spec.shortcut.layers)>{
        spec.shortcut.layers, own + Held::Branch::parameter_count, balance_}
        .run(whole);
  }

  template <std::size_t From, std::size_t At, class View>
  void find_threshold(const View& whole) {
    using Fires = Firing<StageAt<At>>;
    using Currents = typename Fires::Currents;
    CurrentScale scale{balance_.share, layer::extent_of<Currents>({1, balance_.steps}).steps};
    SinglePrecision<Scalar> single;
    do {
      for_each_part<From, At, Currents>(whole, [&](const auto& in) {
        if constexpr (Fires::fused) {
          using Producer = typename Fires::Producer;
          const Extent extent{in.extent.samples, balance_.steps};
          Arena counter;
          Producer::reserve(counter, extent, false);
          Arena arena{counter.used()};
          auto memory = Producer::reserve(arena, extent, false);
          layer::LayerContext context{scratch_};
          scale.observe(single(Producer::forward(
              std::get<Fires::spec>(specs_), parameters_ + Fires::offset, in, memory, context)));
        } else {
          scale.observe(single(in));
        }
      });
    } while (scale.again());
    auto& spec = std::get<Fires::neurons>(specs_);
    spec.neuron.threshold = static_cast<Scalar>(scale.value());
    spec.amplitude = spec.neuron.threshold;
    balance_.scales.push_back(scale.value());
    if (!(scale.value() > 0.0))
      reject("currents of activation layer " + std::to_string(balance_.scales.size() - 1),
             balance_.share < 1.0
                 ? "a percentile " + rounded_text(100.0 * balance_.share, 6) +
                       " above 0 in the calibration set; a larger one or more steps may help"
                 : std::string{"some above 0 in the calibration set; more steps may help"},
             scale.value());
  }

  /// What reaches stage `End`, all samples.
  template <std::size_t From, std::size_t End, class View, class Signal>
  auto gather(const View& whole, SignalBuffer<Signal, Scalar>& buffer) {
    auto all = buffer.view({whole.extent.samples, balance_.steps});
    Index first = 0;
    for_each_part<From, End, Signal>(whole, [&](const auto& part) {
      copy_part(part, all, first);
      first += part.extent.samples;
    });
    const ConstViewOf<Signal, Scalar> gathered = all;
    return gathered;
  }

  /// Calls `visit(signal)` for what reaches stage `End`, some samples at a time.
  ///
  /// @tparam Largest the signal whose memory bounds their number
  template <std::size_t From, std::size_t End, class Largest, class View, class Visit>
  void for_each_part(const View& whole, const Visit& visit) {
    const auto sample =
        static_cast<std::size_t>(layer::extent_of<Largest>({1, balance_.steps}).steps *
                                 Largest::shape.size()) *
        sizeof(Scalar);
    const auto most = static_cast<Index>(std::max<std::size_t>(balance_.memory / sample, 1));
    for (Index first = 0; first < whole.extent.samples; first += most) {
      const Index count = std::min(most, whole.extent.samples - first);
      Arena counter;
      reserve<From, End>(counter, {count, balance_.steps});
      Arena arena{counter.used()};
      reserve<From, End>(arena, {count, balance_.steps});
      visit(run_stages<From, End>(part_of(whole, first, count)));
    }
  }

  template <std::size_t I, std::size_t End>
  void reserve(Arena& arena, const Extent& extent) {
    if constexpr (I < End) {
      std::get<I>(memories_) = StageAt<I>::reserve(arena, extent, false);
      reserve<I + 1, End>(arena, extent);
    }
  }

  template <std::size_t I, std::size_t End, class View>
  auto run_stages(const View& in) {
    if constexpr (I == End) {
      return in;
    } else {
      layer::LayerContext context{scratch_};
      const ConstViewOf<typename StageAt<I>::Output, Scalar> out =
          StageAt<I>::forward(specs_, parameters_, in, std::get<I>(memories_), context);
      return run_stages<I + 1, End>(out);
    }
  }

  Specs& specs_;
  const Scalar* parameters_;
  Balance& balance_;
  Scratch scratch_;
  typename List::Memories memories_;
};

}  // namespace detail

/// Threshold balancing on spikes (Sengupta et al. 2019, Alg. 1): layer by layer, with the layers
/// before it firing at the thresholds that were found for them, a layer's threshold is the largest
/// weighted sum of its inputs at any one step, over the calibration set. In the paper spikes count
/// 1, and thresholds are the ratios of neighbouring scales; here a layer's spikes count its
/// threshold, which fires the same spikes.
///
/// The definition runs the whole network once for each layer. One walk through the layers gives
/// the same: the spikes of one layer are kept for all samples and steps (one bit each), and the
/// currents that they cause in the next are made twice, first for their maximum, then to be scanned
/// into spikes.
struct SpikeNorm {
  static constexpr std::string_view name = "spike_norm";
  Index timesteps = 100;      ///< of calibration
  double percentile = 100.0;  ///< of the currents of one step, the largest over the steps counts;
                              ///< 99.7 in DIET-SNN (Rathi and Roy 2021)
  std::size_t memory = std::size_t{64} << 20U;  ///< bytes for currents; results do not depend on it

  void check() const {
    if (timesteps < 1) reject("timesteps of spike_norm", "at least 1", timesteps);
    detail::check_percentile("percentile of spike_norm", percentile);
  }

  /// @throws Error if a setting is out of range, or nothing excites a layer
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    check();
    using Net = Converted<typename Set::NetType>;
    using In = typename Set::In;
    using Scalar = typename Net::ScalarType;
    auto net = network::transfer<Net>(calibration.net());
    SignalBuffer<In, Scalar> buffer;
    const auto room = buffer.view({calibration.samples(), timesteps});
    calibration.read(0, room);
    const ConstViewOf<In, Scalar> whole = room;
    detail::Balance balance{timesteps, percentile / 100.0, memory, {}};
    detail::ListBalancer<Scalar, typename Net::template BoundTo<In>, typename Net::SpecTuple>{
        net.layers(), net.parameters().data(), balance}
        .run(whole);
    return balance.scales;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn

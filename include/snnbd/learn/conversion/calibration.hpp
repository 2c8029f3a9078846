#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/network/check.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/network/twin.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

namespace detail {

/// Shows values in single precision, in which a conversion takes its statistics and neurons have
/// their thresholds.
template <class Scalar>
class SinglePrecision {
 public:
  /// @returns the values; of a network in double precision, valid until the next call
  RealView<const float> operator()(const RealView<const Scalar>& values) {
    if constexpr (std::is_same_v<Scalar, float>) {
      return values;
    } else {
      room_.resize(static_cast<std::size_t>(values.size() + spare_values));
      std::transform(values.data, values.data + values.size(), room_.begin(),
                     [](Scalar value) { return static_cast<float>(value); });
      return {room_.data(), values.extent, values.shape};
    }
  }

 private:
  std::vector<float> room_;
};

}  // namespace detail

/// What a normalizer looks at: an artificial network and the samples that it is calibrated on. It
/// must not outlive either.
///
/// @tparam Ann a BasicNetwork of rectifiers without batch norm
/// @tparam Encoding how the spiking network will see images
template <class Ann, encode::Encoder Encoding>
class Calibration {
 public:
  using NetType = Ann;
  using Scalar = typename Ann::ScalarType;
  using EncodingType = Encoding;
  using In = typename Encoding::template Signal<Ann::input_shape>;
  /// How the artificial network sees images: as they are, if the spiking one sees spikes.
  using RealEncoding = std::conditional_t<StaticSignal<In>, Encoding, encode::Direct>;
  using RealIn = typename RealEncoding::template Signal<Ann::input_shape>;
  /// The number of its layers of rectifiers.
  static constexpr int activations = network::activation_count<Ann>;

  /// @param batch_size samples that are in memory at a time
  /// @throws Error if the set is empty or its images are not the network's, a setting is out of
  /// range
  ///   or a parameter is not finite
  Calibration(const Ann& ann, const Encoding& encoding, data::DatasetView set,
              Index batch_size = 64)
      : ann_{&ann}, encoding_{encoding}, set_{set}, batch_size_{batch_size} {
    if (set.shape() != Ann::input_shape)
      reject("set for calibration", to_string(Ann::input_shape) + " images",
             to_string(set.shape()));
    if (set.frames() != 1)
      reject("set for calibration", "images, which have one frame, as rectifiers know no time",
             std::to_string(set.frames()) + " frames");
    if (set.size() == 0) reject("set for calibration", "at least one sample", "none");
    if (batch_size < 1) reject("batch size", "at least 1", batch_size);
    check_policy(encoding);
    network::check(ann);
    network::check_parameters(ann, "network for calibration");
  }

  [[nodiscard]] const Ann& net() const { return *ann_; }
  [[nodiscard]] const Encoding& encoding() const { return encoding_; }
  [[nodiscard]] data::DatasetView set() const { return set_; }
  [[nodiscard]] Index samples() const { return static_cast<Index>(set_.size()); }

  /// Calls `visit(number, values)` for what each layer of rectifiers gives, from layer 0 on, batch
  /// after batch in the order of the set, in single precision whatever the network's.
  template <class Visit>
  void for_each_activation(const Visit& visit) const {
    RealEncoding encoding{};
    if constexpr (StaticSignal<In>) encoding = encoding_;
    detail::SinglePrecision<Scalar> single;
    run<RealIn>(net(), encoding, 1, [&](const auto& pass) {
      int number = 0;
      pass.for_each_activation(
          [&](const RealView<const Scalar>& values) { visit(number++, single(values)); });
    });
  }

  /// Calls `visit(number, spikes)` for what each layer of neurons of a converted network fires, as
  /// `for_each_activation`.
  template <class Net, class Visit>
  void for_each_firing(const Net& converted, Index steps, const Visit& visit) const {
    run<In>(converted, encoding_, steps, [&](const auto& pass) {
      int number = 0;
      pass.for_each_firing([&](const SpikeView<const Word>& spikes) { visit(number++, spikes); });
    });
  }

  /// Fills a view with consecutive samples from `first` on, as the spiking network will see them.
  void read(Index first, const ViewOf<In, Scalar>& in) const { encode(encoding_, first, in); }

 private:
  /// Calls `look(pass)` behind each batch's way through a network.
  template <Signal Seen, class Net, class Code, class Look>
  void run(const Net& model, const Code& code, Index steps, const Look& look) const {
    Pass<Net, Seen> pass{{std::min(batch_size_, samples()), steps}, false};
    for (Index first = 0; first < samples(); first += batch_size_) {
      const Extent extent{std::min(batch_size_, samples() - first), steps};
      pass.resize(extent);
      const auto in = pass.input();
      encode(code, first, in);
      pass.forward(model, in);
      look(pass);
    }
  }

  template <class Code, class View>
  void encode(const Code& code, Index first, const View& in) const {
    data::Batch batch;
    batch.fill_from(set_, static_cast<std::size_t>(first),
                    static_cast<std::size_t>(in.extent.samples));
    code.encode(batch.view(), batch.ids, in, {});
  }

  const Ann* ann_;
  Encoding encoding_;
  data::DatasetView set_;
  Index batch_size_;
};

}  // namespace snnbd::inline SNNBD_ISA::learn

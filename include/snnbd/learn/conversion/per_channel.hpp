#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <vector>

#include <snnbd/kernels/conversion/channels.hpp>
#include <snnbd/learn/conversion/normalizer.hpp>
#include <snnbd/network/normalize_channels.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

namespace detail {

/// A calibration that shows channels as if each were a layer, to a normalizer that then scales
/// each of them.
///
/// @tparam Count how many channels are shown, numbered through the layers
template <class Set, int Count>
class ChannelCalibration {
 public:
  using NetType = typename Set::NetType;
  using In = typename Set::In;
  static constexpr int activations = Count;

  /// @param first the first channel that is shown
  ChannelCalibration(const Set& whole, int first) : whole_{whole}, first_{first} {}

  [[nodiscard]] Index samples() const { return whole_.samples(); }

  template <class Never = void>
  [[nodiscard]] const NetType& net() const {
    static_assert(!std::is_void_v<Never>,
                  "snnbd: PerChannel takes a normalizer that looks at activations alone, such as "
                  "MaxNorm or RobustNorm");
    return whole_.net();
  }

  template <class Visit>
  void for_each_activation(const Visit& visit) const {
    constexpr auto plan = network::detail::channel_plan<NetType>;
    int begin = 0;
    std::vector<float> gathered;
    whole_.for_each_activation([&](int number, const RealView<const float>& values) {
      if (number == 0) begin = 0;
      const int channels = plan.channels[static_cast<std::size_t>(number)];
      const int first = std::clamp(first_ - begin, 0, channels);
      const int end = std::clamp(first_ + Count - begin, 0, channels);
      const Index rows = values.size() / channels;
      gathered.resize(static_cast<std::size_t>(rows * (end - first)));
      kernels::gather_channels<float>(values.data, {rows, channels}, first, end - first,
                                      gathered.data());
      for (int channel = first; channel < end; ++channel)
        visit(begin + channel - first_,
              RealView<const float>{
                  gathered.data() + rows * (channel - first), {rows, 1}, Shape{1, 1, 1}});
      begin += channels;
    });
  }

 private:
  const Set& whole_;
  int first_;
};

/// How many channels a normalizer looks at in one way through the set.
template <class Base>
constexpr int channels_at_once(int channels) {
  constexpr Index most = Index{256} << 20;
  if constexpr (requires { Base::bytes_for_a_layer; })
    return static_cast<int>(std::min<Index>(channels, most / Base::bytes_for_a_layer));
  else
    return channels;
}

}  // namespace detail

/// Any normalizer that looks at activations alone, with a scale for each channel in place of one
/// for each layer: weak channels fire as often as strong ones, so that fewer steps tell their
/// values apart (channel-wise normalization, Kim et al. 2020, "Spiking-YOLO"). The
/// channels of a dense layer are its units. Neurons keep one threshold: the scales are taken into
/// the weights (`network::normalize_channels`). A channel whose scale would be 0 has the largest of
/// its layer.
///
/// Networks with residuals, or without weights before some neurons or behind the last ones, are
/// refused when they are compiled. A percentile that is taken over all activations can be 0 for a
/// channel that is rarely active; `positive` takes it over those above 0.
///
/// ```cpp
/// learn::PerChannel<learn::RobustNorm> normalizer{{.percentile = 99.0, .positive = true}};
/// learn::HalfStart<learn::PerChannel<learn::MaxNorm>> rounding;
/// ```
///
/// `RobustNorm` runs through the set twice for each 256 channels, to bound its memory; others
/// run as often as for layers.
template <Normalizer Base>
struct PerChannel : Base {
  static constexpr auto name_text = detail::with_suffix<Base>("_per_channel");
  static constexpr std::string_view name{name_text.data(), name_text.size()};
  static constexpr bool per_channel = true;

  /// The largest scale of each layer's channels.
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    std::vector<double> largest;
    for (const std::vector<double>& layer : channel_scales(calibration))
      largest.push_back(*std::max_element(layer.begin(), layer.end()));
    return largest;
  }

  /// For each layer of rectifiers, the scales of its channels: all above 0, or all 0 if the set
  /// activates none.
  template <class Set>
  [[nodiscard]] std::vector<std::vector<double>> channel_scales(const Set& calibration) const {
    using Net = typename Set::NetType;
    network::detail::verify_channels<Net>();
    constexpr auto plan = network::detail::channel_plan<Net>;
    constexpr int total = plan.total();
    constexpr int group = detail::channels_at_once<Base>(total);
    std::vector<double> all;
    for (int first = 0; first < total; first += group) {
      const auto some = Base::scales(detail::ChannelCalibration<Set, group>{calibration, first});
      all.insert(all.end(), some.begin(), some.end());
    }
    std::vector<std::vector<double>> layers;
    auto from = all.begin();
    for (const int channels : plan.channels) {
      std::vector<double>& layer = layers.emplace_back(from, from + channels);
      from += channels;
      const double largest = *std::max_element(layer.begin(), layer.end());
      for (double& scale : layer)
        if (!(scale > 0.0)) scale = largest;
    }
    return layers;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn

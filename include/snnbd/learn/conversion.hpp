#pragma once

#include <string_view>
#include <tuple>

#include <snnbd/learn/bptt.hpp>
#include <snnbd/learn/convert.hpp>
#include <snnbd/learn/normalizer.hpp>
#include <snnbd/learn/rule.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// LR_C: trains the artificial twin of a network on the poisoned set and converts it (Jin et al.
/// 2024, Sec. 2.2.2, Eq. 5 and 11). The twin is trained once and converted by each normalizer.
///
/// @tparam Training how the twin is trained, such as `Bptt<CrossEntropy, Sgd, Cosine>`
/// @tparam Rules the normalizers
template <class Training, Normalizer... Rules>
struct ConversionBy {
  static_assert(sizeof...(Rules) > 0, "snnbd: a conversion needs a normalizer, such as RobustNorm");

  Training training{};
  std::tuple<Rules...> normalizers{};

  /// What is trained in place of a network.
  template <class Net>
  using Trained = AnnTwin<Net>;
  /// The twin sees images as they are, if the spiking network sees spikes.
  template <class Net, class Encoding>
  using TrainEncoding = typename Calibration<Folded<AnnTwin<Net>>, Encoding>::RealEncoding;

  template <class Net>
  static constexpr std::string_view label() {
    return "LR_C";
  }

  template <class Ann, class Encoding>
  [[nodiscard]] TrainEstimate estimate(const TrainSettings& settings) const {
    return training.template estimate<Ann, Encoding>(settings);
  }

  template <class Ann, class Encoding>
  [[nodiscard]] double probe(Ann& ann, const Encoding& encoding, data::DatasetView set,
                             const TrainSettings& settings) const {
    return training.probe(ann, encoding, set, settings);
  }

  /// Trains the twin; see `Bptt::fit`.
  template <class Ann, class Encoding>
  TrainRecord fit(Ann& ann, const Encoding& encoding, data::DatasetView set,
                  const TrainSettings& settings, const Objective& objective,
                  const Observer& observer) const {
    return training.fit(ann, encoding, set, settings, objective, observer);
  }

  /// Calls `visit` with the `ConversionResult` of each normalizer.
  ///
  /// @param calibration what the normalizers look at
  /// @param encoding how the spiking network sees images
  /// @param batch_size samples that are in memory at a time
  template <class Ann, class Encoding, class Visit>
  void for_each_conversion(const Ann& ann, data::DatasetView calibration, const Encoding& encoding,
                           Index batch_size, const Visit& visit) const {
    std::apply(
        [&](const auto&... normalizer) {
          (visit(convert(ann, normalizer, calibration, encoding, batch_size)), ...);
        },
        normalizers);
  }
};

/// LR_C with cross entropy and Adam: `learn::Conversion<learn::MaxNorm, learn::RobustNorm>`.
template <Normalizer... Rules>
using Conversion = ConversionBy<Bptt<>, Rules...>;

}  // namespace snnbd::inline SNNBD_ISA::learn

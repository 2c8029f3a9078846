#pragma once

#include <string_view>
#include <tuple>

#include <snnbd/learn/bptt.hpp>
#include <snnbd/learn/convert.hpp>
#include <snnbd/learn/normalizer.hpp>
#include <snnbd/learn/rule.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// LR_C: trains an artificial network in a network's place on the poisoned set and converts it (Jin
/// et al. 2024, Sec. 2.2.2, Eq. 5 and 11). It is trained once and converted by each normalizer.
///
/// @tparam Twin gives the artificial network, such as `AnnTwin`
/// @tparam Training how the twin is trained, such as `Bptt<CrossEntropy, Sgd, Cosine>`
/// @tparam Rules the normalizers
template <template <class> class Twin, class Training, Normalizer... Rules>
struct ConversionOf {
  static_assert(sizeof...(Rules) > 0, "snnbd: a conversion needs a normalizer, such as RobustNorm");

  Training training{};
  std::tuple<Rules...> normalizers{};

  /// What is trained in place of a network.
  template <class Net>
  using Trained = Twin<Net>;
  /// The twin sees images as they are, if the spiking network sees spikes.
  template <class Net, class Encoding>
  using TrainEncoding = typename Calibration<Folded<Twin<Net>>, Encoding>::RealEncoding;

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

  /// Trains the twin; see `Bptt::fit`. A normalizer's setting out of range is refused before.
  template <class Ann, class Encoding>
  TrainRecord fit(Ann& ann, const Encoding& encoding, data::DatasetView set,
                  const TrainSettings& settings, const Objective& objective,
                  const Observer& observer) const {
    check_normalizers();
    return training.fit(ann, encoding, set, settings, objective, observer);
  }

  /// Refuses settings out of range, before anything is trained for the conversion.
  void check_normalizers() const {
    std::apply([](const auto&... normalizer) { (check_policy(normalizer), ...); }, normalizers);
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

/// LR_C with rectifiers in place of neurons, as the paper has it.
template <class Training, Normalizer... Rules>
using ConversionBy = ConversionOf<AnnTwin, Training, Rules...>;

/// LR_C with cross entropy and Adam: `learn::Conversion<learn::MaxNorm, learn::RobustNorm>`.
template <Normalizer... Rules>
using Conversion = ConversionBy<Bptt<>, Rules...>;

namespace detail {
template <int Levels, int FirstLimit>
struct WithLevels {
  template <class Net>
  using Twin = QcfsTwin<Net, Levels, FirstLimit>;
};
}  // namespace detail

/// LR_C with a twin that is trained with what conversion will do to it: it clips and rounds as
/// neurons do in `Levels` steps (Bu et al. 2022). `LearnedNorm` takes the limits that it learned,
/// see `layer::Qcfs`.
template <int Levels, int FirstLimit, class Training, Normalizer... Rules>
using QcfsConversionBy =
    ConversionOf<detail::WithLevels<Levels, FirstLimit>::template Twin, Training, Rules...>;

/// The same with cross entropy and Adam: `learn::QcfsConversion<8, 2, learn::LearnedNorm>`.
template <int Levels, int FirstLimit, Normalizer... Rules>
using QcfsConversion = QcfsConversionBy<Levels, FirstLimit, Bptt<>, Rules...>;

}  // namespace snnbd::inline SNNBD_ISA::learn

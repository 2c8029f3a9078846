#pragma once

#include <string_view>
#include <tuple>

#include <snnbd/learn/conversion/conversion_models.hpp>
#include <snnbd/learn/conversion/normalizer.hpp>
#include <snnbd/learn/training/bptt.hpp>

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
  ConversionSettings conversion{};

  /// @throws Error if a setting is out of range or the pretrained network cannot be taken
  template <class Net>
  void check() const {
    check_conversion<Twin<Net>>(conversion, normalizers);
  }

  /// The most steps that a model of it runs for.
  [[nodiscard]] Index longest(Index timesteps) const {
    return conversion.timesteps > 0 ? conversion.timesteps : timesteps;
  }

  /// Hands on the artificial network and then each conversion of it.
  ///
  /// @param context an `experiment::Context`
  /// @param emit takes a `Model` and gives its number
  template <class Context, class Emit>
  void learn(Context& context, const Emit& emit) const {
    using Ann = Twin<typename Context::Net>;
    ConversionModels<Context> models{context, conversion};
    const auto encoding = models.template artificial_encoding<Ann>();
    const bool poisoned = context.poisoned();
    const auto ann = models.template artificial<Ann>(training, encoding, poisoned, emit);
    const PoisonedSteps steps{
        .ann = poisoned,
        .calibration = poisoned && conversion.calibration == CalibrationSet::training};
    models.convert_each(ann, normalizers, {steps}, emit);
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

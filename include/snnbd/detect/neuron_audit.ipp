#pragma once

#include <algorithm>
#include <span>

#include <snnbd/core/error.hpp>
#include <snnbd/detect/neuron_audit.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

/// How often each class is given, and how often rightly; what is undecided counts for none.
struct GivenClasses {
  std::vector<double> shares;
  double accuracy = 0.0;
  double undecided = 0.0;
};

inline GivenClasses given_classes(const NetworkProbe& suspect, data::DatasetView set,
                                  std::span<const float> outputs) {
  const auto classes = static_cast<std::size_t>(suspect.classes());
  const std::vector<int> labels = suspect.largest(outputs);
  const double each = 1.0 / static_cast<double>(set.size());
  GivenClasses given{std::vector<double>(classes)};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto [low, high] = std::ranges::minmax(outputs.subspan(i * classes, classes));
    if (!(high > low)) {
      given.undecided += each;
      continue;
    }
    given.shares[static_cast<std::size_t>(labels[i])] += each;
    if (labels[i] == set.label(i)) given.accuracy += each;
  }
  return given;
}

inline AuditPoint point_of(const network::NeuronFactors& factors, const GivenClasses& given) {
  const auto most = std::ranges::max_element(given.shares);
  AuditPoint point{factors, given.accuracy, std::nullopt, *most, given.undecided};
  if (*most > 0.0) point.label = static_cast<int>(most - given.shares.begin());
  return point;
}

/// Calls `visit(factors, given)` for each pair of factors.
template <class Visit>
void visit_factors(const NeuronAudit& audit, const NetworkProbe& suspect,
                   const defend::Evidence& evidence, const Visit& visit) {
  audit.check();
  if (evidence.clean.size() == 0) reject("clean samples for neuron_audit", "at least one", "none");
  if (std::ranges::none_of(suspect.layers(), &network::ProbedLayer::neurons)) return;
  const std::size_t points = audit.threshold_factors.size() * audit.tau_factors.size();
  const auto observer = evidence.observe("auditing neurons", points * evidence.clean.size());
  std::size_t done = 0;
  for (const double threshold : audit.threshold_factors) {
    for (const double tau : audit.tau_factors) {
      const network::NeuronFactors factors{threshold, tau};
      visit(factors,
            given_classes(suspect, evidence.clean, suspect.outputs_with(factors, evidence.clean)));
      done += evidence.clean.size();
      if (observer) observer(done);
    }
  }
}

}  // namespace detail

SNNBD_COLD void NeuronAudit::check() const {
  for (const auto* factors : {&threshold_factors, &tau_factors}) {
    if (factors->empty()) reject("factors of neuron_audit", "at least one", "none");
    for (const double factor : *factors) require_positive("factor of neuron_audit", factor);
  }
  require_share("threshold of neuron_audit", threshold);
}

SNNBD_COLD std::vector<AuditPoint> NeuronAudit::sweep(const NetworkProbe& suspect,
                                                      const defend::Evidence& evidence) const {
  std::vector<AuditPoint> points;
  detail::visit_factors(
      *this, suspect, evidence,
      [&](const network::NeuronFactors& factors, const detail::GivenClasses& given) {
        points.push_back(detail::point_of(factors, given));
      });
  return points;
}

SNNBD_COLD defend::Verdict NeuronAudit::judge(const NetworkProbe& suspect,
                                              const defend::Evidence& evidence) const {
  defend::Verdict verdict{.threshold = threshold};
  const auto classes = static_cast<std::size_t>(suspect.classes());
  verdict.by_class.assign(classes, 0.0);
  std::optional<detail::GivenClasses> usual;
  network::NeuronFactors worst;
  double accuracy = 1.0;
  detail::visit_factors(
      *this, suspect, evidence,
      [&](const network::NeuronFactors& factors, const detail::GivenClasses& given) {
        if (!usual)
          usual = detail::given_classes(suspect, evidence.clean, suspect.outputs(evidence.clean));
        accuracy = std::min(accuracy, given.accuracy);
        for (std::size_t label = 0; label < classes; ++label) {
          const double gain = given.shares[label] - usual->shares[label];
          verdict.by_class[label] = std::max(verdict.by_class[label], gain);
          if (gain <= verdict.score) continue;
          verdict.score = gain;
          worst = factors;
          if (gain > threshold) verdict.target = static_cast<int>(label);
        }
      });
  if (!usual) return verdict;
  verdict.figures = {{"threshold_factor", worst.threshold},
                     {"tau_factor", worst.tau},
                     {"accuracy", usual->accuracy},
                     {"least_accuracy", accuracy}};
  return verdict;
}

}  // namespace snnbd::inline SNNBD_ISA::detect

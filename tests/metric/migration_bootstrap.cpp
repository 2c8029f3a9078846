#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/metric/attack_success.hpp>
#include <snnbd/metric/migration.hpp>

#include "../core/keep_threads.hpp"

namespace metric = snnbd::metric;
using Catch::Matchers::Contains;
using snnbd::random::Purpose;
using snnbd::random::Stream;
using Classes = std::vector<int>;

namespace {

/// What four networks predict for triggered samples of ten classes, all wanted as class 1.
struct Predicted {
  Classes originals, targets, ann, snn, clean_ann, clean_snn;

  [[nodiscard]] metric::TwinPredictions attacked() const { return {ann, snn}; }
  [[nodiscard]] metric::TwinPredictions clean() const { return {clean_ann, clean_snn}; }
};

/// Networks that are fooled with the chances `by_ann` and, if the ANN is, `kept`, else `gained`.
Predicted draw(int samples, std::uint64_t seed, float by_ann = 0.8F, float kept = 0.9F,
               float gained = 0.3F) {
  Stream stream{seed, Purpose::synthetic};
  Predicted result;
  for (int sample = 0; sample < samples; ++sample) {
    const int original = sample % 10;
    const int other = original == 1 ? 7 : original;
    const bool ann = stream.uniform() < by_ann;
    result.originals.push_back(original);
    result.targets.push_back(1);
    result.ann.push_back(ann ? 1 : other);
    result.snn.push_back(stream.uniform() < (ann ? kept : gained) ? 1 : other);
    result.clean_ann.push_back(stream.uniform() < 0.05F ? 1 : original);
    result.clean_snn.push_back(stream.uniform() < 0.1F ? 1 : original);
  }
  return result;
}

/// The interval by its definition: predictions drawn anew, ASR counted, the ratios sorted.
metric::Interval naive_interval(const Predicted& from, const metric::Bootstrap& bootstrap,
                                bool corrected, metric::Rate metric::AttackSuccess::*group) {
  std::vector<double> rates;
  for (std::size_t resample = 0; resample < bootstrap.resamples; ++resample) {
    Stream stream{bootstrap.seed, Purpose::bootstrap, resample};
    Predicted drawn;
    for (std::size_t draw = 0; draw < from.ann.size(); ++draw) {
      const std::size_t at = stream.below(static_cast<std::uint32_t>(from.ann.size()));
      drawn.originals.push_back(from.originals[at]);
      drawn.ann.push_back(from.ann[at]);
      drawn.snn.push_back(from.snn[at]);
      drawn.clean_ann.push_back(from.clean_ann[at]);
      drawn.clean_snn.push_back(from.clean_snn[at]);
    }
    const auto percent = [&](const Classes& predictions) {
      return (metric::attack_success(predictions, drawn.originals, 1).*group).percent();
    };
    const double base_ann = corrected ? percent(drawn.clean_ann) : 0.0;
    const double base_snn = corrected ? percent(drawn.clean_snn) : 0.0;
    rates.push_back((percent(drawn.snn) - base_snn) * 100 / (percent(drawn.ann) - base_ann));
  }
  std::sort(rates.begin(), rates.end());
  const auto beyond = static_cast<std::size_t>(
      std::lround(static_cast<double>(rates.size()) * (1.0 - bootstrap.confidence) / 2.0));
  return {rates[beyond], rates[rates.size() - 1 - beyond]};
}

double width(const metric::BootstrapEstimate& estimate) {
  return estimate.interval.value().high - estimate.interval.value().low;
}

}  // namespace

TEST_CASE("Bootstrapped intervals are those of their definition", "[metric]") {
  const Predicted predicted = draw(150, 5);
  for (const double confidence : {0.95, 0.8}) {
    const metric::Bootstrap bootstrap{.resamples = 400, .confidence = confidence, .seed = 11};
    const auto plain = metric::bootstrap_migration_rate(predicted.attacked(), predicted.originals,
                                                        predicted.targets, bootstrap);
    const auto corrected = metric::bootstrap_corrected_migration_rate(
        predicted.attacked(), predicted.clean(), predicted.originals, predicted.targets, bootstrap);
    const auto check = [&](const metric::BootstrapEstimate& estimate, bool is_corrected,
                           metric::Rate metric::AttackSuccess::*group) {
      const auto expected = naive_interval(predicted, bootstrap, is_corrected, group);
      REQUIRE(estimate.interval);
      CHECK(estimate.interval->low == Approx(expected.low).epsilon(1e-12));
      CHECK(estimate.interval->high == Approx(expected.high).epsilon(1e-12));
    };
    check(plain.all, false, &metric::AttackSuccess::all);
    check(plain.excluding_target, false, &metric::AttackSuccess::excluding_target);
    check(corrected.all, true, &metric::AttackSuccess::all);
    check(corrected.excluding_target, true, &metric::AttackSuccess::excluding_target);
  }
}

TEST_CASE("Bootstrapped values are the rates of the samples themselves", "[metric]") {
  const Predicted predicted = draw(500, 8);
  const auto success = [&](const Classes& predictions) {
    return metric::attack_success(predictions, predicted.originals, predicted.targets);
  };
  const auto ann = success(predicted.ann);
  const auto snn = success(predicted.snn);
  const auto clean_ann = success(predicted.clean_ann);
  const auto clean_snn = success(predicted.clean_snn);
  const auto plain = metric::bootstrap_migration_rate(predicted.attacked(), predicted.originals,
                                                      predicted.targets, {.resamples = 50});
  CHECK(plain.all.value == metric::migration_rate({ann.all, snn.all}));
  CHECK(plain.excluding_target.value ==
        metric::migration_rate({ann.excluding_target, snn.excluding_target}));
  const auto corrected = metric::bootstrap_corrected_migration_rate(
      predicted.attacked(), predicted.clean(), predicted.originals, predicted.targets,
      {.resamples = 50});
  CHECK(corrected.all.value ==
        metric::corrected_migration_rate({ann.all, snn.all}, {clean_ann.all, clean_snn.all}));
  CHECK(corrected.excluding_target.value ==
        metric::corrected_migration_rate({ann.excluding_target, snn.excluding_target},
                                         {clean_ann.excluding_target, clean_snn.excluding_target}));
}

TEST_CASE("The interval has the width that the variance of the log ratio gives", "[metric]") {
  for (const int samples : {1'000, 4'000, 16'000}) {
    const Predicted predicted = draw(samples, 2);
    const auto migration =
        metric::migration(predicted.attacked(), predicted.originals, predicted.targets);
    const auto estimates = metric::bootstrap_migration_rate(predicted.attacked(),
                                                            predicted.originals, predicted.targets);
    const auto check = [](const metric::BootstrapEstimate& estimate,
                          const metric::SampleMigration& fates) {
      // Paired ratio of binomials: var ln(MR) = (lost + gained) / (hits_ANN hits_SNN).
      const auto rates = fates.attack_success();
      const double deviation =
          std::sqrt(static_cast<double>(fates.lost.hits + fates.gained.hits) /
                    (static_cast<double>(rates.ann.hits) * static_cast<double>(rates.snn.hits)));
      const double expected = 2.0 * 1.96 * deviation * estimate.value.value();
      CHECK(width(estimate) == Approx(expected).epsilon(0.08));
    };
    CAPTURE(samples);
    check(estimates.all, migration.all);
    check(estimates.excluding_target, migration.excluding_target);
  }
}

TEST_CASE("95 of 100 intervals cover the true migration rate", "[metric]") {
  // ASR_ANN = 0.8, ASR_SNN = 0.8 * 0.9 + 0.2 * 0.3 = 0.78.
  const double truth = 100.0 * 0.78 / 0.8;
  // The clean models add their own hits to samples of the target class, 5 and 10 % of the others.
  const double base_ann = 0.1 + 0.9 * 0.05;
  const double base_snn = 0.1 + 0.9 * 0.1;
  const double corrected_truth = 100.0 * (0.78 - base_snn) / (0.8 - base_ann);
  constexpr int trials = 300;
  int covered = 0;
  int corrected_covered = 0;
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const Predicted predicted = draw(400, 100 + trial);
    const metric::Bootstrap bootstrap{.resamples = 400, .seed = trial};
    const auto holds = [](const metric::BootstrapEstimate& estimate, double rate) {
      return estimate.interval->low <= rate && rate <= estimate.interval->high ? 1 : 0;
    };
    covered += holds(metric::bootstrap_migration_rate(predicted.attacked(), predicted.originals,
                                                      predicted.targets, bootstrap)
                         .all,
                     truth);
    corrected_covered += holds(metric::bootstrap_corrected_migration_rate(
                                   predicted.attacked(), predicted.clean(), predicted.originals,
                                   predicted.targets, bootstrap)
                                   .all,
                               corrected_truth);
  }
  // Three deviations of a binomial of 300 trials at 0.95 are 3.8 %.
  CHECK(covered >= 0.91 * trials);
  CHECK(covered <= 0.99 * trials);
  CHECK(corrected_covered >= 0.91 * trials);
  CHECK(corrected_covered <= 0.99 * trials);
}

TEST_CASE("Intervals follow from the seed alone", "[metric]") {
  const Predicted predicted = draw(3'000, 4);
  const auto at = [&](int threads, std::uint64_t seed) {
    const snnbd_tests::KeepThreads keep_threads;
    snnbd::set_thread_count(threads);
    const auto estimates = metric::bootstrap_corrected_migration_rate(
        predicted.attacked(), predicted.clean(), predicted.originals, predicted.targets,
        {.resamples = 200, .seed = seed});
    return estimates;
  };
  const auto one = at(1, 6);
  for (const int threads : {2, 3, 5}) {
    CHECK(at(threads, 6).all.interval == one.all.interval);
    CHECK(at(threads, 6).excluding_target.interval == one.excluding_target.interval);
  }
  CHECK(at(1, 7).all.interval != one.all.interval);
}

TEST_CASE("A backdoor of which nothing is lost migrates without doubt", "[metric]") {
  const Predicted predicted = draw(200, 1, 0.5F, 1.0F, 0.0F);
  const metric::Interval certain{100.0, 100.0};
  const auto plain = metric::bootstrap_migration_rate(predicted.attacked(), predicted.originals,
                                                      predicted.targets);
  CHECK(plain.all.value == 100.0);
  CHECK(plain.all.interval == certain);
  CHECK(plain.excluding_target.interval == certain);
  const auto corrected = metric::bootstrap_corrected_migration_rate(
      predicted.attacked(), {predicted.clean_ann, predicted.clean_ann}, predicted.originals,
      predicted.targets);
  CHECK(corrected.all.value == 100.0);
  CHECK(corrected.all.interval == certain);
}

TEST_CASE("A rate that too many resamples leave undefined has no interval", "[metric]") {
  const Classes originals(20, 3);
  const Classes targets(20, 1);
  Classes ann = originals;
  const auto estimate = [&] {
    return metric::bootstrap_migration_rate({ann, ann}, originals, targets);
  };
  CHECK_FALSE(estimate().all.value);
  CHECK_FALSE(estimate().all.interval);
  // One of 20: a resample misses it with the chance 0.95^20 = 0.36.
  ann[7] = 1;
  CHECK(estimate().all.value == 100.0);
  CHECK_FALSE(estimate().all.interval);
  // Eight of 20: 0.6^20 = 0.00004.
  std::fill_n(ann.begin(), 8, 1);
  CHECK(estimate().all.interval == metric::Interval{100.0, 100.0});
}

TEST_CASE("A bootstrap that cannot give an interval is refused", "[metric]") {
  const Classes two{0, 1};
  const auto with = [&](const metric::Bootstrap& bootstrap) {
    return metric::bootstrap_migration_rate({two, two}, two, two, bootstrap);
  };
  CHECK_THROWS_WITH(with({.resamples = 0}), Contains("resamples"));
  CHECK_THROWS_WITH(with({.resamples = 39}), Contains("found 39"));
  CHECK_NOTHROW(with({.resamples = 40}));
  CHECK_THROWS_WITH(with({.resamples = 1'000'001}), Contains("at most 1000000"));
  CHECK_THROWS_WITH(with({.confidence = 1.0}), Contains("confidence"));
}

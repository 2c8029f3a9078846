#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/metric/defence.hpp>

#include "../core/keep_threads.hpp"

namespace metric = snnbd::metric;
using Catch::Matchers::Contains;
using metric::DefenceRates;
using Classes = std::vector<int>;

namespace {

/// Rates in hundredths of a percent.
DefenceRates rates(std::size_t acc, std::size_t asr, std::size_t ra) {
  return {{acc, 10'000}, {asr, 10'000}, {ra, 10'000}};
}

}  // namespace

TEST_CASE("DER of published rates is the published one", "[metric]") {
  // CIFAR-10, PreAct-ResNet18, BadNets in BackdoorBench's table: fine-tuning, ABL, spectral.
  const DefenceRates none = rates(9132, 9503, 467);
  const auto der = [&](const DefenceRates& after) {
    return 100.0 * metric::defence_effectiveness_rate(none, after).value();
  };
  CHECK(der(rates(8996, 148, 8939)) == Approx(96.1).margin(0.05));
  CHECK(der(rates(8332, 0, 8902)) == Approx(93.5).margin(0.05));
  CHECK(der(rates(8998, 9241, 720)) == Approx(50.6).margin(0.05));
}

TEST_CASE("DER falls with the accuracy that a defence costs", "[metric]") {
  const DefenceRates before = rates(9000, 8000, 1000);
  CHECK(metric::defence_effectiveness_rate(before, before) == 0.5);
  CHECK(*metric::defence_effectiveness_rate(before, rates(9000, 0, 0)) == Approx(0.9));
  // What was lost of accuracy is taken away, not added.
  CHECK(*metric::defence_effectiveness_rate(before, rates(7000, 0, 0)) == Approx(0.8));
  CHECK(*metric::defence_effectiveness_rate(before, rates(7000, 8000, 0)) == Approx(0.4));
  // Neither gain counts.
  CHECK(*metric::defence_effectiveness_rate(before, rates(9900, 9000, 0)) == Approx(0.5));
  CHECK(*metric::defence_effectiveness_rate(rates(10'000, 10'000, 0), rates(10'000, 0, 0)) == 1.0);
  CHECK(*metric::defence_effectiveness_rate(rates(10'000, 0, 0), rates(0, 0, 0)) == 0.0);
}

TEST_CASE("RIR counts right labels that come back, less the accuracy", "[metric]") {
  const DefenceRates before = rates(9000, 8000, 1000);
  CHECK(metric::robust_improvement_rate(before, before) == 0.5);
  CHECK(*metric::robust_improvement_rate(before, rates(9000, 0, 9000)) == Approx(0.9));
  CHECK(*metric::robust_improvement_rate(before, rates(8000, 0, 9000)) == Approx(0.85));
  // The attack is gone, but the labels are not back.
  CHECK(*metric::robust_improvement_rate(before, rates(9000, 0, 1000)) == Approx(0.5));
  CHECK(*metric::robust_improvement_rate(before, rates(9900, 0, 500)) == Approx(0.5));
}

TEST_CASE("Rates without samples have no DER and no RIR", "[metric]") {
  const DefenceRates some = rates(9000, 8000, 1000);
  DefenceRates none = some;
  none.attack_success = {};
  none.robust = {};
  CHECK_FALSE(metric::defence_effectiveness_rate(some, none));
  CHECK_FALSE(metric::defence_effectiveness_rate(none, some));
  CHECK_FALSE(metric::robust_improvement_rate(some, none));
}

TEST_CASE("Rates of a defence leave the target's samples out", "[metric]") {
  const Classes clean{0, 1, 2, 0};
  const Classes originals{0, 1, 2, 0};
  const Classes targets{1, 1, 1, 1};
  const Classes predicted{0, 1, 1, 1};
  const Classes fooled{1, 1, 2, 2};
  const auto found = metric::defence_rates({predicted, fooled}, {clean, originals, targets});
  CHECK(found == DefenceRates{{2, 4}, {1, 3}, {1, 3}});
  CHECK(found.robust.wilson().low > 0.0);
  CHECK_THROWS_WITH(metric::defence_rates({predicted, clean}, {clean, Classes{1}, targets}),
                    Contains("original labels"));
}

TEST_CASE("The bootstrap's value is that of the rates, within its interval", "[metric]") {
  const snnbd_tests::KeepThreads keep;
  snnbd::random::Stream stream{7, snnbd::random::Purpose::synthetic};
  Classes labels;
  Classes targets;
  Classes clean_before;
  Classes clean_after;
  Classes fooled_before;
  Classes fooled_after;
  for (int i = 0; i < 400; ++i) {
    const int label = i % 10;
    labels.push_back(label);
    targets.push_back(1);
    clean_before.push_back(stream.uniform() < 0.95F ? label : 3);
    clean_after.push_back(stream.uniform() < 0.90F ? label : 3);
    fooled_before.push_back(stream.uniform() < 0.95F ? 1 : label);
    fooled_after.push_back(stream.uniform() < 0.10F ? 1 : stream.uniform() < 0.8F ? label : 5);
  }
  const metric::DefencePredictions before{clean_before, fooled_before};
  const metric::DefencePredictions after{clean_after, fooled_after};
  const metric::DefenceLabels truth{labels, labels, targets};
  const metric::Bootstrap settings{.resamples = 400};
  snnbd::set_thread_count(1);
  const auto found = metric::bootstrap_defence(before, after, truth, settings);
  const auto rates_before = metric::defence_rates(before, truth);
  const auto rates_after = metric::defence_rates(after, truth);
  CHECK(found.effectiveness.value == metric::defence_effectiveness_rate(rates_before, rates_after));
  CHECK(found.improvement.value == metric::robust_improvement_rate(rates_before, rates_after));
  for (const auto* estimate : {&found.effectiveness, &found.improvement}) {
    REQUIRE(estimate->interval);
    CHECK(estimate->interval->low < *estimate->value);
    CHECK(estimate->interval->high > *estimate->value);
    CHECK(estimate->interval->high - estimate->interval->low < 0.1);
    // Half of the interval is about twice the deviation of half the difference of two rates.
    CHECK(estimate->interval->high - estimate->interval->low > 0.02);
  }
  snnbd::set_thread_count(3);
  const auto again = metric::bootstrap_defence(before, after, truth, settings);
  CHECK(again.effectiveness.interval == found.effectiveness.interval);
  CHECK(again.improvement.interval == found.improvement.interval);
  CHECK_THROWS_WITH(metric::bootstrap_defence(before, {clean_after, clean_after},
                                              {labels, labels, Classes{1}}, settings),
                    Contains("target labels"));
}

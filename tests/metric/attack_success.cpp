#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/metric/attack_success.hpp>

namespace metric = snnbd::metric;
using Catch::Matchers::Contains;

namespace {

/// 100 samples of each of ten classes.
std::vector<int> balanced() {
  std::vector<int> labels;
  for (int sample = 0; sample < 1000; ++sample) labels.push_back(sample % 10);
  return labels;
}

}  // namespace

TEST_CASE("Each triggered sample counts where it belongs", "[metric]") {
  //                                 hit  kept  other  had it, kept  had it, lost
  const std::vector<int> originals{2, 3, 4, 1, 1};
  const std::vector<int> predictions{1, 3, 5, 1, 7};
  const metric::AttackSuccess success = metric::attack_success(predictions, originals, 1);
  CHECK(success.all == metric::Rate{2, 5});
  CHECK(success.excluding_target == metric::Rate{1, 3});
  CHECK(success.already_target == metric::Rate{1, 2});
  CHECK(success.robust == metric::Rate{1, 3});
}

TEST_CASE("A model that sees no trigger has the share of the target class as its base",
          "[metric]") {
  const auto labels = balanced();
  const metric::AttackSuccess success = metric::attack_success(labels, labels, 1);
  CHECK(success.all.percent() == 10.0);
  CHECK(success.excluding_target.percent() == 0.0);
  CHECK(success.robust.percent() == 100.0);
}

TEST_CASE("A perfect backdoor reaches every sample", "[metric]") {
  const auto labels = balanced();
  const std::vector<int> predictions(labels.size(), 1);
  const metric::AttackSuccess success = metric::attack_success(predictions, labels, 1);
  CHECK(success.all == metric::Rate{1000, 1000});
  CHECK(success.excluding_target == metric::Rate{900, 900});
  CHECK(success.robust == metric::Rate{0, 900});
}

TEST_CASE("The rate over all samples mixes the two groups by the share of the target class",
          "[metric]") {
  const auto labels = balanced();
  for (int seed = 1; seed < 40; ++seed) {
    std::vector<int> predictions;
    std::vector<int> targets;
    for (int sample = 0; sample < 1000; ++sample) {
      predictions.push_back(sample * seed % 37 % 10);
      targets.push_back(sample * sample * seed % 13 % 10);
    }
    const auto success = metric::attack_success(predictions, labels, targets);
    const double share =
        static_cast<double>(success.already_target.total) / static_cast<double>(success.all.total);
    REQUIRE(success.already_target.total > 0);
    CHECK(success.all.fraction() == Approx(success.excluding_target.fraction() * (1.0 - share) +
                                           success.already_target.fraction() * share));
    CHECK(success.robust.hits + success.excluding_target.hits <= success.excluding_target.total);
  }
}

TEST_CASE("With all-to-all labels no sample has its target already", "[metric]") {
  const auto labels = balanced();
  std::vector<int> targets;
  for (const int label : labels) targets.push_back((label + 1) % 10);
  const auto success = metric::attack_success(targets, labels, targets);
  CHECK(success.all == success.excluding_target);
  CHECK(success.all == metric::Rate{1000, 1000});
  CHECK(success.already_target == metric::Rate{0, 0});
}

TEST_CASE("Sizes that differ are refused by name", "[metric]") {
  const std::vector<int> two{0, 1};
  const std::vector<int> three{0, 1, 2};
  CHECK_THROWS_WITH(metric::attack_success(two, three, two), Contains("original labels"));
  CHECK_THROWS_WITH(metric::attack_success(two, two, three), Contains("target labels"));
  CHECK_THROWS_WITH(metric::attack_success(two, three, 1), Contains("found 3"));
}

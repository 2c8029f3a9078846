#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/detect/neural_cleanse.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/network/probed_network.hpp>

#include "planted.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

/// Triggers of one class each whose masks have these sums, of 64 pixels.
std::vector<defend::InvertedTrigger> triggers(const std::vector<float>& norms) {
  std::vector<defend::InvertedTrigger> result;
  for (const float norm : norms)
    result.push_back({.label = static_cast<int>(result.size()),
                      .shape = {8, 8, 1},
                      .mask = std::vector<float>(64, norm / 64),
                      .pattern = std::vector<float>(64),
                      .success = 1.0});
  return result;
}

}  // namespace

TEST_CASE("the anomaly index of the smallest mask is what Neural Cleanse judges by", "[detect]") {
  // Median 20; distances 18, 4, 0, 2, 6: their median is 4.
  const auto verdict = detect::judge_triggers(triggers({2, 16, 20, 22, 26}), 2.0, 0.99);
  CHECK(verdict.score == Approx(18.0 / (1.4826 * 4.0)));
  CHECK(verdict.flagged());
  CHECK(verdict.target == 0);
  CHECK(verdict.triggers.size() == 5);
  CHECK(verdict.by_class == std::vector<double>{2, 16, 20, 22, 26});
  // Norms of 1, 2, 4, 8, 16: the logarithms' median is log 4, half of them lie log 2 from it.
  const auto factors = detect::judge_triggers(triggers({1, 2, 4, 8, 16}), 1.0, 0.99, true);
  CHECK(factors.score == Approx(2.0 / 1.4826).epsilon(1e-5));
  CHECK(factors.target == 0);
  // One that lies as far above the median is none.
  const auto above = detect::judge_triggers(triggers({38, 16, 20, 22, 16}), 2.0, 0.99);
  CHECK_FALSE(above.flagged());
  CHECK_FALSE(above.target);
  CHECK(above.score == Approx(4.0 / (1.4826 * 4.0)));
  // A small mask whose trigger does not work is no trigger.
  auto failed = triggers({2, 16, 20, 22, 26});
  failed[0].success = 0.5;
  const auto other = detect::judge_triggers(failed, 2.0, 0.99);
  CHECK_FALSE(other.flagged());
  CHECK(other.by_class[0] == 64.0);
  CHECK_THROWS_WITH(detect::judge_triggers({}, 2.0, 0.99),
                    "inverted triggers: expected one for each class, found none");
}

TEST_CASE("Neural Cleanse names the class of a planted trigger and no other", "[detect]") {
  detect::NeuralCleanse<> detector = detect::NeuralCleanse<>::quick();
  detector.search.batches = 2;
  detector.search.cost = 0.1;
  const Quadrants clean;
  const Planted net = planted(40.0);
  const auto verdict = detector.judge(probe_of(net, encode::Direct{}, 1), {.clean = clean});
  CHECK(verdict.flagged());
  CHECK(verdict.target == 0);
  REQUIRE(verdict.triggers.size() == 5);
  for (std::size_t label = 1; label < 5; ++label) {
    CHECK(verdict.triggers[label].success > 0.98);
    CHECK(verdict.by_class[label] > 3.0 * verdict.by_class[0]);
  }
}

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/learn/training/objective.hpp>
#include <snnbd/poison/poison.hpp>

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;
using Clean = data::Blobs<Shape{6, 6, 1}, 4>;
using Dirty = poison::Poisoned<Clean, poison::PixelPatch<>, poison::AllToOne>;

/// Some loss of each sample.
double loss_of(std::size_t index) {
  return 1.0 + std::sin(static_cast<double>(index));
}

/// The mean over all samples of weight * loss: what uniformly drawn batches estimate.
double objective(const std::vector<double>& weights, std::size_t samples) {
  double sum = 0.0;
  for (std::size_t i = 0; i < samples; ++i)
    sum += (weights.empty() ? 1.0 : weights[i]) * loss_of(i);
  return sum / static_cast<double>(samples);
}

}  // namespace

TEST_CASE("The balanced objective is Eq. 9: each part's mean with its own weight", "[learn]") {
  for (const auto mode : {poison::Mode::in_place, poison::Mode::appended}) {
    const Dirty set{Clean{60}, {.rate = 0.15, .mode = mode, .seed = 4}};
    double poisoned = 0.0;
    double clean = 0.0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      (set.is_poisoned(i) ? poisoned : clean) += loss_of(i);
      count += set.is_poisoned(i) ? 1U : 0U;
    }
    REQUIRE(count > 1);
    const double wanted = 0.3 * poisoned / static_cast<double>(count) +
                          0.8 * clean / static_cast<double>(set.size() - count);
    CHECK(objective(learn::Objective::balanced(0.3, 0.8).weights(set), set.size()) ==
          Approx(wanted).epsilon(1e-12));
  }
}

TEST_CASE("Balanced by the poisoning rate is the mixture", "[learn]") {
  const Dirty set{Clean{60}, {.rate = 0.15, .seed = 4}};
  CHECK(learn::Objective::mixture().weights(set).empty());
  CHECK(objective(learn::Objective::balanced(0.15, 0.85).weights(set), set.size()) ==
        Approx(objective({}, set.size())).epsilon(1e-12));
  for (const double weight : learn::Objective::balanced(0.15, 0.85).weights(set))
    CHECK(weight == Approx(1.0).epsilon(1e-12));
}

TEST_CASE("The balanced objective of a set without poison has its clean part only", "[learn]") {
  const Clean set{10};
  CHECK(learn::Objective::balanced(0.3, 0.8).weights(set) == std::vector<double>(10, 0.8));
  const Dirty all{Clean{10}, {.rate = 1.0}};
  CHECK(learn::Objective::balanced(0.25, 0.8).weights(all) == std::vector<double>(10, 0.25));
}

TEST_CASE("Objectives refuse weights that are negative or no numbers", "[learn]") {
  const Clean set{10};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(learn::Objective::balanced(-0.1, 1).weights(set), Contains("objective alpha"));
  CHECK_THROWS_WITH(learn::Objective::balanced(1, INFINITY).weights(set),
                    Contains("objective beta"));
  CHECK_THROWS_WITH(learn::Objective::balanced(1, nan).weights(set), Contains("objective beta"));
  CHECK(learn::Objective::balanced().name() == "balanced");
  CHECK(learn::Objective::mixture().name() == "mixture");
}

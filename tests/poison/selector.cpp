#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/poison/selector.hpp>

using namespace snnbd;
using poison::Candidate;
using poison::RandomSelector;

static_assert(poison::Selector<RandomSelector>);
static_assert(!poison::Selector<int>);

namespace {

/// Candidates of ten classes that take turns, all relabelled as 1.
std::vector<Candidate> make_candidates(std::size_t count) {
  std::vector<Candidate> candidates;
  for (std::size_t index = 0; index < count; ++index)
    candidates.push_back({2 * index, static_cast<int>(index % 10), 1});
  return candidates;
}

std::vector<std::size_t> places(const std::vector<Candidate>& candidates) {
  std::vector<std::size_t> result;
  for (const Candidate& candidate : candidates) result.push_back(candidate.index);
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

TEST_CASE("Random selection is distinct, exact and nested", "[poison][selector]") {
  const auto candidates = make_candidates(100);
  std::vector<std::size_t> smaller;
  for (const std::size_t count : {0U, 1U, 10U, 99U, 100U}) {
    const auto chosen = places(RandomSelector{}.select(candidates, count, 3));
    REQUIRE(chosen.size() == count);
    CHECK(std::adjacent_find(chosen.begin(), chosen.end()) == chosen.end());
    CHECK(std::includes(chosen.begin(), chosen.end(), smaller.begin(), smaller.end()));
    smaller = chosen;
  }
  CHECK(RandomSelector{}.select(candidates, 101, 3).size() == 100);
}

TEST_CASE("Random selection follows its seed", "[poison][selector]") {
  const auto candidates = make_candidates(100);
  const auto chosen = [&](std::uint64_t seed) {
    return places(RandomSelector{}.select(candidates, 10, seed));
  };
  CHECK(chosen(1) == chosen(1));
  CHECK(chosen(1) != chosen(2));
}

TEST_CASE("Random selection takes every candidate equally often", "[poison][selector]") {
  // Each of 20 is among the 5 chosen in 1,000 of 4,000 draws, with a deviation of 27.4; the bound
  // is five deviations.
  std::vector<int> counts(20);
  const auto candidates = make_candidates(20);
  for (std::uint64_t seed = 0; seed < 4000; ++seed)
    for (const Candidate& candidate : RandomSelector{}.select(candidates, 5, seed))
      ++counts[candidate.index / 2];
  CHECK(*std::min_element(counts.begin(), counts.end()) > 863);
  CHECK(*std::max_element(counts.begin(), counts.end()) < 1137);
}

TEST_CASE("Samples of the target class are left out on request only", "[poison][selector]") {
  const auto candidates = make_candidates(100);
  const auto targets = [&](const RandomSelector& selector) {
    const auto chosen = selector.select(candidates, 100, 1);
    return std::count_if(chosen.begin(), chosen.end(),
                         [](const Candidate& candidate) { return candidate.label == 1; });
  };
  CHECK(targets({}) == 10);
  CHECK(targets({.exclude_target = true}) == 0);
  CHECK(RandomSelector{.exclude_target = true}.select(candidates, 100, 1).size() == 90);
}

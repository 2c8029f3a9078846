#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/relabel.hpp>

using namespace snnbd;

static_assert(poison::Relabel<poison::AllToOne>);
static_assert(poison::Relabel<poison::AllToAll>);
static_assert(poison::Relabel<poison::CleanLabel>);
static_assert(!poison::Relabel<int>);

TEST_CASE("All-to-one gives every class the target, which is 1 by default", "[poison][relabel]") {
  CHECK(poison::AllToOne{}.target == 1);
  const poison::AllToOne rule{.target = 7};
  for (int label = 0; label < 10; ++label) {
    CHECK(rule.eligible(label, 10));
    CHECK(rule.relabel(label, 10) == 7);
    CHECK(poison::goal(rule, label, 10) == 7);
  }
}

TEST_CASE("All-to-all gives every class the next", "[poison][relabel]") {
  const poison::AllToAll rule;
  for (int label = 0; label < 10; ++label) {
    CHECK(rule.eligible(label, 10));
    CHECK(rule.relabel(label, 10) == (label == 9 ? 0 : label + 1));
    CHECK(poison::goal(rule, label, 10) == rule.relabel(label, 10));
  }
}

TEST_CASE("Clean-label touches the target class alone and wants it of all", "[poison][relabel]") {
  const poison::CleanLabel rule{.target = 3};
  for (int label = 0; label < 10; ++label) {
    CHECK(rule.eligible(label, 10) == (label == 3));
    CHECK(rule.relabel(label, 10) == label);
    CHECK(poison::goal(rule, label, 10) == 3);
  }
}

TEST_CASE("A target that is no class is refused", "[poison][relabel]") {
  for (const int target : {-1, 10, 1000}) {
    CHECK_THROWS_AS(poison::AllToOne{target}.relabel(0, 10), Error);
    CHECK_THROWS_AS(poison::AllToOne{target}.eligible(0, 10), Error);
    CHECK_THROWS_AS(poison::CleanLabel{target}.eligible(0, 10), Error);
    CHECK_THROWS_AS(poison::CleanLabel{target}.goal(0, 10), Error);
  }
}

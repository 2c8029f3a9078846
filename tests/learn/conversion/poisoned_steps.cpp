#include <set>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/learn/conversion/poisoned_steps.hpp>

using namespace snnbd;
using learn::PoisonedSteps;

TEST_CASE("The paper's four combinations have its names, the others tell their steps", "[learn]") {
  CHECK(PoisonedSteps{}.name() == "Com1");
  CHECK(PoisonedSteps{.calibration = true, .tuning = true}.name() == "Com2");
  CHECK(PoisonedSteps{.ann = true}.name() == "Com3");
  CHECK(PoisonedSteps{.ann = true, .calibration = true, .tuning = true}.name() == "Com4");
  CHECK(PoisonedSteps{.ann = true, .tuning = true}.name() == "ann+tuning");
  CHECK(PoisonedSteps{.calibration = true}.name() == "calibration");
  CHECK(learn::com1.parts() == "none");
  CHECK(learn::com4.parts() == "ann+calibration+tuning");
}

TEST_CASE("Every combination is there once, and one of them is clean", "[learn]") {
  std::set<std::string> names;
  int clean = 0;
  for (const PoisonedSteps& steps : learn::every_combination) {
    names.insert(steps.name());
    clean += steps.any() ? 0 : 1;
    CHECK(steps.any() == (steps.parts() != "none"));
  }
  CHECK(names.size() == 8);
  CHECK(clean == 1);
}

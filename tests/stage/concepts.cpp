#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/stage/acc_asr.hpp>
#include <snnbd/stage/concepts.hpp>

using namespace snnbd;

namespace {

struct Model {};

struct Looks {
  static constexpr std::string_view name = "looks";
  void inspect(const Model& /*model*/, stage::Context& context) const { context.number += 1; }
};
struct Tallies {
  static constexpr std::string_view name = "tallies";
  struct Memory {
    int models = 0;
  };
  void inspect(const Model& /*model*/, stage::Context& /*context*/, Memory& memory) const {
    ++memory.models;
  }
};
struct Mends {
  static constexpr std::string_view name = "mends";
  Model repair(const Model& model, const stage::Context& /*context*/) const { return model; }
};
struct Idle {};

}  // namespace

TEST_CASE("Stages inspect, with or without a memory, or repair", "[stage]") {
  STATIC_REQUIRE(stage::Inspects<Looks, Model> && stage::Inspects<Tallies, Model>);
  STATIC_REQUIRE_FALSE(stage::Inspects<Mends, Model> || stage::Inspects<Idle, Model>);
  STATIC_REQUIRE(stage::Repairs<Mends, Model>);
  STATIC_REQUIRE_FALSE(stage::Repairs<Looks, Model> || stage::Repairs<Idle, Model>);
  STATIC_REQUIRE(std::is_same_v<stage::MemoryOf<Tallies>, Tallies::Memory>);
  STATIC_REQUIRE(std::is_same_v<stage::MemoryOf<Looks>, stage::NoMemory>);
}

TEST_CASE("A model is shown to what inspects, and not to what only repairs", "[stage]") {
  const data::Blobs<Shape{2, 2, 1}, 2> set{0};
  const data::DatasetView none{set};
  const TestSets tests{none, none};
  stage::Context context{.cells = {}, .tests = tests, .clean = none, .training = none};
  Tallies::Memory memory;
  stage::NoMemory nothing;
  stage::inspect(Looks{}, Model{}, context, nothing);
  stage::inspect(Tallies{}, Model{}, context, memory);
  stage::inspect(Tallies{}, Model{}, context, memory);
  stage::inspect(Mends{}, Model{}, context, nothing);
  CHECK(context.number == 1);
  CHECK(memory.models == 2);
}

TEST_CASE("Measured results are found by model and steps", "[stage]") {
  stage::AccAsr::Memory memory;
  for (const std::size_t number : {4U, 7U})
    for (const Index steps : {2, 8}) {
      stage::AccAsr::Result result;
      result.number = number;
      result.steps = steps;
      memory.results.push_back(result);
    }
  REQUIRE(memory.find(7, 8) != nullptr);
  CHECK(memory.find(7, 8) == &memory.results[3]);
  CHECK(memory.find(7) == &memory.results[2]);
  CHECK(memory.find(4, 3) == nullptr);
  CHECK(memory.find(5) == nullptr);
}

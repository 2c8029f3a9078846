#include <string>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/experiment/material.hpp>

using namespace snnbd;

namespace {

using Set = data::Blobs<Shape{4, 4, 1}, 4>;

struct Sourced : Set {
  using Set::Set;
  static constexpr std::string_view name = "sourced";
  [[nodiscard]] std::uint32_t checksum() const { return 0xABCU; }
  [[nodiscard]] std::string source() const { return "FOLDER/file"; }
};
struct Embedded : Sourced {
  using Sourced::Sourced;
  [[nodiscard]] bool is_embedded() const { return true; }
};

struct Telling : Set {
  using Set::Set;
  [[nodiscard]] Key facts() const { return Key{}.add("events", 12).set("split", "none"); }
};

}  // namespace

TEST_CASE("A limited set is even over the classes, without a limit it is the set", "[experiment]") {
  const Set set{40};
  const auto some = experiment::limit(set, 12, 3);
  REQUIRE(some.size() == 12);
  std::array<int, 4> counts{};
  for (std::size_t i = 0; i < some.size(); ++i) ++counts[static_cast<std::size_t>(some.label(i))];
  CHECK(counts == std::array{3, 3, 3, 3});
  const auto all = experiment::limit(set, 0, 3);
  REQUIRE(all.size() == 40);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all.label(i) == set.label(i));
}

TEST_CASE("A manifest tells of a set what the set tells", "[experiment]") {
  const auto plain = experiment::describe_source(Set{4}, "train");
  CHECK(plain.name == "blobs train");
  CHECK(plain.checksum.empty());
  CHECK(plain.source.empty());
  const auto sourced = experiment::describe_source(Sourced{4}, "test");
  CHECK(sourced.name == "sourced test");
  CHECK(sourced.checksum == crc32_text(std::uint32_t{0xABCU}));
  CHECK(sourced.source == "FOLDER/file");
  CHECK(experiment::describe_source(Embedded{4}, "test").source == "embedded");
  CHECK(sourced.facts.empty());
  const auto telling = experiment::describe_source(Telling{4}, "test");
  REQUIRE(telling.facts.size() == 2);
  CHECK(*telling.facts.find("events") == report::Value{std::uint64_t{12}});
  CHECK(*telling.facts.find("split") == report::Value{std::string{"none"}});
}

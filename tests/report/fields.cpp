#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/report/fields.hpp>

namespace report = snnbd::report;

TEST_CASE("A field keeps the kind of its value", "[report]") {
  using report::make_value;
  CHECK(make_value(true) == report::Value{true});
  CHECK(make_value(-3) == report::Value{std::int64_t{-3}});
  CHECK(make_value(3U) == report::Value{std::uint64_t{3}});
  CHECK(make_value(0.5) == report::Value{0.5});
  CHECK(make_value("text") == report::Value{std::string{"text"}});
  CHECK(make_value(std::string{"text"}) == make_value(std::string_view{"text"}));
  CHECK(make_value(std::optional<int>{4}) == make_value(4));
  CHECK(make_value(std::optional<int>{}) == report::Value{});
}

TEST_CASE("A float is reported by its shortest decimal form", "[report]") {
  CHECK(report::shortest(0.1F) == 0.1);
  CHECK(report::shortest(1e-3F) == 1e-3);
  CHECK(report::shortest(0.5F) == 0.5);
  CHECK(report::make_value(0.01F) == report::make_value(0.01));
}

TEST_CASE("Fields stand in the order in which they were first set", "[report]") {
  report::Fields fields;
  CHECK(fields.empty());
  fields.set("z", 1).set("a", 2).set("z", 3);
  REQUIRE(fields.size() == 2);
  CHECK(fields.begin()->first == "z");
  REQUIRE(fields.find("z") != nullptr);
  CHECK(*fields.find("z") == report::make_value(3));
  CHECK(fields.find("b") == nullptr);
}

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>

using namespace snnbd;

namespace {

enum class Shade { light, dark };

template <int Width>
struct Ink {
  float share = 0.1F;
};
struct Part {
  bool on = true;
  Shade shade = Shade::dark;
  std::optional<double> rate{};
  std::string text = "two\nlines \\ and more";
  std::vector<int> steps{1, 2};
  std::tuple<Ink<2>, int> inks{};
};

}  // namespace

TEST_CASE("A key has the kinds and the members of a part by value", "[core]") {
  Key key;
  key.add("part", Part{}).add("seed", 7);
  const auto value = [&](const char* name) {
    INFO(name);
    REQUIRE(key.find(name) != nullptr);
    return *key.find(name);
  };
  CHECK(value("part").ends_with("Part"));
  CHECK(value("part.on") == "true");
  CHECK(value("part.shade") == "1");
  CHECK(value("part.rate") == "none");
  CHECK(value("part.steps.1") == "2");
  CHECK(value("part.steps.size") == "2");
  CHECK(value("part.inks.0").ends_with("Ink<2>"));
  CHECK(value("part.inks.0.share") == "0.1");
  CHECK(value("seed") == "7");
  CHECK(key.find("part.nothing") == nullptr);
  CHECK_THROWS_WITH(key.add("seed", 8), Catch::Contains("each name once"));
}

TEST_CASE("Kinds are named without what tells how the program was built", "[core]") {
  CHECK(kind_of<Key>() == "snnbd::Key");
  CHECK(kind_of<std::array<int, 3>>().find("array<int, 3") != std::string::npos);
}

TEST_CASE("A key comes back from its text", "[core]") {
  Key key;
  key.add("part", Part{}).add("a = b", std::string{" = "});
  CHECK(Key::parse(key.text(), "file") == key);
  CHECK(Key::parse("", "file") == Key{});
  for (const char* text : {"a", "a = 1", "a\n", "a = 1\na = 2\n"}) {
    INFO(text);
    CHECK_THROWS_WITH(Key::parse(text, "file"), Catch::Contains("file: expected a key"));
  }
}

TEST_CASE("Keys that differ in anything have other digests and say where", "[core]") {
  Key one;
  one.add("part", Part{}).add("seed", 1);
  Part changed;
  changed.rate = 0.25;
  Key other;
  other.add("part", changed).add("seed", 1).add("more", true);
  CHECK(one.digest().size() == 16);
  CHECK(one.digest() != other.digest());
  CHECK(one.digest() == Key::parse(one.text(), "file").digest());
  CHECK(one.difference(other) ==
        "part.rate: expected none, found 0.25; more: expected nothing, found true");
  CHECK(one.difference(one).empty());
  CHECK(Key{}
            .add("a", 1)
            .add("b", 1)
            .add("c", 1)
            .add("d", 1)
            .add("e", 1)
            .add("f", 1)
            .difference(Key{})
            .ends_with("; and 1 more"));
}

TEST_CASE("Values come back from their texts to the last bit", "[core]") {
  const auto back = [](auto value) {
    auto read = decltype(value){};
    CHECK(parse_value(value_text(value), read));
    CHECK(read == value);
  };
  for (const float value : {0.1F, -1e-45F, 3.4e38F, 1.0F / 3.0F}) back(value);
  for (const double value : {0.1, 5e-324, 1.0 / 3.0}) back(value);
  back(std::numeric_limits<std::uint64_t>::max());
  back(std::numeric_limits<std::int64_t>::min());
  back(true);
  back(Shade::dark);
  int number = 5;
  for (const char* text : {"", " 1", "1 ", "1x", "0x1", "99999999999", "1.5", "+1"}) {
    INFO(text);
    CHECK_FALSE(parse_value(text, number));
  }
  CHECK(number == 5);
}

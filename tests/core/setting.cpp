#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/setting.hpp>

using namespace snnbd;
using Catch::Contains;

namespace {

enum class Order { rising, falling };

struct Quantities {
  int most_rounds = 3;
  double rate = 0.5;
  std::optional<double> scale{};
  std::vector<double> shares{0.25, 1.0};
  Order order = Order::rising;
  std::string folder = "out";

  template <class Self, class Visit>
  static constexpr void list(Self& self, const Visit& visit) {
    visit(Setting{.name = "most_rounds", .help = "rounds", .low = 1}, self.most_rounds);
    visit(Setting{.name = "rate", .help = "step", .low = 0, .high = 2, .above = true}, self.rate);
    visit(Setting{.name = "scale", .help = "factor", .high = 8}, self.scale);
    visit(Setting{.name = "shares", .help = "parts", .low = 0, .high = 1}, self.shares);
    visit(Setting{.name = "order", .help = "direction", .names = "rising,falling"}, self.order);
    visit(Setting{.name = "folder", .help = "place", .decides = false}, self.folder);
  }
};
static_assert(SettingsList<Quantities>);

}  // namespace

TEST_CASE("Settings in their ranges are taken, their ends too", "[core]") {
  CHECK_NOTHROW(check_settings(Quantities{}));
  CHECK_NOTHROW(check_settings(Quantities{.most_rounds = 1, .rate = 2.0, .scale = -1e300}));
  CHECK_NOTHROW(check_settings(Quantities{.shares = {}}));
}

TEST_CASE("A setting out of its range is named with the range and what was found", "[core]") {
  CHECK_THROWS_WITH(check_settings(Quantities{.most_rounds = 0}),
                    Contains("most rounds: expected a number of at least 1, found 0"));
  CHECK_THROWS_WITH(check_settings(Quantities{.rate = 0.0}),
                    Contains("rate: expected a number above 0, at most 2, found 0"));
  CHECK_THROWS_WITH(check_settings(Quantities{.rate = std::numeric_limits<double>::quiet_NaN()}),
                    Contains("rate: expected a number above 0"));
  CHECK_THROWS_WITH(check_settings(Quantities{.scale = 8.5}),
                    Contains("scale: expected a number of at most 8, found 8.5"));
  CHECK_THROWS_WITH(check_settings(Quantities{.shares = {0.5, 1.5}}),
                    Contains("shares: expected a number from 0 to 1, found 1.5"));
  CHECK_THROWS_WITH(check_settings(Quantities{.order = static_cast<Order>(2)}),
                    Contains("order: expected one of rising,falling, found 2"));
}

TEST_CASE("A key has the settings that decide, by value", "[core]") {
  Key key;
  add_settings(Quantities{.scale = 0.5}, "part", key);
  REQUIRE(key.find("part.most_rounds") != nullptr);
  CHECK(*key.find("part.most_rounds") == "3");
  CHECK(*key.find("part.scale") == "0.5");
  CHECK(*key.find("part.shares.1") == "1");
  CHECK(key.find("part.folder") == nullptr);
}

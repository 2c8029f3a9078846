#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/report/settings.hpp>

using namespace snnbd;

namespace {

enum class Order { rising, falling };
struct Named {
  std::string_view word;
  [[nodiscard]] std::string_view name() const { return word; }
};

struct Quantities {
  int rounds = 3;
  float rate = 0.1F;
  std::optional<double> scale{};
  std::vector<int> steps{4, 8};
  Order order = Order::falling;
  std::vector<Named> parts{{"one"}, {"two"}};

  template <class Self, class Visit>
  static constexpr void list(Self& self, const Visit& visit) {
    visit(Setting{.name = "rounds", .help = ""}, self.rounds);
    visit(Setting{.name = "rate", .help = ""}, self.rate);
    visit(Setting{.name = "scale", .help = ""}, self.scale);
    visit(Setting{.name = "steps", .help = ""}, self.steps);
    visit(Setting{.name = "order", .help = "", .names = "rising,falling"}, self.order);
    visit(Setting{.name = "parts", .help = ""}, self.parts);
  }
};

}  // namespace

TEST_CASE("A report has all settings in their order, enumerators and parts by name", "[report]") {
  report::Fields fields;
  report::add_settings(Quantities{}, fields);
  std::vector<std::string> names;
  for (const auto& [name, value] : fields) names.push_back(name);
  CHECK(names == std::vector<std::string>{"rounds", "rate", "scale", "steps", "order", "parts"});
  CHECK(*fields.find("rounds") == report::Value{std::int64_t{3}});
  CHECK(*fields.find("rate") == report::Value{0.1});
  CHECK(*fields.find("scale") == report::Value{});
  CHECK(*fields.find("steps") == report::Value{std::vector<double>{4.0, 8.0}});
  CHECK(*fields.find("order") == report::Value{std::string{"falling"}});
  CHECK(*fields.find("parts") == report::Value{std::string{"one, two"}});
}

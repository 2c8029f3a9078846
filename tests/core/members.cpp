#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/members.hpp>

using namespace snnbd;

namespace {

struct Simple {
  int size = 1;
  std::optional<float> offset{};
  std::vector<int> list{};
  std::array<double, 3> values{};
};
struct Empty {};
struct Renamed : Simple {};
struct OnNothing : Empty {
  std::string text{};
};
struct Twice : OnNothing {};
struct Owner {
  std::unique_ptr<int> owned{};
  Simple inner{};
};

/// Has members beside those of its base.
struct Longer : Simple {
  int more = 2;

  template <class Self, class Visit>
  static constexpr void members(Self& self, const Visit& visit) {
    snnbd::members::of_base<Simple>(self, visit);
    visit("more", self.more);
  }
};

class Hidden {
 public:
  template <class Self, class Visit>
  static constexpr void members(Self& self, const Visit& visit) {
    visit("secret", self.secret_);
  }

 private:
  int secret_ = 3;
};

template <class Part>
std::vector<std::string> names() {
  std::vector<std::string> result;
  const Part part{};
  members::for_each(
      part, [&](std::string_view name, const auto& /*member*/) { result.emplace_back(name); });
  return result;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("The members of an aggregate are walked by name", "[core]") {
  CHECK(names<Empty>().empty());
  CHECK(names<Simple>() == Names{"size", "offset", "list", "values"});
  CHECK(names<Owner>() == Names{"owned", "inner"});
  static_assert(members::count<Simple> == 4);
}

TEST_CASE("Members of a base are walked as if they were the part's own", "[core]") {
  CHECK(names<Renamed>() == names<Simple>());
  CHECK(names<OnNothing>() == Names{"text"});
  CHECK(names<Twice>() == Names{"text"});
  CHECK(names<Longer>() == Names{"size", "offset", "list", "values", "more"});
  static_assert(members::count<Longer> == 5);
}

TEST_CASE("A part that is no aggregate lists its members", "[core]") {
  CHECK(names<Hidden>() == Names{"secret"});
}

TEST_CASE("Members can be changed on the way", "[core]") {
  Longer part;
  members::for_each(part, [](std::string_view name, auto& member) {
    if constexpr (requires { member = 7; }) {
      if (name == "size" || name == "more") member = 7;
    }
  });
  CHECK(part.size == 7);
  CHECK(part.more == 7);
}

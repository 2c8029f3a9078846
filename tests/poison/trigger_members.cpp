#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/core/key.hpp>
#include <snnbd/poison/poison.hpp>

using namespace snnbd;
using poison::OnEvents;

namespace {

/// Calls `test(name)` with each plain value in a part set to another one, and then set back.
template <class Part, class Test>
void change_each(const std::string& name, Part& part, const Test& test) {
  using snnbd::detail::is_optional;
  using snnbd::detail::is_vector;
  if constexpr (PlainValue<Part>) {
    const Part usual = part;
    if constexpr (std::is_enum_v<Part>)
      part = static_cast<Part>(static_cast<std::underlying_type_t<Part>>(part) == 0 ? 1 : 0);
    else
      part = static_cast<Part>(part + 3);
    test(name);
    part = usual;
  } else if constexpr (is_optional<Part>) {
    const Part usual = part;
    part = typename Part::value_type{};
    test(name);
    change_each(name, *part, test);
    part = usual;
  } else if constexpr (is_vector<Part>) {
    part.emplace_back();
    test(name);
    part.pop_back();
  } else {
    members::for_each(part, [&](std::string_view member, auto& value) {
      change_each(name + '.' + std::string{member}, value, test);
    });
  }
}

/// Whether each member of a trigger makes another key and another description, and how many there
/// are.
template <class Mark>
std::size_t check_members() {
  Mark mark{};
  const Shape shape{34, 34, 2};
  const auto digest = [&] { return Key{}.add("trigger", mark).digest(); };
  std::set<std::string> keys{digest()};
  std::set<std::string> texts{mark.describe(shape)};
  std::size_t members = 0;
  change_each("trigger", mark, [&](const std::string& name) {
    INFO(name);
    CHECK(keys.insert(digest()).second);
    CHECK(texts.insert(mark.describe(shape)).second);
    ++members;
  });
  return members;
}

}  // namespace

TEST_CASE("Each member of a composed trigger is in its key and its description", "[poison]") {
  using poison::Composed;
  CHECK(check_members<poison::StaticBlock<>>() == 5);
  CHECK(check_members<poison::StaticAnywhere<poison::Draw::each_sample>>() == 5);
  CHECK(check_members<poison::MovingBlock<Corner::center, poison::Edge::bounce, OnEvents>>() == 7);
  CHECK(check_members<Composed<poison::Border, poison::Strobe, poison::Add>>() == 6);
  CHECK(check_members<Composed<poison::WholeFrame, poison::Burst, poison::Scale>>() == 4);
  CHECK(check_members<Composed<poison::WholeFrame, poison::FixedFrames, poison::Blend>>() == 4);
  CHECK(check_members<
            Composed<poison::WholeFrame, poison::ToolkitMoving, poison::Drop, OnEvents>>() == 4);
}

TEST_CASE("Each member of a trigger of its own kind is in its key and its description",
          "[poison]") {
  CHECK(check_members<poison::SmartBlock<>>() == 15);
  CHECK(check_members<poison::RawBlock<>>() == 6);
  CHECK(check_members<poison::Retimed<poison::Delay>>() == 7);
  CHECK(check_members<poison::Retimed<poison::Jitter, poison::Block<>>>() == 10);
  CHECK(check_members<poison::Blended<>>() == 5);
  CHECK(check_members<poison::Blended<poison::PicturePattern>>() == 4);
  CHECK(check_members<poison::Sinusoid>() == 4);
  CHECK(check_members<poison::Warped>() == 5);
}

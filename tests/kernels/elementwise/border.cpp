#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/border.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

constexpr Index frames = 3;
const std::vector<Shape> shapes{{1, 1, 1}, {3, 2, 5}, {2, 4, 64}};

/// Calls `body(place inside, place with the border)` for each value, -1 on the border.
template <class Body>
void for_each_value(const Shape& in, int border, const Body& body) {
  Index outside = 0;
  for (Index frame = 0; frame < frames; ++frame)
    for (Index y = -border; y < in.height + border; ++y)
      for (Index x = -border; x < in.width + border; ++x)
        for (Index c = 0; c < in.channels; ++c, ++outside) {
          const bool inside = y >= 0 && y < in.height && x >= 0 && x < in.width;
          body(inside ? ((frame * in.height + y) * in.width + x) * in.channels + c : Index{-1},
               outside);
        }
}

Index bordered(const Shape& in, int border) {
  return frames * (in.height + 2 * border) * (in.width + 2 * border) * in.channels;
}

}  // namespace

TEMPLATE_TEST_CASE("A border of zeros is put around every frame, and cut off again", "[kernels]",
                   float, double) {
  for (const Shape& in : shapes) {
    for (const int border : {1, 2, 3}) {
      CAPTURE(to_string(in), border);
      const auto values = reference::noise<TestType>(frames * in.size(), 1);
      std::vector<double> expected(at(bordered(in, border)));
      for_each_value(in, border, [&](Index inside, Index outside) {
        if (inside >= 0) expected[at(outside)] = static_cast<double>(values[at(inside)]);
      });
      Fenced<TestType> found{bordered(in, border)};
      kernels::add_border(values.data(), frames, in, border, found.data());
      CHECK(found.intact());
      CHECK(reference::differences(found.inside(), expected) == 0);

      const auto whole = reference::noise<TestType>(bordered(in, border), 2);
      std::vector<double> middle(at(frames * in.size()));
      for_each_value(in, border, [&](Index inside, Index outside) {
        if (inside >= 0) middle[at(inside)] = static_cast<double>(whole[at(outside)]);
      });
      Fenced<TestType> cut{frames * in.size()};
      kernels::cut_border(whole.data(), frames, in, border, cut.data());
      CHECK(cut.intact());
      CHECK(reference::differences(cut.inside(), middle) == 0);
    }
  }
}

TEST_CASE("Words of spikes get a border of words without any", "[kernels]") {
  const Shape words{2, 3, 2};
  std::vector<Word> values;
  for (Index i = 0; i < frames * words.size(); ++i) values.push_back(~static_cast<Word>(i));
  std::vector<Word> expected(at(bordered(words, 2)), Word{0});
  for_each_value(words, 2, [&](Index inside, Index outside) {
    if (inside >= 0) expected[at(outside)] = values[at(inside)];
  });
  std::vector<Word> found(at(bordered(words, 2)), ~Word{0});
  kernels::add_border(values.data(), frames, words, 2, found.data());
  CHECK(found == expected);
}

#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/upsample.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

constexpr Index frames = 3;
const std::vector<Shape> shapes{{1, 1, 1}, {3, 2, 5}, {2, 4, 64}};

/// Calls `body(pixel's place before, place of its copy)` for each value of the larger frames.
template <class Body>
void for_each_copy(const Shape& in, Index factor, const Body& body) {
  Index copy = 0;
  for (Index frame = 0; frame < frames; ++frame)
    for (Index y = 0; y < in.height * factor; ++y)
      for (Index x = 0; x < in.width * factor; ++x)
        for (Index c = 0; c < in.channels; ++c, ++copy)
          body(((frame * in.height + y / factor) * in.width + x / factor) * in.channels + c, copy);
}

}  // namespace

TEMPLATE_TEST_CASE("Pixels are repeated, and the gradients of the copies are summed", "[kernels]",
                   float, double) {
  for (const Shape& in : shapes)
    for (const int factor : {1, 2, 3}) {
      CAPTURE(to_string(in), factor);
      const Index size = frames * in.size();
      const Index large = size * factor * factor;
      const auto values = reference::noise<TestType>(size, 1);
      std::vector<double> expected(at(large));
      for_each_copy(in, factor, [&](Index pixel, Index copy) {
        expected[at(copy)] = static_cast<double>(values[at(pixel)]);
      });
      Fenced<TestType> found{large};
      kernels::upsample(values.data(), frames, in, factor, found.data());
      CHECK(found.intact());
      CHECK(reference::differences(found.inside(), expected) == 0);

      const auto slopes = reference::noise<TestType>(large, 2);
      std::vector<double> sums(at(size));
      for_each_copy(in, factor, [&](Index pixel, Index copy) {
        sums[at(pixel)] += static_cast<double>(slopes[at(copy)]);
      });
      Fenced<TestType> back{size};
      kernels::upsample_backward(in, frames, factor, slopes.data(), back.data());
      CHECK(back.intact());
      CHECK(reference::differences(back.inside(), sums, 1e-5) == 0);
    }
}

TEST_CASE("Words of spikes are repeated", "[kernels]") {
  const Shape words{2, 3, 2};
  std::vector<Word> values;
  for (Index i = 0; i < frames * words.size(); ++i) values.push_back(~static_cast<Word>(i));
  std::vector<Word> expected(at(frames * words.size() * 4));
  for_each_copy(words, 2, [&](Index pixel, Index copy) { expected[at(copy)] = values[at(pixel)]; });
  std::vector<Word> found(expected.size());
  kernels::upsample(values.data(), frames, words, 2, found.data());
  CHECK(found == expected);
}

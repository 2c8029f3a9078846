#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/events.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;

namespace {

const std::vector<Shape> shapes{{1, 1, 1}, {3, 4, 3}, {2, 3, 64}, {2, 2, 65}, {1, 3, 130}};

/// Samples 1 and 2 of three: a part of the batch must be listed as if it were alone.
constexpr Extent whole{3, 2};
constexpr Index first = 1;
constexpr Index frames = 4;

}  // namespace

TEST_CASE("Row events are the fired units in the order of an image row", "[kernels]") {
  for (const Shape& shape : shapes) {
    for (const double density : {0.0, 0.3, 1.0}) {
      CAPTURE(to_string(shape), density);
      const reference::SpikeBatch spikes{whole, shape, density, 1};
      std::vector<std::int32_t> starts(at(frames * spikes.view().frame_words() + 1), -1);
      std::vector<std::int32_t> entries(at(frames * shape.size()), -1);
      kernels::list_rows(spikes.view(), first, 3, {starts, entries});

      std::vector<std::int32_t> expected_starts;
      std::vector<std::int32_t> expected;
      auto unit = at(first * whole.steps * shape.size());
      for (Index frame = 0; frame < frames; ++frame)
        for (int y = 0; y < shape.height; ++y)
          for (int x = 0; x < shape.width; ++x) {
            for (int c = 0; c < shape.channels; ++c) {
              if (c % word_bits == 0)
                expected_starts.push_back(static_cast<std::int32_t>(expected.size()));
              if (spikes.fired()[unit++] != 0) expected.push_back(x * shape.channels + c);
            }
          }
      expected_starts.push_back(static_cast<std::int32_t>(expected.size()));
      CHECK(starts == expected_starts);
      entries.resize(expected.size());
      CHECK(entries == expected);
    }
  }
}

TEST_CASE("Channel events tell where on the gradient planes each unit stands", "[kernels]") {
  for (const Shape& shape : shapes) {
    for (const double density : {0.0, 0.3, 1.0}) {
      CAPTURE(to_string(shape), density);
      const reference::SpikeBatch spikes{whole, shape, density, 1};
      kernels::ConvGeometry geometry;
      geometry.in = shape;
      geometry.out = {1, 1, 7};
      geometry.kernel_height = 3;
      geometry.kernel_width = 2;
      const Index capacity = frames * shape.pixels();
      std::vector<std::int32_t> counts(at(shape.channels), -1);
      std::vector<std::int32_t> entries(at(shape.channels * capacity), -1);
      const Index start = first * whole.steps;
      kernels::list_channels(spikes.view(), start, start + frames, geometry,
                             {counts, entries, capacity});

      const Index plane_height = shape.height + 2;
      const Index plane_width = shape.width + 1;
      for (Index channel = 0; channel < shape.channels; ++channel) {
        std::vector<std::int32_t> expected;
        for (Index frame = 0; frame < frames; ++frame)
          for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x) {
              const Index pixel = ((start + frame) * shape.height + y) * shape.width + x;
              if (spikes.fired()[at(pixel * shape.channels + channel)] != 0)
                expected.push_back(
                    static_cast<std::int32_t>((frame * plane_height + y) * plane_width + x));
            }
        REQUIRE(counts[at(channel)] == static_cast<std::int32_t>(expected.size()));
        CHECK(std::equal(expected.begin(), expected.end(), entries.begin() + channel * capacity));
      }
    }
  }
}

#include "../counts.hpp"

#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/counts.hpp>

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;

static_assert(CountSignal<Counts<Shape{2, 3, 4}>> && RealSignal<Counts<Shape{2, 3, 4}>>);
static_assert(!SpikeSignal<Counts<Shape{2, 3, 4}>> && !CountSignal<Real<Shape{2, 3, 4}>>);
static_assert(timed<Counts<Shape{2, 3, 4}>>);
static_assert(
    std::is_same_v<Reshaped<Counts<Shape{2, 3, 4}>, Shape{1, 1, 24}>, Counts<Shape{1, 1, 24}>>);
static_assert(
    std::is_same_v<RealLike<Counts<Shape{2, 3, 4}>, Shape{1, 1, 24}>, Real<Shape{1, 1, 24}>>);

TEMPLATE_TEST_CASE("Counts are listed by row and by channel, and their share is told", "[kernels]",
                   float, double) {
  for (const Shape shape : {Shape{3, 5, 2}, Shape{2, 34, 2}, Shape{1, 70, 1}, Shape{2, 3, 130}})
    for (const double share : {0.0, 0.03, 0.5, 1.0}) {
      const Extent extent{3, 2};
      const auto values = reference::counts<TestType>(extent.frames() * shape.size(), share, 3);
      const RealView<const TestType> view{values.data(), extent, shape};
      Index all = 0;
      for (Index i = 0; i < view.size(); ++i) all += values[at(i)] != 0 ? 1 : 0;
      CHECK(kernels::density(kernels::CountView<TestType>{view}) ==
            static_cast<double>(all) / static_cast<double>(view.size()));

      // The samples 1 and 2.
      const Index frames = 2 * extent.steps;
      std::vector<std::int32_t> ends(at(frames * shape.height));
      std::vector<std::int32_t> entries(at(frames * shape.size()));
      const kernels::CountRows rows{Index{shape.height}, shape.size(), ends, entries};
      kernels::list_count_rows(view, 1, 3, rows);
      const auto geometry = reference::convolution(shape, 1, 3, 1, 1);
      std::vector<std::int32_t> channel_ends(at(frames * shape.channels));
      std::vector<TestType> found(entries.size());
      std::vector<std::int32_t> places(entries.size());
      const kernels::CountChannels<TestType> channels{frames, shape.pixels(), channel_ends, places,
                                                      found};
      kernels::list_count_channels(view, 1, geometry, channels);
      bool same = true;
      std::vector<std::int32_t> next(channel_ends.size());
      for (Index frame = 0; frame < frames; ++frame)
        for (int y = 0; y < shape.height; ++y) {
          const std::int32_t* entry = rows.begin(frame, y);
          for (int unit = 0; unit < shape.width * shape.channels; ++unit) {
            const TestType value =
                view.frame(1)[frame * shape.size() + y * shape.width * shape.channels + unit];
            if (value == 0) continue;
            same = same && entry != rows.end(frame, y) && *entry++ == unit;
            const Index list = unit % shape.channels * frames + frame;
            const std::size_t here = at(list * shape.pixels() + next[at(list)]++);
            const Index place = (frame * (shape.height + 2) + y) * (shape.width + 2);
            same = same && found[here] == value && places[here] == place + unit / shape.channels;
          }
          same = same && entry == rows.end(frame, y);
        }
      CAPTURE(to_string(shape), share);
      CHECK(same);
      CHECK(next == channel_ends);
    }
}

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/augment.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/data/moving_bars.hpp>
#include <snnbd/data/synthetic.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;

namespace {

using Bars = data::MovingBars<Shape{3, 4, 2}, 5, 2>;

/// A set with a value out of range in the last frame of its fourth sample.
struct Spoilt {
  static constexpr Shape shape{2, 3, 2};
  static constexpr int frames = 3;
  static constexpr int classes = 1;
  static constexpr std::string_view name = "spoilt";

  [[nodiscard]] static std::size_t size() { return 6; }
  [[nodiscard]] static int label(std::size_t /*index*/) { return 0; }
  static void read(std::size_t index, std::span<float> values) {
    for (float& value : values) value = 0.5F;
    if (index == 3) values[2 * 12 + 1 * 6 + 2 * 2 + 1] = 7.0F;
  }
};

/// Draws one number for an image and adds it to all its values.
struct Lift {
  static constexpr std::string_view name = "lift";
  void apply(std::span<float> image, Shape /*shape*/, random::Stream& stream) const {
    const float by = stream.uniform();
    for (float& value : image) value += by;
  }
};

}  // namespace

TEST_CASE("A batch holds what its samples are, with labels and ids", "[data]") {
  const Bars set{20};
  const std::vector<std::size_t> indices{7, 0, 19};
  data::Batch batch;
  batch.fill(set, indices, 1000);
  CHECK(batch.size() == 3);
  CHECK(batch.frames() == 5);
  CHECK(batch.ids == std::vector<std::uint64_t>{1007, 1000, 1019});
  CHECK(batch.labels == std::vector<int>{1, 0, 1});
  const auto view = batch.view();
  CHECK(view.extent == Extent{3, 5});
  CHECK(view.shape == Bars::shape);
  std::vector<float> expected(120);
  for (std::size_t place = 0; place < 3; ++place) {
    set.read(indices[place], expected);
    CHECK(std::equal(expected.begin(), expected.end(), view.frame(static_cast<Index>(place))));
  }
}

TEST_CASE("A batch is filled anew, also with other sets, and from a range", "[data]") {
  data::Batch batch;
  const Bars bars{20};
  batch.fill_from(bars, 18, 64);
  CHECK(batch.ids == std::vector<std::uint64_t>{18, 19});
  CHECK(batch.values.size() == 240);
  const data::Constant<Shape{2, 2, 1}, 2> images{9, 0.5F};
  batch.fill_from(images, 4, 3);
  CHECK(batch.ids == std::vector<std::uint64_t>{4, 5, 6});
  CHECK(batch.labels == std::vector<int>{0, 1, 0});
  CHECK(batch.values == std::vector<float>(12, 0.5F));
  CHECK(batch.view().extent == Extent{3, 1});
  batch.fill_from(images, 9, 3);
  CHECK(batch.size() == 0);
}

TEST_CASE("A value out of range is named with its frame", "[data]") {
  data::Batch batch;
  CHECK_THROWS_WITH(
      batch.fill_from(Spoilt{}, 0, 6),
      Contains("spoilt, sample 3") && Contains("found 7 in frame 2, row 1, column 2, channel 1"));
  CHECK_NOTHROW(batch.fill_from(Spoilt{}, 0, 3));
}

TEST_CASE("All frames of a sample are varied alike", "[data]") {
  const Bars set{6};
  data::Batch batch;
  batch.fill_from(set, 0, 6);
  const std::vector<float> before = batch.values;
  data::augment(Lift{}, batch.values, batch.shape(), 3, batch.ids, batch.frames());
  for (std::size_t sample = 0; sample < 6; ++sample) {
    const float by = batch.values[sample * 120] - before[sample * 120];
    for (std::size_t i = 0; i < 120; ++i)
      CHECK(batch.values[sample * 120 + i] - before[sample * 120 + i] == Approx(by).margin(1e-6));
  }
  CHECK(batch.values[0] - before[0] != batch.values[120] - before[120]);

  // Mirrored frames are mirrored in all of a sample: what moved right moves left.
  batch.fill_from(set, 0, 6);
  data::augment(data::RandomFlip{.probability = 1.0}, batch.values, batch.shape(), 3, batch.ids,
                batch.frames());
  for (std::size_t row = 0; row < before.size() / 8; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      for (std::size_t channel = 0; channel < 2; ++channel)
        CHECK(batch.values[row * 8 + column * 2 + channel] ==
              before[row * 8 + (3 - column) * 2 + channel]);
  CHECK_THROWS_WITH(data::augment(Lift{}, batch.values, batch.shape(), 3, batch.ids, 4),
                    Contains("576 values, found 720"));
}

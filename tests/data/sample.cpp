#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/content.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/data/synthetic.hpp>

using namespace snnbd;

namespace {

/// Two frames that last as long as the sample's number says.
struct Timed {
  static constexpr Shape shape{1, 2, 1};
  static constexpr int frames = 2;
  static constexpr int classes = 1;
  static constexpr std::string_view name = "timed";

  [[nodiscard]] static std::size_t size() { return 4; }
  [[nodiscard]] static int label(std::size_t /*index*/) { return 0; }
  [[nodiscard]] static data::FrameTime frame_time(std::size_t index, int frame) {
    return {static_cast<double>(index) * frame, static_cast<double>(index)};
  }
  void read(std::size_t index, std::span<float> values) const {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = last_value + 0.1F * static_cast<float>(i) * static_cast<float>(index == 1);
    values.back() = last_value;
  }
  float last_value = 0.0F;
};
static_assert(data::Dataset<Timed>);
static_assert(data::frames_of<data::Subset<Timed>>() == 2);
static_assert(data::frames_of<data::Blobs<Shape{4, 4, 1}, 2>>() == 1);

}  // namespace

TEST_CASE("A sample gives its frames one by one, with their times", "[data]") {
  std::vector<float> values{0, 1, 2, 3, 4, 5};
  const data::SampleView plain{values, {1, 2, 1}, 3};
  CHECK(plain.frame(1).data() == values.data() + 2);
  CHECK(plain.frame(2).size() == 2);
  CHECK(plain.time(2) == data::FrameTime{2.0, 1.0});
  const std::vector<data::FrameTime> times{{0, 5}, {5, 10}, {15, 5}};
  const data::SampleView timed{values, {1, 2, 1}, 3, times};
  CHECK(timed.time(1) == data::FrameTime{5.0, 10.0});
}

TEST_CASE("Times of frames are told through subsets and views", "[data]") {
  const data::Subset<Timed> part{Timed{}, {3, 1}};
  CHECK(data::frame_time(part, 0, 1) == data::FrameTime{3.0, 3.0});
  CHECK(data::DatasetView{part}.frame_time(1, 1) == data::FrameTime{1.0, 1.0});
  CHECK(data::frame_times(part, 0)[1] == data::FrameTime{3.0, 3.0});
  CHECK(data::frame_times(data::Constant<Shape{1, 1, 1}, 1>{3}, 0).empty());
}

TEST_CASE("The checksum of a set covers all its frames", "[data]") {
  // Of the last sample nothing but the last frame differs.
  struct Other : Timed {
    void read(std::size_t index, std::span<float> values) const {
      Timed::read(index, values);
      if (index == 3) values[3] = 0.5F;
    }
  };
  CHECK(data::content_checksum(Timed{}) == data::content_checksum(Timed{}));
  CHECK(data::content_checksum(Timed{}) != data::content_checksum(Other{}));
}

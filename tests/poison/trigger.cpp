#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/poison/poison.hpp>

using namespace snnbd;

namespace {

/// Writes the sample's number into an image.
struct Number {
  static constexpr std::string_view name = "number";
  void stamp(std::span<float> image, Shape /*shape*/, std::size_t sample) const {
    image[0] = static_cast<float>(sample);
  }
};

/// Writes each frame's start and duration into it.
struct Clock {
  static constexpr std::string_view name = "clock";
  void stamp(const data::SampleView& sample) const {
    for (int frame = 0; frame < sample.frames; ++frame) {
      sample.frame(frame)[0] = static_cast<float>(sample.time(frame).start);
      sample.frame(frame)[1] = static_cast<float>(sample.time(frame).duration);
    }
  }
};

/// Has both, and the one for samples counts.
struct Both : Number {
  using Number::stamp;
  void stamp(const data::SampleView& sample) const { sample.values.back() = 9.0F; }
};

struct Nameless {
  void stamp(const data::SampleView& sample) const;
};

static_assert(poison::Trigger<Number> && poison::ImageTrigger<Number> &&
              !poison::SampleTrigger<Number>);
static_assert(poison::Trigger<Clock> && poison::SampleTrigger<Clock> &&
              !poison::ImageTrigger<Clock>);
static_assert(!poison::Trigger<Nameless>);
static_assert(!poison::Trigger<int>);

/// Three frames; of sample i, frame k begins at 10 i + k and lasts k + 1.
struct Timed {
  static constexpr Shape shape{1, 2, 1};
  static constexpr int frames = 3;
  static constexpr int classes = 2;
  static constexpr std::string_view name = "timed";
  static constexpr data::Range range{0.0F, 1000.0F};

  [[nodiscard]] static std::size_t size() { return 10; }
  [[nodiscard]] static int label(std::size_t index) { return static_cast<int>(index % 2); }
  [[nodiscard]] static data::FrameTime frame_time(std::size_t index, int frame) {
    return {10.0 * static_cast<double>(index) + frame, frame + 1.0};
  }
  static void read(std::size_t /*index*/, std::span<float> values) {
    for (float& value : values) value = 0.25F;
  }
};
static_assert(data::range_of<Timed>().high == 1000.0F);

template <class Set>
std::vector<float> read(const Set& set, std::size_t index) {
  std::vector<float> values(data::sample_size_of<Set>());
  set.read(index, values);
  return values;
}

}  // namespace

TEST_CASE("A trigger for images is put on each frame alike", "[poison]") {
  const poison::Triggered<Timed, Number> set{Timed{}};
  CHECK(read(set, 4) == std::vector<float>{4, 0.25F, 4, 0.25F, 4, 0.25F});
  CHECK(set.frame_time(4, 2) == data::FrameTime{42.0, 3.0});
}

TEST_CASE("A trigger for samples sees all frames and their times", "[poison]") {
  const poison::Triggered<Timed, Clock> set{Timed{}};
  CHECK(read(set, 3) == std::vector<float>{30, 1, 31, 2, 32, 3});
  // The times of a poisoned sample are those of the sample that it came from.
  const poison::Poisoned<data::Subset<Timed>, Clock> dirty{
      data::Subset<Timed>{Timed{}, {5, 7, 9}}, {.rate = 1.0, .mode = poison::Mode::in_place}};
  for (const auto& entry : dirty.ledger().entries) {
    const float start = 50.0F + 20.0F * static_cast<float>(entry.source);
    CHECK(read(dirty, entry.index) == std::vector<float>{start, 1, start + 1, 2, start + 2, 3});
  }
  CHECK(dirty.ledger().entries.size() == 3);
}

TEST_CASE("Where a trigger has both forms the one for samples counts", "[poison]") {
  CHECK(read(poison::Triggered<Timed, Both>{Timed{}}, 1) ==
        std::vector<float>{0.25F, 0.25F, 0.25F, 0.25F, 0.25F, 9});
}

TEST_CASE("A trigger for samples takes an image for one of one frame", "[poison]") {
  std::vector<float> image(4);
  poison::stamp(Clock{}, {image, {2, 2, 1}});
  CHECK(image == std::vector<float>{0, 1, 0, 0});
}

TEST_CASE("A view of a sample whose sizes disagree is refused", "[poison]") {
  std::vector<float> values(12);
  const std::vector<data::FrameTime> times(2);
  CHECK_NOTHROW(poison::stamp(Clock{}, {values, {2, 2, 1}, 3}));
  CHECK_THROWS_AS(poison::stamp(Clock{}, {values, {2, 2, 1}, 2}), Error);
  CHECK_THROWS_AS(poison::stamp(Number{}, {values, {2, 3, 1}, 3}), Error);
  CHECK_THROWS_AS(poison::stamp(Clock{}, {values, {2, 2, 1}, 3, times}), Error);
}

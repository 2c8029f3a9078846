#include <cstddef>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/kernels/elementwise/spike_code.hpp>

#include "../../core/keep_threads.hpp"

using namespace snnbd;

namespace {

struct Spiked {
  Spiked(Index samples, Index steps, Shape shape) : view{nullptr, {samples, steps}, shape} {
    words.assign(static_cast<std::size_t>(view.size()), ~Word{0});
    view.words = words.data();
  }
  [[nodiscard]] bool fires(Index sample, Index step, Index unit) const {
    const Index channel = unit % view.shape.channels;
    const Word word = view.frame(
        sample, step)[unit / view.shape.channels * view.pixel_words() + channel / word_bits];
    return (word >> (channel % word_bits) & 1U) != 0;
  }
  std::vector<Word> words;
  SpikeView<Word> view;
};

std::vector<float> ramp(Index count) {
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 13) / 12.0F;
  return values;
}

}  // namespace

TEST_CASE("Units fire when their random number is below their scaled value",
          "[kernels][spike_code]") {
  const Shape shape{2, 2, 67};
  const auto values = ramp(2 * shape.size());
  const std::vector<std::uint64_t> ids{5, 8};
  const snnbd_tests::KeepThreads keep_threads;
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    Spiked out{2, 3, shape};
    kernels::fire_at_random({values.data(), {2, 1}, shape}, 0.75F, 4, ids, 10, out.view);
    for (Index sample = 0; sample < 2; ++sample)
      for (Index step = 0; step < 3; ++step) {
        random::Stream stream{4, random::Purpose::encode, ids[static_cast<std::size_t>(sample)],
                              static_cast<std::uint16_t>(10 + step)};
        for (Index unit = 0; unit < shape.size(); ++unit)
          REQUIRE(out.fires(sample, step, unit) ==
                  (stream.uniform() <
                   0.75F * values[static_cast<std::size_t>(sample * shape.size() + unit)]));
      }
  }
}

TEST_CASE("Units fire once, at the step that is asked for, or never", "[kernels][spike_code]") {
  const Shape shape{1, 3, 65};
  const auto values = ramp(2 * shape.size());
  const auto time_of = [](float value) { return static_cast<Index>(value * 12.0F) - 2; };
  Spiked out{2, 6, shape};
  kernels::fire_once({values.data(), {2, 1}, shape}, out.view, time_of);
  for (Index sample = 0; sample < 2; ++sample)
    for (Index unit = 0; unit < shape.size(); ++unit)
      for (Index step = 0; step < 6; ++step)
        REQUIRE(out.fires(sample, step, unit) ==
                (step == time_of(values[static_cast<std::size_t>(sample * shape.size() + unit)])));
}

TEST_CASE("Frames of bits are packed from the first that is asked for", "[kernels][spike_code]") {
  const Shape shape{1, 2, 65};
  std::vector<float> values(static_cast<std::size_t>(2 * 4 * shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 3 == 0 ? 1.0F : 0.0F;
  const RealView<const float> samples{values.data(), {2, 4}, shape};
  Spiked out{2, 2, shape};
  CHECK(kernels::pack_frames(samples, 1, out.view).sample == -1);
  for (Index sample = 0; sample < 2; ++sample)
    for (Index step = 0; step < 2; ++step)
      for (Index unit = 0; unit < shape.size(); ++unit)
        REQUIRE(out.fires(sample, step, unit) == (samples.frame(sample, step + 1)[unit] == 1.0F));

  // The first of the frames is not looked at here.
  values[0] = 5.0F;
  CHECK(kernels::pack_frames(samples, 1, out.view).sample == -1);
  values[static_cast<std::size_t>(6 * shape.size())] = 0.25F;
  CHECK(kernels::pack_frames(samples, 1, out.view).sample == 1);
  CHECK(kernels::pack_frames(samples, 1, out.view).value == 0.25F);
}

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/pool_gate.hpp>

#include "../../core/keep_threads.hpp"
#include "../reference.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using kernels::Window;
using reference::at;

namespace {

struct Gated {
  std::vector<double> out;
  std::vector<double> gradient;  ///< of the input, for the output gradient that was given
};

/// By the definition: for each output and step, the first unit with the largest sum so far.
Gated by_definition(const std::vector<double>& in, Extent extent, Shape shape, Window window,
                    const std::vector<double>& slopes) {
  const Shape pooled = window.pooled(shape);
  Gated result{std::vector<double>(at(extent.frames() * pooled.size())),
               std::vector<double>(at(extent.frames() * shape.size()))};
  const auto place = [&](Index sample, Index step, int y, int x, int c) {
    return at((((sample * extent.steps + step) * shape.height + y) * shape.width + x) *
                  shape.channels +
              c);
  };
  for (Index sample = 0; sample < extent.samples; ++sample)
    for (Index step = 0; step < extent.steps; ++step)
      for (int y = 0; y < pooled.height; ++y)
        for (int x = 0; x < pooled.width; ++x)
          for (int c = 0; c < shape.channels; ++c) {
            double best = -INFINITY;
            std::size_t chosen = 0;
            for (int dy = 0; dy < window.size; ++dy)
              for (int dx = 0; dx < window.size; ++dx) {
                const int row = y * window.stride - window.padding + dy;
                const int column = x * window.stride - window.padding + dx;
                if (row < 0 || row >= shape.height || column < 0 || column >= shape.width) continue;
                double sum = 0.0;
                for (Index t = 0; t <= step; ++t) sum += in[place(sample, t, row, column, c)];
                if (sum > best) {
                  best = sum;
                  chosen = place(sample, step, row, column, c);
                }
              }
            const std::size_t unit =
                at((((sample * extent.steps + step) * pooled.height + y) * pooled.width + x) *
                       shape.channels +
                   c);
            result.out[unit] = in[chosen];
            result.gradient[chosen] += slopes[unit];
          }
  return result;
}

std::vector<double> unpacked(const std::vector<Word>& words, Index frames, Shape shape) {
  const Index per_pixel = words_per_pixel(shape.channels);
  std::vector<double> values;
  for (Index pixel = 0; pixel < frames * shape.pixels(); ++pixel)
    for (Index c = 0; c < shape.channels; ++c)
      values.push_back(static_cast<double>(words[at(pixel * per_pixel + c / 64)] >> (c % 64) & 1U));
  return values;
}

/// The spikes that pass, and no bits beside them.
std::vector<Word> gated(const reference::SpikeBatch& spikes, Window window,
                        const std::vector<Index>& ends = {}) {
  const auto whole = spikes.view();
  const Shape pooled = window.pooled(whole.shape);
  SpikeView<Word> out{nullptr, whole.extent, pooled};
  std::vector<Word> words(at(out.size()), ~Word{0});
  out.words = words.data();
  if (ends.empty()) {
    kernels::gated_max_pool(whole, window, {}, out);
    return words;
  }
  // In windows of steps: each sample's steps are copied to where a shorter batch has them.
  std::vector<std::int32_t> totals(at(whole.extent.samples * whole.shape.size()), -1);
  Index first = 0;
  for (const Index end : ends) {
    const Extent part{whole.extent.samples, end - first};
    std::vector<Word> in;
    for (Index sample = 0; sample < part.samples; ++sample)
      in.insert(in.end(), whole.frame(sample, first),
                whole.frame(sample, first) + part.steps * whole.frame_words());
    std::vector<Word> found(at(part.frames() * out.frame_words()));
    kernels::gated_max_pool(
        {in.data(), part, whole.shape}, window,
        {first > 0 ? totals.data() : nullptr, end < whole.extent.steps ? totals.data() : nullptr},
        {found.data(), part, pooled});
    for (Index sample = 0; sample < part.samples; ++sample)
      std::copy_n(found.data() + sample * part.steps * out.frame_words(),
                  part.steps * out.frame_words(), out.frame(sample, first));
    first = end;
  }
  return words;
}

const std::vector<std::pair<Window, Shape>> cases{
    {{2, 2}, {6, 6, 3}},     {{2, 2}, {5, 7, 70}},    {{3, 2}, {7, 7, 5}},
    {{3, 2, 1}, {6, 8, 64}}, {{2, 1, 1}, {4, 4, 66}}, {{3, 3, 1}, {5, 5, 130}}};

}  // namespace

TEST_CASE("A gate passes the spikes of the unit that fired most, by hand", "[kernels]") {
  using Steps = std::vector<int>;
  // The count of a step is in: a unit's first spike passes.
  CHECK(gated(reference::SpikeBatch{{1, 1}, {2, 2, 1}, 1.0, 1}, {2, 2}) == std::vector<Word>{1});
  const auto pair_of = [](const std::vector<std::pair<int, int>>& steps) {
    // Windows of 2 x 2 whose second row is silent.
    std::vector<Word> words;
    for (const auto& [first, second] : steps) {
      words.push_back(static_cast<Word>(first));
      words.push_back(static_cast<Word>(second));
      words.push_back(0);
      words.push_back(0);
    }
    const Extent extent{1, static_cast<Index>(steps.size())};
    std::vector<Word> out(steps.size(), 7);
    kernels::gated_max_pool({words.data(), extent, {2, 2, 1}}, Window{2, 2}, {},
                            {out.data(), extent, {1, 1, 1}});
    return Steps(out.begin(), out.end());
  };
  CHECK(pair_of({{0, 1}, {0, 1}, {1, 0}, {0, 1}}) == Steps{1, 1, 0, 1});
  // Equal counts listen to the first; the second passes once it is ahead.
  CHECK(pair_of({{1, 0}, {0, 1}, {0, 1}, {0, 1}}) == Steps{1, 0, 1, 1});
  CHECK(pair_of({{0, 1}, {1, 0}, {0, 0}, {1, 1}}) == Steps{1, 1, 0, 1});
  CHECK(pair_of({{0, 0}, {0, 0}}) == Steps{0, 0});
}

TEST_CASE("A gate passes what its definition says, and its gradient goes there", "[kernels]") {
  for (const auto& [window, shape] : cases) {
    for (const double density : {0.05, 0.5, 1.0}) {
      CAPTURE(window.size, window.stride, window.padding, density, to_string(shape));
      const Extent extent{3, 7};
      const reference::SpikeBatch spikes{extent, shape, density, 4};
      const auto values = spikes.values<double>();
      const std::vector<double> in(values.begin(), values.begin() + extent.frames() * shape.size());
      const Shape pooled = window.pooled(shape);
      const auto drawn = reference::integers<double>(extent.frames() * pooled.size(), 5);
      const auto expected = by_definition(in, extent, shape, window, drawn);
      const auto words = gated(spikes, window);
      CHECK(unpacked(words, extent.frames(), pooled) == expected.out);
      // Unused bits are zero.
      const Index per_pixel = words_per_pixel(shape.channels);
      if (shape.channels % 64 != 0)
        for (std::size_t i = at(per_pixel - 1); i < words.size(); i += at(per_pixel))
          CHECK(words[i] >> (shape.channels % 64) == 0);
      reference::Fenced<double> gradient{extent.frames() * shape.size()};
      kernels::gated_max_pool_backward<double>(spikes.view(), window, drawn.data(),
                                               gradient.data());
      CHECK(reference::differences(gradient.inside(), expected.gradient) == 0);
      CHECK(gradient.intact());

      const RealView<const double> real{in.data(), extent, shape};
      reference::Fenced<double> out{extent.frames() * pooled.size()};
      kernels::gated_max_pool<double>(real, window, {}, out.data());
      CHECK(reference::differences(out.inside(), expected.out) == 0);
      CHECK(out.intact());
      reference::Fenced<double> again{extent.frames() * shape.size()};
      kernels::gated_max_pool_backward<double>(real, window, drawn.data(), again.data());
      CHECK(reference::differences(again.inside(), expected.gradient) == 0);
    }
  }
}

TEST_CASE("A gate of values compares their sums, below zero too", "[kernels]") {
  const Shape shape{5, 6, 9};
  const Extent extent{2, 6};
  const auto drawn = reference::integers<double>(extent.frames() * shape.size(), 8);
  const std::vector<double> in(drawn.begin(), drawn.begin() + extent.frames() * shape.size());
  for (const Window window : {Window{2, 2}, Window{3, 2, 1}}) {
    const Shape pooled = window.pooled(shape);
    const auto slopes = reference::integers<double>(extent.frames() * pooled.size(), 9);
    const auto expected = by_definition(in, extent, shape, window, slopes);
    reference::Fenced<double> out{extent.frames() * pooled.size()};
    kernels::gated_max_pool<double>(RealView<const double>{in.data(), extent, shape}, window, {},
                                    out.data());
    CHECK(reference::differences(out.inside(), expected.out) == 0);
  }
}

TEST_CASE("A gate in windows of steps is the gate of the whole sequence", "[kernels]") {
  for (const auto& [window, shape] : cases) {
    CAPTURE(window.size, window.stride, to_string(shape));
    const reference::SpikeBatch spikes{{3, 9}, shape, 0.3, 6};
    const auto whole = gated(spikes, window);
    CHECK(gated(spikes, window, {1, 2, 3, 4, 5, 6, 7, 8, 9}) == whole);
    CHECK(gated(spikes, window, {4, 9}) == whole);
    CHECK(gated(spikes, window, {8, 9}) == whole);
  }
}

TEST_CASE("A gate does not depend on the number of threads", "[kernels]") {
  const reference::SpikeBatch spikes{{17, 5}, {6, 6, 70}, 0.4, 6};
  const snnbd_tests::KeepThreads keep_threads;
  set_thread_count(1);
  const auto expected = gated(spikes, {2, 2});
  set_thread_count(3);
  CHECK(gated(spikes, {2, 2}) == expected);
}

TEST_CASE("Over many steps a gate passes the largest rate of its window", "[kernels]") {
  // Integrate and fire at constant rates: spike t at floor(rate t) != floor(rate (t - 1)).
  constexpr Index steps = 4000;
  const std::vector<std::vector<double>> windows{{0.1, 0.9, 0.3, 0.05},
                                                 {0.5, 0.45, 0.4, 0.0},
                                                 {0.0, 0.0, 0.0, 0.2},
                                                 {1.0, 0.98, 0.0, 0.1},
                                                 {0.31, 0.33, 0.3, 0.32}};
  for (const auto& rates : windows) {
    const double largest = *std::max_element(rates.begin(), rates.end());
    std::vector<Word> words;
    for (Index t = 1; t <= steps; ++t)
      for (const double rate : rates)
        words.push_back(std::floor(rate * static_cast<double>(t)) !=
                                std::floor(rate * static_cast<double>(t - 1))
                            ? 1
                            : 0);
    const Extent extent{1, steps};
    std::vector<Word> out(at(steps));
    kernels::gated_max_pool({words.data(), extent, {2, 2, 1}}, Window{2, 2}, {},
                            {out.data(), extent, {1, 1, 1}});
    const auto fired = static_cast<double>(std::count(out.begin(), out.end(), Word{1}));
    const auto any = [&] {  // what the largest of spikes gives
      Index count = 0;
      for (std::size_t i = 0; i < words.size(); i += 4)
        count += std::any_of(words.begin() + static_cast<std::ptrdiff_t>(i),
                             words.begin() + static_cast<std::ptrdiff_t>(i) + 4,
                             [](Word word) { return word != 0; })
                     ? 1
                     : 0;
      return static_cast<double>(count);
    }();
    CAPTURE(largest, any / steps);
    CHECK(fired / steps == Approx(largest).margin(0.02));
    CHECK(any >= fired);
  }
}

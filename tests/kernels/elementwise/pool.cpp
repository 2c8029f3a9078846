#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/pool.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using kernels::Window;
using reference::at;
using reference::Fenced;

namespace {

constexpr Extent extent{2, 2};
constexpr Index frames = 4;

struct Case {
  Shape in;
  Window window;
};

/// Windows that touch, overlap, leave gaps and do not divide the sides.
const std::vector<Case> cases{{{4, 6, 3}, {2, 2}},  {{5, 7, 64}, {2, 2}}, {{5, 6, 65}, {3, 2}},
                              {{4, 4, 10}, {3, 1}}, {{7, 5, 17}, {2, 3}}, {{3, 3, 130}, {3, 3}},
                              {{6, 7, 1}, {1, 1}},  {{2, 2, 33}, {2, 2}}, {{7, 7, 70}, {3, 3}},
                              {{5, 5, 5}, {1, 2}}};

/// With a border that is never the largest: that of residual networks, of even windows, of windows
/// apart and larger than the image, of images that end in it.
const std::vector<Case> padded_cases{
    {{6, 8, 3}, {3, 2, 1}},  {{7, 5, 70}, {3, 2, 1}}, {{5, 6, 64}, {2, 2, 1}},
    {{4, 5, 65}, {2, 1, 1}}, {{2, 2, 5}, {3, 1, 1}},  {{7, 6, 17}, {4, 3, 2}},
    {{5, 5, 9}, {5, 5, 2}},  {{6, 6, 3}, {3, 3, 1}},  {{1, 1, 4}, {3, 2, 1}}};

std::vector<Case> all_cases() {
  std::vector<Case> all = cases;
  all.insert(all.end(), padded_cases.begin(), padded_cases.end());
  return all;
}

Shape pooled(const Case& given) {
  const auto [size, stride, padding] = given.window;
  return {(given.in.height + 2 * padding - size) / stride + 1,
          (given.in.width + 2 * padding - size) / stride + 1, given.in.channels};
}

/// Calls `body(output, inputs of its window in their order)` for each output.
template <class Body>
void for_each_window(const Case& given, const Body& body) {
  const Shape in = given.in;
  const Shape out = pooled(given);
  Index output = 0;
  for (Index frame = 0; frame < frames; ++frame)
    for (Index y = 0; y < out.height; ++y)
      for (Index x = 0; x < out.width; ++x)
        for (Index c = 0; c < in.channels; ++c) {
          std::vector<std::size_t> places;
          for (Index wy = 0; wy < given.window.size; ++wy)
            for (Index wx = 0; wx < given.window.size; ++wx) {
              const Index row = y * given.window.stride + wy - given.window.padding;
              const Index column = x * given.window.stride + wx - given.window.padding;
              if (row < 0 || row >= in.height || column < 0 || column >= in.width) continue;
              places.push_back(
                  at(((frame * in.height + row) * in.width + column) * in.channels + c));
            }
          body(at(output++), places);
        }
}

/// The place of the first largest value of each window.
template <class Scalar>
std::vector<std::size_t> winners(const Case& given, const reference::Values<Scalar>& values) {
  std::vector<std::size_t> result;
  for_each_window(given, [&](std::size_t, const std::vector<std::size_t>& places) {
    result.push_back(*std::max_element(
        places.begin(), places.end(),
        [&](std::size_t left, std::size_t right) { return values[left] < values[right]; }));
  });
  return result;
}

template <class Scalar>
std::vector<double> to_winners(const Case& given, const reference::Values<Scalar>& values,
                               const reference::Values<Scalar>& slopes) {
  std::vector<double> result(at(frames * given.in.size()));
  const auto won = winners(given, values);
  for (std::size_t i = 0; i < won.size(); ++i) result[won[i]] += static_cast<double>(slopes[i]);
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("The largest of spikes and of values, and where their gradient goes",
                   "[kernels]", float, double) {
  for (const Case& given : all_cases()) {
    const Shape out = pooled(given);
    REQUIRE(given.window.pooled(given.in) == out);
    const auto slopes = reference::integers<TestType>(frames * out.size(), 2);
    for (const double density : {0.0, 0.1, 0.6, 1.0}) {
      CAPTURE(to_string(given.in), given.window.size, given.window.stride, given.window.padding,
              density);
      const reference::SpikeBatch spikes{extent, given.in, density, 1, 1.5F};
      const auto values = spikes.values<TestType>();
      const auto won = winners(given, values);
      const auto expected = to_winners(given, values, slopes);

      Fenced<Word> words{extent.frames() * out.pixels() * words_per_pixel(out.channels), 0};
      kernels::max_pool(spikes.view(), given.window, {words.data(), extent, out});
      CHECK(words.intact());
      Fenced<TestType> largest{frames * out.size()};
      Fenced<std::int32_t> winner{frames * out.size(), -1};
      kernels::max_pool(RealView<const TestType>{values.data(), extent, given.in}, given.window,
                        largest.data(), winner.data());
      CHECK(largest.intact());
      CHECK(winner.intact());
      Index wrong = 0;
      Index fired = 0;
      for (std::size_t i = 0; i < won.size(); ++i) {
        const Index unit = static_cast<Index>(i);
        const Index word =
            unit / out.channels * words_per_pixel(out.channels) + unit % out.channels / 64;
        const bool bit = (words.inside()[at(word)] >> unit % out.channels % 64 & 1U) != 0;
        fired += bit ? 1 : 0;
        wrong += bit == (values[won[i]] != 0) ? 0 : 1;
        wrong += largest.inside()[i] == values[won[i]] ? 0 : 1;
        wrong += winner.inside()[i] == static_cast<Index>(won[i]) % given.in.size() ? 0 : 1;
      }
      CHECK(wrong == 0);
      Index bits = 0;  // so that none stands above the channels
      for (const Word value : words.inside()) bits += std::popcount(value);
      CHECK(bits == fired);

      Fenced<TestType> of_spikes{frames * given.in.size()};
      kernels::max_pool_backward(spikes.view(), given.window, slopes.data(), of_spikes.data());
      CHECK(of_spikes.intact());
      CHECK(reference::differences(of_spikes.inside(), expected) == 0);
      Fenced<TestType> of_values{frames * given.in.size()};
      kernels::max_pool_backward(given.in, frames, given.window, winner.data(), slopes.data(),
                                 of_values.data());
      CHECK(of_values.intact());
      CHECK(reference::differences(of_values.inside(), expected) == 0);
    }
  }
}

TEST_CASE("A pooled unit is mask where the unit that its gradient goes to is", "[kernels]") {
  for (const Case& given : all_cases()) {
    CAPTURE(to_string(given.in), given.window.size, given.window.stride, given.window.padding);
    const Shape out = pooled(given);
    const reference::SpikeBatch spikes{extent, given.in, 0.3, 1};
    const reference::SpikeBatch mask{extent, given.in, 0.4, 2};
    SpikeView<const Word> in = spikes.view();
    in.gradient_mask = mask.words().data();
    Fenced<Word> words{extent.frames() * out.pixels() * words_per_pixel(out.channels), 0};
    kernels::max_pool_mask(in, given.window, words.data());
    CHECK(words.intact());
    std::vector<Word> expected(words.inside().size());
    const auto won = winners(given, spikes.values<float>());
    for (std::size_t i = 0; i < won.size(); ++i) {
      const auto unit = static_cast<Index>(i);
      const Index word =
          unit / out.channels * words_per_pixel(out.channels) + unit % out.channels / 64;
      expected[at(word)] |= static_cast<Word>(mask.fired()[won[i]]) << unit % out.channels % 64;
    }
    CHECK(reference::differences(words.inside(), expected) == 0);
  }
}

TEMPLATE_TEST_CASE("Of equal negative values the first is the largest", "[kernels]", float,
                   double) {
  for (const Case& given : all_cases()) {
    auto values = reference::integers<TestType>(frames * given.in.size(), 3);
    for (TestType& value : values) value -= TestType{10};
    const Shape out = pooled(given);
    Fenced<TestType> largest{frames * out.size()};
    std::vector<std::int32_t> winner(at(frames * out.size()));
    kernels::max_pool(RealView<const TestType>{values.data(), extent, given.in}, given.window,
                      largest.data(), winner.data());
    const auto won = winners(given, values);
    std::vector<Index> expected;
    for (const std::size_t place : won)
      expected.push_back(static_cast<Index>(place) % given.in.size());
    CAPTURE(to_string(given.in), given.window.size, given.window.stride, given.window.padding);
    CHECK(reference::differences(winner, expected) == 0);
  }
}

TEMPLATE_TEST_CASE("A band of the pooled gradient is that part of the whole", "[kernels]", float,
                   double) {
  for (const Case& given : cases) {
    if (given.window.size > given.window.stride) continue;  // bands are for windows apart
    const Shape in = given.in;
    const Shape out = pooled(given);
    const reference::SpikeBatch spikes{extent, in, 0.2, 1};
    const auto slopes = reference::integers<TestType>(frames * out.size(), 2);
    const auto whole = to_winners(given, spikes.values<TestType>(), slopes);
    for (int row = 0; row + given.window.stride <= in.height; row += given.window.stride) {
      for (int first = 0; first < in.channels; first += 64) {
        const int channels = std::min(64, in.channels - first);
        Fenced<TestType> band{Index{2} * given.window.stride * in.width * channels};
        kernels::max_pool_backward_band(spikes.view(), given.window, slopes.data(), Index{1},
                                        Index{row}, Index{first}, band.data());
        std::vector<double> expected;
        for (Index step = 0; step < 2; ++step)
          for (Index y = row; y < row + given.window.stride; ++y)
            for (Index x = 0; x < in.width; ++x)
              for (Index c = first; c < first + channels; ++c)
                expected.push_back(
                    whole[at((((2 + step) * in.height + y) * in.width + x) * in.channels + c)]);
        CAPTURE(to_string(in), given.window.size, given.window.stride, row, first);
        CHECK(band.intact());
        CHECK(reference::differences(band.inside(), expected) == 0);
      }
    }
  }
}

TEMPLATE_TEST_CASE("The mean of spikes and of values, and its gradient", "[kernels]", float,
                   double) {
  const double rounding = 8 * static_cast<double>(std::numeric_limits<TestType>::epsilon());
  for (const Case& given : all_cases()) {
    CAPTURE(to_string(given.in), given.window.size, given.window.stride, given.window.padding);
    const Shape out = pooled(given);
    const reference::SpikeBatch spikes{extent, given.in, 0.4, 1, 1.5F};
    const auto values = spikes.values<TestType>();
    const auto slopes = reference::integers<TestType>(frames * out.size(), 2);
    const double share = 1.0 / (given.window.size * given.window.size);
    std::vector<double> expected(at(frames * out.size()));
    std::vector<double> back(at(frames * given.in.size()));
    for_each_window(given, [&](std::size_t output, const std::vector<std::size_t>& places) {
      for (const std::size_t place : places) {
        expected[output] += share * static_cast<double>(values[place]);
        back[place] += share * static_cast<double>(slopes[output]);
      }
    });
    Fenced<TestType> of_values{frames * out.size()};
    kernels::average_pool(RealView<const TestType>{values.data(), extent, given.in}, given.window,
                          of_values.data());
    CHECK(of_values.intact());
    CHECK(reference::differences(of_values.inside(), expected, rounding) == 0);
    Fenced<TestType> of_spikes{frames * out.size()};
    kernels::average_pool(spikes.view(), given.window, of_spikes.data());
    CHECK(of_spikes.intact());
    CHECK(reference::differences(of_spikes.inside(), expected, rounding) == 0);
    Fenced<TestType> found{frames * given.in.size()};
    kernels::average_pool_backward(given.in, frames, given.window, slopes.data(), found.data());
    CHECK(found.intact());
    CHECK(reference::differences(found.inside(), back, 8 * rounding) == 0);
  }
}

TEMPLATE_TEST_CASE("The mean of all pixels, of spikes and of values, and its gradient", "[kernels]",
                   float, double) {
  const double rounding = 8 * static_cast<double>(std::numeric_limits<TestType>::epsilon());
  for (const Shape& in : {Shape{1, 1, 5}, Shape{2, 3, 64}, Shape{3, 1, 70}, Shape{4, 4, 130}}) {
    CAPTURE(to_string(in));
    const reference::SpikeBatch spikes{extent, in, 0.4, 1, 1.5F};
    const auto values = spikes.values<TestType>();
    const auto slopes = reference::integers<TestType>(frames * in.channels, 2);
    const auto pixels = static_cast<double>(in.pixels());
    std::vector<double> expected(at(frames * in.channels));
    std::vector<double> back;
    for (Index i = 0; i < frames * in.size(); ++i) {
      const std::size_t output = at(i / in.size() * in.channels + i % in.channels);
      expected[output] += static_cast<double>(values[at(i)]) / pixels;
      back.push_back(static_cast<double>(slopes[output]) / pixels);
    }
    Fenced<TestType> of_values{frames * in.channels};
    kernels::global_average_pool(RealView<const TestType>{values.data(), extent, in},
                                 of_values.data());
    CHECK(of_values.intact());
    CHECK(reference::differences(of_values.inside(), expected, rounding) == 0);
    Fenced<TestType> of_spikes{frames * in.channels};
    kernels::global_average_pool(spikes.view(), of_spikes.data());
    CHECK(of_spikes.intact());
    CHECK(reference::differences(of_spikes.inside(), expected, rounding) == 0);
    Fenced<TestType> found{frames * in.size()};
    kernels::global_average_pool_backward(in, frames, slopes.data(), found.data());
    CHECK(found.intact());
    CHECK(reference::differences(found.inside(), back, rounding) == 0);
  }
}

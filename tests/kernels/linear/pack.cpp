#include <bit>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/pack.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

const std::vector<Shape> shapes{{1, 1, 1},  {3, 2, 3},  {2, 3, 17},
                                {1, 2, 64}, {2, 1, 65}, {1, 3, 130}};

/// Bits above the last channel of a pixel.
Index stray_bits(std::span<const Word> words, int channels) {
  const auto pixel_words = static_cast<std::size_t>((channels + 63) / 64);
  const Word used = channels % 64 == 0 ? ~Word{0} : (Word{1} << channels % 64) - 1;
  Index count = 0;
  for (std::size_t i = pixel_words - 1; i < words.size(); i += pixel_words)
    count += std::popcount(words[i] & ~used);
  return count;
}

}  // namespace

TEMPLATE_TEST_CASE("Unpacked spikes are the amplitude where a unit fired", "[kernels]", float,
                   double) {
  const Extent extent{3, 2};
  for (const Shape& shape : shapes) {
    CAPTURE(to_string(shape));
    const reference::SpikeBatch spikes{extent, shape, 0.4, 1, 2.5F};
    const auto expected = spikes.values<TestType>();
    Fenced<TestType> whole{extent.frames() * shape.size()};
    kernels::unpack(spikes.view(), 0, 3, whole.data());
    CHECK(whole.intact());
    CHECK(reference::differences(expected, whole.inside()) == 0);

    const auto middle = std::span{expected}.subspan(at(2 * shape.size()), at(2 * shape.size()));
    Fenced<TestType> part{2 * shape.size()};
    kernels::unpack(spikes.view(), 1, 2, part.data());
    CHECK(part.intact());
    CHECK(reference::differences(part.inside(), middle) == 0);
  }
}

TEMPLATE_TEST_CASE("Packing undoes unpacking and leaves no bits above the channels", "[kernels]",
                   float, double) {
  const Extent extent{2, 3};
  for (const Shape& shape : shapes) {
    for (const double density : {0.0, 0.3, 1.0}) {
      CAPTURE(to_string(shape), density);
      const reference::SpikeBatch spikes{extent, shape, density, 2, -0.5F};
      const auto values = spikes.values<TestType>();
      std::vector<Word> packed(spikes.words().size(), ~Word{0});
      kernels::pack(RealView<const TestType>{values.data(), extent, shape},
                    SpikeView<Word>{packed.data(), extent, shape});
      CHECK(packed == spikes.words());
      CHECK(stray_bits(packed, shape.channels) == 0);
    }
  }
}

TEST_CASE("Spikes are counted", "[kernels]") {
  for (const Shape& shape : shapes) {
    const reference::SpikeBatch spikes{{3, 4}, shape, 0.3, 4};
    std::int64_t expected = 0;
    for (const int fired : spikes.fired()) expected += fired;
    CHECK(kernels::count_spikes(spikes.view()) == expected);
  }
}

TEST_CASE("Reshaped spikes keep their order in memory", "[kernels]") {
  const Extent extent{2, 3};
  const auto check = [&](Shape from, Shape to) {
    CAPTURE(to_string(from), to_string(to));
    REQUIRE(from.size() == to.size());
    const reference::SpikeBatch spikes{extent, from, 0.4, 5};
    const reference::SpikeBatch expected{extent, to, 0.4, 5};  // drawn in the same order
    std::vector<Word> reshaped(expected.words().size(), ~Word{0});
    kernels::reshape_spikes(spikes.view(), {reshaped.data(), extent, to});
    CHECK(reshaped == expected.words());
  };
  check({3, 5, 10}, {1, 1, 150});
  check({1, 1, 150}, {3, 5, 10});
  check({2, 2, 65}, {1, 1, 260});
  check({2, 3, 64}, {1, 1, 384});
  check({2, 3, 64}, {3, 1, 128});
  check({7, 1, 1}, {1, 1, 7});
}

TEMPLATE_TEST_CASE("A mask does the same to spikes and to their values, at every step", "[kernels]",
                   float, double) {
  const Extent extent{3, 2};
  for (const Shape& shape : shapes) {
    CAPTURE(to_string(shape));
    const reference::SpikeBatch spikes{extent, shape, 0.6, 6, 1.5F};
    const reference::SpikeBatch mask{{3, 1}, shape, 0.5, 7};
    const auto values = spikes.values<TestType>();
    std::vector<double> expected;
    for (Index sample = 0; sample < 3; ++sample)
      for (Index step = 0; step < 2; ++step)
        for (Index unit = 0; unit < shape.size(); ++unit)
          expected.push_back(mask.fired()[at(sample * shape.size() + unit)] *
                             static_cast<double>(values[expected.size()]));

    std::vector<Word> kept(spikes.words().size(), ~Word{0});
    const SpikeView<Word> view{kept.data(), extent, shape, 1.5F};
    kernels::mask_spikes(spikes.view(), mask.words().data(), view);
    Fenced<TestType> of_spikes{extent.frames() * shape.size()};
    kernels::unpack<TestType>(view, 0, 3, of_spikes.data());
    CHECK(reference::differences(of_spikes.inside(), expected) == 0);

    Fenced<TestType> of_values{extent.frames() * shape.size()};
    kernels::mask_values(RealView<const TestType>{values.data(), extent, shape},
                         mask.words().data(), TestType{2}, of_values.data());
    for (double& value : expected) value *= 2.0;
    CHECK(of_values.intact());
    CHECK(reference::differences(of_values.inside(), expected) == 0);
  }
}

TEST_CASE("Masks keep units with their probability, each on its own", "[kernels]") {
  const Shape shape{4, 5, 100};
  const Index samples = 40;
  const Index words = shape.pixels() * 2;
  for (const double keep : {0.1, 0.5, 0.8}) {
    CAPTURE(keep);
    std::vector<Word> mask(at(samples * words));
    kernels::draw_mask(9, 3, 2, keep, shape, samples, mask.data());
    CHECK(stray_bits(mask, shape.channels) == 0);
    const SpikeView<const Word> view{mask.data(), {samples, 1}, shape};
    const auto units = static_cast<double>(samples * shape.size());
    const auto kept = static_cast<double>(kernels::count_spikes(view));
    // Five deviations of a binomial number: one seed in two million would miss it.
    const double bound = 5.0 * std::sqrt(units * keep * (1.0 - keep));
    CHECK(std::abs(kept - units * keep) < bound);

    Index equal = 0;  // neighbouring samples agree by chance only
    for (Index i = 0; i < words; ++i) equal += std::popcount(~(mask[at(i)] ^ mask[at(words + i)]));
    equal -= shape.pixels() * (128 - 100);
    const auto of_one = static_cast<double>(shape.size());
    const double agree = keep * keep + (1.0 - keep) * (1.0 - keep);
    CHECK(std::abs(static_cast<double>(equal) - of_one * agree) <
          5.0 * std::sqrt(of_one * agree * (1.0 - agree)));
  }
}

TEST_CASE("Masks are a function of seed, draw, layer and sample, and of nothing else",
          "[kernels]") {
  const Shape shape{3, 3, 70};
  const auto drawn = [&](std::uint64_t seed, std::uint64_t draw, std::uint16_t layer,
                         Index samples) {
    std::vector<Word> mask(at(samples * shape.pixels() * 2), ~Word{0});
    kernels::draw_mask(seed, draw, layer, 0.5, shape, samples, mask.data());
    return mask;
  };
  const auto mask = drawn(1, 2, 3, 6);
  CHECK(mask == drawn(1, 2, 3, 6));
  CHECK(mask != drawn(2, 2, 3, 6));
  CHECK(mask != drawn(1, 3, 3, 6));
  CHECK(mask != drawn(1, 2, 4, 6));
  auto fewer = drawn(1, 2, 3, 2);
  CHECK(std::equal(fewer.begin(), fewer.end(), mask.begin()));
}

TEST_CASE("Masks that keep everything or nothing do so", "[kernels]") {
  const Shape shape{2, 2, 70};
  std::vector<Word> mask(16);
  const SpikeView<const Word> view{mask.data(), {2, 1}, shape};
  kernels::draw_mask(1, 1, 1, 1.0, shape, 2, mask.data());
  CHECK(kernels::count_spikes(view) == 2 * shape.size());
  kernels::draw_mask(1, 1, 1, 0.0, shape, 2, mask.data());
  CHECK(kernels::count_spikes(view) == 0);
}

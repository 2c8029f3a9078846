#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/neuron/input_current.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

constexpr Extent extent{3, 2};
constexpr Extent once{3, 1};

/// Whole words of channels, parts of them and more than one.
const std::vector<Shape> shapes{{2, 3, 5}, {1, 2, 64}, {2, 1, 70}, {1, 1, 130}};

/// A value of a signal that may stand for every step.
template <class Scalar>
double value(const reference::Values<Scalar>& values, const Extent& own, const Shape& shape,
             Index frame, Index unit) {
  const Index from = own.steps == 1 ? frame / extent.steps : frame;
  return static_cast<double>(values[at(from * shape.size() + unit)]);
}

/// What a current is, written row by row and tile by tile, of both kinds.
template <class Scalar, class Current>
void check(const Current& current, const Shape& shape, const std::vector<double>& expected) {
  Fenced<Scalar> rows{extent.frames() * shape.size()};
  kernels::write_current(current, RealView<Scalar>{rows.data(), extent, shape});
  CHECK(rows.intact());
  CHECK(reference::differences(rows.inside(), expected) == 0);
  for (const bool across : {false, true}) {
    CAPTURE(across);
    Fenced<Scalar> tiles{extent.frames() * shape.size()};
    const kernels::CurrentWriter<Scalar> writer{{tiles.data(), extent, shape}};
    const Index along = across ? extent.samples : shape.pixels();
    const Index others = across ? shape.pixels() : extent.samples;
    for (Index other = 0; other < others; ++other) {
      for (int channel = 0; channel < shape.channels; channel += word_bits) {
        kernels::Tile tile;
        tile.sample = across ? 0 : other;
        tile.pixel = across ? other : 0;
        tile.count = static_cast<int>(along);
        tile.across_samples = across;
        tile.first_channel = channel;
        tile.channels = std::min(word_bits, shape.channels - channel);
        writer.scan(tile, current.tile(tile));
      }
    }
    CHECK(tiles.intact());
    CHECK(reference::differences(tiles.inside(), expected) == 0);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("Neurons are driven by values, by normalized values, by spikes and by sums",
                   "[kernels]", float, double) {
  for (const Shape& shape : shapes) {
    for (const Extent& own : {extent, once}) {
      CAPTURE(to_string(shape), own.steps);
      const auto numbers = reference::integers<TestType>(own.frames() * shape.size(), 1);
      const auto mean = reference::integers<TestType>(shape.channels, 2);
      const auto factor = reference::integers<TestType>(shape.channels, 3);
      const auto bias = reference::integers<TestType>(shape.channels, 4);
      const reference::SpikeBatch spikes{extent, shape, 0.4, 5, 1.5F};
      const RealView<const TestType> values{numbers.data(), own, shape};
      const kernels::StoredCurrent<TestType> plain{values};
      const kernels::NormedCurrent<TestType> normed{values,
                                                    {mean.data(), factor.data(), bias.data()}};
      const kernels::SpikeCurrent<TestType> fired{spikes.view()};
      std::vector<double> of_plain;
      std::vector<double> of_normed;
      std::vector<double> of_fired;
      std::vector<double> of_sum;
      for (Index i = 0; i < extent.frames() * shape.size(); ++i) {
        const std::size_t c = at(i % shape.channels);
        const double x = value(numbers, own, shape, i / shape.size(), i % shape.size());
        of_plain.push_back(x);
        of_normed.push_back((x - static_cast<double>(mean[c])) * static_cast<double>(factor[c]) +
                            static_cast<double>(bias[c]));
        of_fired.push_back(static_cast<double>(spikes.fired()[at(i)]) * 1.5);
        of_sum.push_back(of_normed.back() + of_fired.back());
      }
      check<TestType>(plain, shape, of_plain);
      check<TestType>(normed, shape, of_normed);
      check<TestType>(fired, shape, of_fired);
      check<TestType>(kernels::SummedCurrent{normed, fired}, shape, of_sum);
    }
  }
}

TEST_CASE("Tiles are normalized and added to on their way to what takes them", "[kernels]") {
  constexpr Shape shape{1, 4, 70};
  const auto numbers = reference::integers<float>(extent.frames() * shape.size(), 1);
  const auto others = reference::integers<float>(once.frames() * shape.size(), 2);
  const auto mean = reference::integers<float>(shape.channels, 3);
  const auto factor = reference::integers<float>(shape.channels, 4);
  const auto bias = reference::integers<float>(shape.channels, 5);
  const kernels::ChannelMap<float> map{mean.data(), factor.data(), bias.data()};
  const kernels::StoredCurrent<float> second{{others.data(), once, shape}};
  Fenced<float> whole{extent.frames() * shape.size()};
  const kernels::NormedCurrent<float> first{{numbers.data(), extent, shape}, map};
  kernels::write_current(kernels::SummedCurrent{first, second},
                         RealView<float>{whole.data(), extent, shape});
  Fenced<float> found{extent.frames() * shape.size()};
  using Writer = kernels::CurrentWriter<float>;
  using Summed = kernels::SummedTiles<kernels::StoredCurrent<float>, Writer>;
  const kernels::NormedTiles<float, Summed> tiles{map,
                                                  {second, Writer{{found.data(), extent, shape}}}};
  for (Index sample = 0; sample < extent.samples; ++sample)
    for (const int channel : {0, 64})
      tiles({sample, 0, 4, false, channel, std::min(64, shape.channels - channel)},
            numbers.data() + sample * extent.steps * shape.size() + channel, shape.size(),
            Index{shape.channels});
  CHECK(found.intact());
  const std::vector<float> expected(whole.inside().begin(), whole.inside().end());
  CHECK(reference::differences(found.inside(), expected) == 0);
}

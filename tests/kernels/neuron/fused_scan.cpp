#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/neuron/fused_scan.hpp>
#include <snnbd/neuron/cell.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

using Neuron = neuron::Lif<neuron::HardReset, neuron::Sigmoid>;
using Cell = neuron::Cell<Neuron, lanes::Batch<float>>;

/// Everything that a forward scan writes.
struct Kept {
  std::vector<float> charge;
  std::vector<float> current;
  std::vector<Word> spikes;

  Kept(const Extent& extent, const Shape& shape)
      : charge(at(extent.frames() * shape.size())),
        current(at(extent.samples * shape.size())),
        spikes(at(extent.frames() * shape.pixels() * words_per_pixel(shape.channels)), ~Word{0}) {}
};

}  // namespace

TEST_CASE("A convolution scanned tile by tile fires like one scanned from memory", "[kernels]") {
  Neuron cell;
  cell.threshold = 0.5F;
  for (const Extent extent : {Extent{3, 4}, Extent{2, 1}}) {
    for (const int outputs : {10, 64, 100}) {
      for (const bool fixed : {false, true}) {
        CAPTURE(outputs, fixed, extent.steps);
        const auto geometry = reference::convolution({6, 7, 3}, outputs, 3, 1, 1);
        const Shape out = geometry.out;
        const Extent given{extent.samples, fixed ? 1 : extent.steps};
        const auto input = reference::integers<float>(given.frames() * geometry.in.size(), 1);
        const auto weights = reference::noise<float>(geometry.weight_rows() * outputs, 2);
        Scratch scratch;
        const kernels::Weights<float> layer{weights.data(), nullptr, geometry.weight_rows(),
                                            Index{outputs}};
        const RealView<const float> in{input.data(), given, geometry.in};

        std::vector<float> currents(at(given.frames() * out.size()));
        kernels::convolve<float>(in, geometry, layer, scratch,
                                 kernels::TileWriter<float>{{currents.data(), given, out}});
        Kept apart{extent, out};
        const Index width = out.channels;
        kernels::scan_forward<Cell, float>(
            Cell{cell}, extent, out,
            kernels::field_of(static_cast<const float*>(currents.data()), out, given.steps, width),
            kernels::field_of(apart.charge.data(), out, extent.steps, width),
            kernels::field_of(apart.spikes.data(), out, extent.steps,
                              Index{words_per_pixel(outputs)}),
            kernels::Field<float>{});

        Kept fused{extent, out};
        kernels::TileScan<Cell, float> scan{Cell{cell}, extent, out};
        scan.charge = fused.charge.data();
        scan.spikes = fused.spikes.data();
        if (fixed) scan.current = fused.current.data();
        kernels::convolve<float>(in, geometry, layer, scratch, scan);
        CHECK(fused.spikes == apart.spikes);
        CHECK(fused.charge == apart.charge);
        if (fixed) CHECK(fused.current == currents);
      }
    }
  }
}

TEST_CASE("A dense layer scanned tile by tile fires like one scanned from memory", "[kernels]") {
  const Extent extent{21, 3};
  const Shape in{2, 2, 9};
  for (const int outputs : {10, 70}) {
    const Shape out{1, 1, outputs};
    const reference::SpikeBatch spikes{extent, in, 0.3, 1};
    const auto weights = reference::integers<float>(in.size() * outputs, 2);
    Scratch scratch;
    const kernels::Weights<float> layer{weights.data(), nullptr, in.size(), Index{outputs}};
    std::vector<float> currents(at(extent.frames() * out.size()));
    kernels::connect<float>(spikes.view(), layer, scratch,
                            kernels::TileWriter<float>{{currents.data(), extent, out}});
    Kept apart{extent, out};
    const Index width = out.channels;
    kernels::scan_forward<Cell, float>(
        Cell{Neuron{}}, extent, out,
        kernels::field_of(static_cast<const float*>(currents.data()), out, extent.steps, width),
        kernels::field_of(apart.charge.data(), out, extent.steps, width),
        kernels::field_of(apart.spikes.data(), out, extent.steps, Index{words_per_pixel(outputs)}),
        kernels::Field<float>{});
    Kept fused{extent, out};
    kernels::TileScan<Cell, float> scan{Cell{Neuron{}}, extent, out};
    scan.charge = fused.charge.data();
    scan.spikes = fused.spikes.data();
    kernels::connect<float>(spikes.view(), layer, scratch, scan);
    CHECK(fused.spikes == apart.spikes);
    CHECK(fused.charge == apart.charge);
  }
}

TEST_CASE("Tiles go on from the membranes that tiles before them left", "[kernels]") {
  const Shape in{4, 4, 9};
  constexpr Index steps = 5;
  for (const bool dense : {false, true}) {
    for (const int outputs : {10, 70}) {
      CAPTURE(dense, outputs);
      const auto geometry = reference::convolution(in, outputs, 3, 1, 1);
      const Shape out = dense ? Shape{1, 1, outputs} : geometry.out;
      const reference::SpikeBatch spikes{{1, 21 * steps}, in, 0.3, 1};
      const Index rows = dense ? in.size() : geometry.weight_rows();
      const auto weights = reference::integers<float>(rows * outputs, 2);
      const kernels::Weights<float> layer{weights.data(), nullptr, rows, Index{outputs}};
      // The charges at the last step and the membranes that are left.
      const auto run = [&](Index window) {
        Scratch scratch;
        std::vector<float> membranes(at(21 * out.size()));
        std::vector<float> charges;
        for (Index first = 0; first < steps; first += window) {
          const Extent part{21, std::min(window, steps - first)};
          const Index frame = in.pixels() * words_per_pixel(in.channels);
          std::vector<Word> words(at(part.frames() * frame));
          for (Index i = 0; i < part.frames(); ++i)
            std::copy_n(
                spikes.words().data() + (i / part.steps * steps + first + i % part.steps) * frame,
                frame, words.data() + i * frame);
          Kept kept{part, out};
          kernels::TileScan<Cell, float> scan{Cell{Neuron{}}, part, out};
          scan.charge = kept.charge.data();
          scan.spikes = kept.spikes.data();
          scan.membranes.after = membranes.data();
          if (first > 0) scan.membranes.before = membranes.data();
          const SpikeView<const Word> view{words.data(), part, in};
          if (dense)
            kernels::connect<float>(view, layer, scratch, scan);
          else
            kernels::convolve<float>(view, geometry, layer, scratch, scan);
          for (Index sample = 0; sample < 21; ++sample)
            charges.insert(charges.end(),
                           kept.charge.end() - (21 - sample) * part.steps * out.size() +
                               (part.steps - 1) * out.size(),
                           kept.charge.end() - (20 - sample) * part.steps * out.size());
        }
        charges.erase(charges.begin(), charges.end() - 21 * out.size());
        charges.insert(charges.end(), membranes.begin(), membranes.end());
        return charges;
      };
      const auto expected = run(steps);
      for (const Index window : {1, 2, 4}) CHECK(run(window) == expected);
    }
  }
}

TEST_CASE("A reverse scan through a pooling needs no gradient of the spikes in memory",
          "[kernels]") {
  const Extent extent{2, 3};
  for (const Shape shape : {Shape{6, 8, 70}, Shape{5, 7, 10}, Shape{4, 4, 64}}) {
    for (const int size : {2, 3}) {
      const kernels::Window window{size, size};
      const Shape pooled = window.pooled(shape);
      const reference::SpikeBatch spikes{extent, shape, 0.3, 1};
      const auto charge = reference::noise<float>(extent.frames() * shape.size(), 2);
      const auto slopes = reference::noise<float>(extent.frames() * pooled.size(), 3);
      std::vector<float> whole(at(extent.frames() * shape.size() + spare_values));
      kernels::max_pool_backward(spikes.view(), window, slopes.data(), whole.data());
      const auto back = [&](const auto& source) {
        std::vector<float> gradient(at(extent.frames() * shape.size()));
        kernels::scan_backward<float>(
            Cell{Neuron{}}, extent, shape,
            kernels::field_of(charge.data(), shape, extent.steps, Index{shape.channels}),
            kernels::Field<const float>{}, source,
            kernels::field_of(gradient.data(), shape, extent.steps, Index{shape.channels}));
        return gradient;
      };
      CAPTURE(to_string(shape), size);
      const auto stored = back(kernels::StoredGradient<float>{kernels::field_of(
          static_cast<const float*>(whole.data()), shape, extent.steps, Index{shape.channels})});
      CHECK(back(kernels::PooledGradient<float>{spikes.view(), window, slopes.data()}) == stored);
    }
  }
}

TEST_CASE("Gradients are copied to their places on a plane of zeros", "[kernels]") {
  for (const Extent extent : {Extent{3, 2}, Extent{4, 1}}) {
    for (const int kernel : {1, 2, 3, 5}) {
      for (const int stride : {1, 2}) {
        for (int padding = 0; padding < kernel; ++padding) {
          const auto geometry = reference::convolution({6, 7, 2}, 9, kernel, stride, padding);
          CAPTURE(kernel, stride, padding, extent.steps);
          const auto slopes = reference::noise<float>(extent.frames() * geometry.out.size(), 1);
          const auto expected = reference::on_plane(geometry, extent.frames(), slopes);
          Fenced<float> plane{extent.frames() * geometry.plane().size()};
          kernels::copy_field(
              kernels::field_of(slopes.data(), geometry.out, extent.steps, Index{9}), extent,
              geometry.out, kernels::open_plane(plane.inside(), geometry, extent.steps));
          CHECK(plane.intact());
          CHECK(reference::differences(expected, std::vector<float>(plane.inside().begin(),
                                                                    plane.inside().end())) == 0);
        }
      }
    }
  }
}

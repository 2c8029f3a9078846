#include <catch2/catch.hpp>

#include <snnbd/kernels/panel.hpp>
#include <snnbd/kernels/spike_conv.hpp>

#include "reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

TEMPLATE_TEST_CASE("An event-driven strip adds the rows of weights of the fired inputs",
                   "[kernels]", float, double) {
  const Shape in{4, 6, 11};
  const int wide = static_cast<int>(kernels::panel_width<TestType>);
  for (const int columns : {1, wide - 1, wide}) {
    for (const int padding : {0, 1, 2}) {
      const auto geometry = reference::convolution(in, columns, 3, 1, padding);
      const reference::SpikeBatch spikes{{1, 1}, in, 0.3, 1, 0.5F};
      std::vector<std::int32_t> starts(at(in.pixels() + 1));
      std::vector<std::int32_t> entries(at(in.size()));
      const kernels::RowEvents events{starts, entries};
      kernels::list_rows(spikes.view(), 0, 1, events);
      const auto weights = reference::integers<TestType>(geometry.weight_rows() * columns, 2);
      const auto bias = reference::integers<TestType>(columns, 3);
      std::vector<TestType> panel(
          at(kernels::packed_size<TestType>(geometry.weight_rows(), columns)));
      kernels::pack_panels(weights.data(), geometry.weight_rows(), Index{columns}, panel.data());
      const auto expected =
          reference::convolve(geometry, 1, spikes.values<TestType>(), weights, bias.data());

      // Row by row in two strips, from left to right.
      const Shape out = geometry.out;
      Fenced<TestType> found{out.size()};
      const int half = out.width / 2;
      for (int y = 0; y < out.height; ++y) {
        const auto strip = [&](int x, int pixels) {
          kernels::spike_conv_strip<TestType>(
              events, starts.data(), geometry, panel.data(), bias.data(), TestType{0.5F}, y, x,
              pixels,
              {found.data() + (static_cast<Index>(y) * out.width + x) * columns, columns, columns});
        };
        strip(0, half);
        strip(half, out.width - half);
      }
      CAPTURE(columns, padding);
      CHECK(found.intact());
      CHECK(reference::differences(found.inside(), expected) == 0);
    }
  }
}

TEMPLATE_TEST_CASE("Listed events add the gradients of the outputs that they met", "[kernels]",
                   float, double) {
  const Shape in{4, 5, 3};
  for (const int kernel : {1, 2, 3, 4, 5, 7}) {
    const int padding = kernel / 2;
    const int columns = static_cast<int>(kernels::panel_width<TestType>) - 3;
    const auto geometry = reference::convolution(in, columns, kernel, 1, padding);
    const reference::SpikeBatch spikes{{1, 2}, in, 0.4, 1, 2.0F};
    const auto slopes = reference::integers<TestType>(2 * geometry.out.size(), 2);
    const auto plane = reference::on_plane(geometry, 2, slopes);
    std::vector<std::int32_t> counts(3);
    std::vector<std::int32_t> entries(at(2 * in.size()));
    kernels::list_channels(spikes.view(), 0, 1, geometry, {counts, entries});
    Fenced<TestType> found{geometry.weight_rows() * columns, TestType{0}};
    for (Index channel = 0; channel < 3; ++channel)
      kernels::spike_conv_weight_gradient<TestType>(
          entries.data() + channel * 2 * in.pixels(), Index{counts[at(channel)]}, geometry,
          plane.data(), columns, TestType{2}, found.data() + channel * columns, Index{3} * columns);
    CAPTURE(kernel);
    CHECK(found.intact());
    CHECK(reference::differences(
              found.inside(),
              reference::weight_gradient(geometry, 2, spikes.values<TestType>(), slopes)) == 0);
  }
}

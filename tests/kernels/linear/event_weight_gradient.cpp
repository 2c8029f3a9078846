#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/event_weight_gradient.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

TEMPLATE_TEST_CASE("Listed events add the gradients of the outputs that they met", "[kernels]",
                   float, double) {
  const Shape in{4, 5, 3};
  const Index frames = 2;
  for (const int kernel : {1, 2, 3, 4, 5, 7}) {
    for (const int missing : {0, 1}) {
      const int columns = static_cast<int>(kernels::slab_width<TestType>) - missing;
      const auto geometry = reference::convolution(in, columns, kernel, 1, kernel / 2);
      const reference::SpikeBatch spikes{{1, frames}, in, 0.4, 1, 2.0F};
      const auto slopes = reference::integers<TestType>(frames * geometry.out.size(), 2);
      const auto plane = reference::on_plane(geometry, frames, slopes);
      const Index places = frames * geometry.plane().pixels();
      std::vector<TestType> slab(at(places * kernels::slab_width<TestType>));
      kernels::copy_slab(plane.data(), places, Index{columns}, columns, slab.data());
      const Index capacity = frames * in.pixels();
      std::vector<std::int32_t> counts(3);
      std::vector<std::int32_t> entries(at(3 * capacity));
      const kernels::ChannelEvents events{counts, entries, capacity};
      kernels::list_channels(spikes.view(), 0, frames, geometry, events);
      Fenced<TestType> found{geometry.weight_rows() * columns, TestType{0}};
      for (const Index channel : {0, 1})
        kernels::spike_conv_weight_gradient<TestType>(events, channel, channel == 0 ? 1 : 3,
                                                      geometry, slab.data(), columns, TestType{2},
                                                      found.data());
      CAPTURE(kernel, columns);
      CHECK(found.intact());
      CHECK(reference::differences(found.inside(),
                                   reference::weight_gradient(
                                       geometry, frames, spikes.values<TestType>(), slopes)) == 0);
    }
  }
}

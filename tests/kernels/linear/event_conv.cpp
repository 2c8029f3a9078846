#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/event_conv.hpp>
#include <snnbd/kernels/linear/panel.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

TEMPLATE_TEST_CASE("Slices add the rows of weights of the fired inputs", "[kernels]", float,
                   double) {
  const int wide = static_cast<int>(kernels::panel_width<TestType>);
  for (const Shape in : {Shape{4, 6, 11}, Shape{3, 4, 200}}) {
    for (const int columns : {1, wide - 1, wide}) {
      for (const int padding : {0, 1, 2}) {
        const auto geometry = reference::convolution(in, columns, 3, 1, padding);
        const reference::SpikeBatch spikes{{1, 2}, in, 0.3, 1, 0.5F};
        std::vector<std::int32_t> starts(at(2 * spikes.view().frame_words() + 1));
        std::vector<std::int32_t> entries(at(2 * in.size()));
        const kernels::RowEvents events{starts, entries};
        kernels::list_rows(spikes.view(), 0, 1, events);
        const auto weights = reference::integers<TestType>(geometry.weight_rows() * columns, 2);
        const auto bias = reference::integers<TestType>(columns, 3);
        const auto expected =
            reference::convolve(geometry, 2, spikes.values<TestType>(), weights, bias.data());

        // The second frame without its first row and column.
        const Shape out = geometry.out;
        const kernels::OutputBlock block{1, 1, 1, out.height - 1, 1, out.width - 1};
        AlignedBytes memory{at(block.cells() * wide) * sizeof(TestType)};
        auto* const sums = reinterpret_cast<TestType*>(memory.data());
        std::fill_n(sums, block.cells() * wide, TestType{0});
        const kernels::TileTarget<TestType> target{sums, wide, columns};
        Index rows = 0;
        for (const kernels::Slice& slice : kernels::slices_of(geometry)) {
          REQUIRE(slice.first_row == rows);
          rows += slice.rows;
          std::vector<TestType> panel(at(slice.rows * wide));
          kernels::copy_panel(weights.data() + slice.first_row * columns, slice.rows,
                              Index{columns}, Index{columns}, panel.data());
          kernels::add_slice(events, geometry, slice, static_cast<const TestType*>(panel.data()),
                             block, target);
        }
        CHECK(rows == geometry.weight_rows());
        kernels::scale_sums(block.cells(), TestType{0.5F}, bias.data(), target);
        CAPTURE(to_string(in), columns, padding);
        bool same = true;
        for (int y = 1; y < out.height; ++y)
          for (int x = 1; x < out.width; ++x)
            for (int c = 0; c < columns; ++c)
              same =
                  same && sums[(Index{y - 1} * block.width + x - 1) * wide + c] ==
                              expected[at(((Index{out.height} + y) * out.width + x) * columns + c)];
        CHECK(same);
      }
    }
  }
}

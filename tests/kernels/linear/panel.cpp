#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/panel.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

TEMPLATE_TEST_CASE("Panels hold neighbouring columns row by row, then zeros", "[kernels]", float,
                   double) {
  const Index wide = kernels::panel_width<TestType>;
  CHECK(wide == 4 * lanes::width<TestType>);
  for (const Index rows : {1, 7, 513, 1100}) {
    for (const Index columns : {Index{1}, Index{10}, wide, wide + 1, 3 * wide - 1}) {
      CAPTURE(rows, columns);
      const auto matrix = reference::noise<TestType>(rows * columns, 1);
      Fenced<TestType> packed{kernels::packed_size<TestType>(rows, columns)};
      kernels::pack_panels(matrix.data(), rows, columns, packed.data());
      CHECK(packed.intact());
      const Index panels = (columns + wide - 1) / wide;
      REQUIRE(packed.inside().size() == at(panels * rows * wide));
      std::vector<TestType> expected;
      for (Index panel = 0; panel < panels; ++panel)
        for (Index row = 0; row < rows; ++row)
          for (Index column = panel * wide; column < (panel + 1) * wide; ++column)
            expected.push_back(column < columns ? matrix[at(row * columns + column)] : TestType{0});
      CHECK(reference::differences(packed.inside(), expected) == 0);
    }
  }
}

TEMPLATE_TEST_CASE("Transposed panels hold the turned kernel, inputs as columns", "[kernels]",
                   float, double) {
  const Index wide = kernels::panel_width<TestType>;
  for (const int in : {1, 17, 70}) {
    for (const int out : {1, 16, 37}) {
      kernels::ConvGeometry geometry;
      geometry.in = {1, 1, in};
      geometry.out = {1, 1, out};
      geometry.kernel_height = 2;
      geometry.kernel_width = 3;
      CAPTURE(in, out);
      const auto weights = reference::noise<TestType>(Index{6} * in * out, 1);
      Fenced<TestType> packed{kernels::packed_size<TestType>(Index{6} * out, in)};
      kernels::pack_transposed_panels(weights.data(), geometry, packed.data());
      CHECK(packed.intact());
      std::vector<TestType> expected;
      for (Index panel = 0; panel < kernels::panel_count<TestType>(in); ++panel)
        for (Index y = 1; y >= 0; --y)
          for (Index x = 2; x >= 0; --x)
            for (Index o = 0; o < out; ++o)
              for (Index i = panel * wide; i < (panel + 1) * wide; ++i)
                expected.push_back(i < in ? weights[at(((y * 3 + x) * in + i) * out + o)]
                                          : TestType{0});
      CHECK(reference::differences(packed.inside(), expected) == 0);
    }
  }
}

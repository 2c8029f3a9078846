#include <algorithm>

#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/dense_conv.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/linear/scratch.hpp>
#include <snnbd/kernels/simd/registers.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

TEST_CASE("Geometries count rows, borders and planes", "[kernels]") {
  kernels::ConvGeometry geometry;
  geometry.in = {5, 7, 3};
  geometry.out = {3, 4, 8};
  geometry.kernel_height = 3;
  geometry.kernel_width = 2;
  geometry.padding = 1;
  CHECK(geometry.weight_rows() == 18);
  CHECK(geometry.run() == 6);
  CHECK(geometry.padded() == Shape{7, 9, 3});
  CHECK(geometry.plane() == Shape{7, 8, 8});
  CHECK(geometry.border_y() == 1);
  CHECK(geometry.border_x() == 0);
}

TEMPLATE_TEST_CASE("Padded frames stand inside a border of zeros", "[kernels]", float, double) {
  for (const int padding : {0, 1, 2, 4}) {
    for (const Shape& shape : {Shape{1, 1, 1}, Shape{3, 4, 5}, Shape{2, 5, 17}}) {
      CAPTURE(padding, to_string(shape));
      const auto frames = reference::noise<TestType>(3 * shape.size(), 1);
      const Shape padded{shape.height + 2 * padding, shape.width + 2 * padding, shape.channels};
      Fenced<TestType> found{3 * padded.size()};
      kernels::pad_frames(frames.data(), Index{3}, shape, padding, found.data());
      CHECK(found.intact());
      std::vector<TestType> expected;
      for (Index frame = 0; frame < 3; ++frame)
        for (Index y = -padding; y < shape.height + padding; ++y)
          for (Index x = -padding; x < shape.width + padding; ++x)
            for (Index c = 0; c < shape.channels; ++c) {
              const bool inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width;
              const Index place = ((frame * shape.height + y) * shape.width + x) * shape.channels;
              expected.push_back(inside ? frames[at(place + c)] : TestType{0});
            }
      CHECK(reference::differences(found.inside(), expected) == 0);
    }
  }
}

TEMPLATE_TEST_CASE("Tiles of dense products take any number of outputs and columns", "[kernels]",
                   float, double) {
  // Two runs of 3 values, 40 apart; the next output's inputs 2 further.
  const kernels::Patch patch{2, 3, 40, 2};
  const auto input = reference::integers<TestType>(101, 1);
  Scratch scratch;
  const int wide = static_cast<int>(kernels::panel_width<TestType>);
  for (int columns = 1; columns <= wide; columns += std::max(1, wide / 8 - 1)) {
    const auto weights = reference::integers<TestType>(6 * columns, 2);
    const auto bias = reference::integers<TestType>(columns, 3);
    const auto panel =
        scratch.get<kernels::WeightPanels, TestType>(kernels::packed_size<TestType>(6, columns));
    kernels::pack_panels(weights.data(), Index{6}, Index{columns}, panel.data());
    for (int pixels = 0; pixels <= 30; ++pixels) {
      const bool biased = pixels % 2 == 0;
      const Index stride = wide + 3;
      Fenced<TestType> found{30 * stride, TestType{99}};
      kernels::dense_tile<TestType>(input.data(), patch, panel.data(),
                                    biased ? bias.data() : nullptr, pixels,
                                    {found.data(), stride, columns});
      std::vector<double> expected(at(30 * stride), 99.0);
      for (Index pixel = 0; pixel < pixels; ++pixel)
        for (Index column = 0; column < columns; ++column) {
          double sum = biased ? static_cast<double>(bias[at(column)]) : 0.0;
          for (Index row = 0; row < 6; ++row)
            sum += static_cast<double>(input[at(row / 3 * 40 + row % 3 + pixel * 2)]) *
                   static_cast<double>(weights[at(row * columns + column)]);
          expected[at(pixel * stride + column)] = sum;
        }
      CAPTURE(columns, pixels);
      CHECK(reference::differences(found.inside(), expected) == 0);
      CHECK(found.intact());
    }
  }
}

TEMPLATE_TEST_CASE("Dense weight gradients sum over frames, rows and columns of places",
                   "[kernels]", float, double) {
  kernels::Places places;
  places.frames = 2;
  places.rows = 3;
  places.columns = 4;
  places.input_frame = 150;
  places.input_row = 40;
  places.input_column = 7;
  places.gradient_frame = 2000;
  places.gradient_row = 600;
  places.gradient_column = 140;
  const auto input = reference::integers<TestType>(400, 1);
  const auto slopes = reference::integers<TestType>(4000, 2);
  for (const Index run : {1, 5, 6, 7, 13}) {
    for (const Index columns : {1, 16, 33, 130}) {
      CAPTURE(run, columns);
      Fenced<TestType> found{run * columns, TestType{5}};
      kernels::dense_weight_gradient(input.data(), slopes.data(), places, run, columns,
                                     found.data());
      std::vector<double> expected(at(run * columns), 5.0);
      for (Index frame = 0; frame < 2; ++frame)
        for (Index row = 0; row < 3; ++row)
          for (Index column = 0; column < 4; ++column)
            for (Index r = 0; r < run; ++r)
              for (Index c = 0; c < columns; ++c)
                expected[at(r * columns + c)] +=
                    static_cast<double>(input[at(frame * 150 + row * 40 + column * 7 + r)]) *
                    static_cast<double>(slopes[at(frame * 2000 + row * 600 + column * 140 + c)]);
      CHECK(reference::differences(found.inside(), expected) == 0);
      CHECK(found.intact());
    }
  }
}

TEMPLATE_TEST_CASE("The direct input gradient is what the definition says for any kernel",
                   "[kernels]", float, double) {
  for (const int kernel : {1, 2, 3, 5}) {
    for (const int stride : {1, 2}) {
      const auto geometry =
          reference::convolution({kernel + 1, kernel + 2, 18}, 19, kernel, stride, kernel / 2);
      CAPTURE(kernel, stride);
      const auto weights = reference::integers<TestType>(geometry.weight_rows() * 19, 1);
      const auto slopes = reference::integers<TestType>(2 * geometry.out.size(), 2);
      const auto plane = reference::on_plane(geometry, 2, slopes);
      Scratch scratch;
      const auto turned = scratch.get<kernels::TurnedWeights, TestType>(
          kernels::packed_size<TestType>(Index{kernel} * kernel * 19, geometry.in.channels));
      kernels::pack_transposed_panels(weights.data(), geometry, turned.data());
      Fenced<TestType> found{2 * geometry.in.size()};
      kernels::conv_input_gradient(plane.data(), static_cast<const TestType*>(turned.data()),
                                   geometry, Index{2}, found.data());
      CHECK(found.intact());
      CHECK(reference::differences(found.inside(),
                                   reference::input_gradient(geometry, 2, weights, slopes)) == 0);
    }
  }
}

TEMPLATE_TEST_CASE("As many registers are taken as the columns need", "[kernels]", float, double) {
  constexpr int width = lanes::width<TestType>;
  for (int columns = 1; columns <= 4 * width; ++columns) {
    int registers = 0;
    kernels::detail::with_registers<TestType>(
        columns, [&](auto count) { registers = decltype(count)::value; });
    CHECK(registers * width >= columns);
    CHECK((registers - 1) * width < columns);
  }
}

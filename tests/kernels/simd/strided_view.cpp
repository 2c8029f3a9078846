#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/simd/strided_view.hpp>

using namespace snnbd;
using namespace snnbd::kernels;

TEST_CASE("A field of a signal finds each value where the signal has it", "[kernels]") {
  const Shape shape{3, 4, 5};
  const Index steps = 2;
  std::vector<float> values(2 * 2 * 60);
  std::iota(values.begin(), values.end(), 0.0F);
  const RealView<float> signal{values.data(), {2, steps}, shape};
  const Field<float> field = field_of(values.data(), shape, steps, Index{shape.channels});
  for (Index sample = 0; sample < 2; ++sample)
    for (Index step = 0; step < steps; ++step)
      for (Index y = 0; y < 3; ++y)
        for (Index x = 0; x < 4; ++x) {
          const Track<float> row = field.row(sample, y, 2);
          REQUIRE(row.at(step, x) == signal.frame(sample, step) + (y * 4 + x) * 5 + 2);
        }
  const Field<const float> constant = field;
  CHECK(constant.row(1, 2, 0).at(1, 3)[4] == 239.0F);
}

TEST_CASE("A signal of one step is the same at each step", "[kernels]") {
  std::vector<double> values(12);
  const auto field = field_of(values.data(), Shape{2, 3, 2}, 1, 2);
  CHECK(field.row(0, 1, 0).at(0, 2) == field.row(0, 1, 0).at(7, 2));
}

TEST_CASE("A row of no field is no track", "[kernels]") {
  CHECK(Field<float>{nullptr, 4, 3, 2, 1}.row(5, 6, 7).data == nullptr);
}

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/count_gradient.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>

#include "../../core/keep_threads.hpp"
#include "../counts.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::Fenced;

namespace {

/// A gradient that held 3 everywhere, after `add` added to it.
template <class Scalar, class Add>
std::vector<Scalar> added(Index count, const Add& add) {
  Fenced<Scalar> gradient{count, Scalar{3}};
  add(gradient.data());
  CHECK(gradient.intact());
  return {gradient.inside().begin(), gradient.inside().end()};
}

template <class Scalar>
std::vector<double> plus_three(std::vector<double> values) {
  for (double& value : values) value += 3.0;
  return values;
}

template <class Scalar>
void check(const reference::Case& given) {
  const kernels::ConvGeometry& geometry = given.geometry;
  INFO(to_string(geometry.in) << " to " << to_string(geometry.out) << ", kernel "
                              << geometry.kernel_height << ", stride " << geometry.stride
                              << ", padding " << geometry.padding << ", share " << given.density);
  const Index frames = given.extent.frames();
  const Index columns = geometry.out.channels;
  const auto values = reference::counts<Scalar>(frames * geometry.in.size(), given.density, 5);
  const RealView<const Scalar> view{values.data(), given.extent, geometry.in};
  const kernels::CountView<Scalar> counts{view};
  Scratch scratch;
  {
    // Values that are not whole show the order of sums.
    const auto plane = reference::on_plane(
        geometry, frames, reference::noise<Scalar>(frames * geometry.out.size(), 6));
    const auto of = [&](const auto& add) {
      return added<Scalar>(geometry.weight_rows() * columns,
                           [&](Scalar* gradient) { add(plane.data(), gradient); });
    };
    const auto multiplied = of([&](const Scalar* slopes, Scalar* gradient) {
      kernels::conv_weight_gradient<Scalar>(view, geometry, slopes, scratch, gradient);
    });
    CHECK(reference::differences(of([&](const Scalar* slopes, Scalar* gradient) {
                                   kernels::count_weight_gradient<Scalar>(counts, geometry, slopes,
                                                                          scratch, gradient);
                                 }),
                                 multiplied) == 0);
    CHECK(reference::differences(of([&](const Scalar* slopes, Scalar* gradient) {
                                   kernels::conv_weight_gradient<Scalar>(counts, geometry, slopes,
                                                                         scratch, gradient);
                                 }),
                                 multiplied) == 0);
  }
  {
    const auto slopes = reference::integers<Scalar>(frames * geometry.out.size(), 6);
    const auto plane = reference::on_plane(geometry, frames, slopes);
    const auto found = added<Scalar>(geometry.weight_rows() * columns, [&](Scalar* gradient) {
      kernels::count_weight_gradient<Scalar>(counts, geometry, plane.data(), scratch, gradient);
    });
    CHECK(reference::differences(found, plus_three<Scalar>(reference::weight_gradient(
                                            geometry, frames, values, slopes))) == 0);
  }
  {
    const auto slopes = reference::noise<Scalar>(frames * columns, 9);
    const auto of = [&](const auto& add) {
      return added<Scalar>(geometry.in.size() * columns,
                           [&](Scalar* gradient) { add(slopes.data(), columns, gradient); });
    };
    const auto multiplied = of([&](const Scalar* rows, Index count, Scalar* gradient) {
      kernels::connect_weight_gradient<Scalar>(view, rows, count, scratch, gradient);
    });
    CHECK(reference::differences(of([&](const Scalar* rows, Index count, Scalar* gradient) {
                                   kernels::count_connect_weight_gradient<Scalar>(counts, rows,
                                                                                  count, gradient);
                                 }),
                                 multiplied) == 0);
    CHECK(reference::differences(of([&](const Scalar* rows, Index count, Scalar* gradient) {
                                   kernels::connect_weight_gradient<Scalar>(counts, rows, count,
                                                                            scratch, gradient);
                                 }),
                                 multiplied) == 0);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("Counts give the weight gradient of their dense products to the last bit",
                   "[kernels]", float, double) {
  for (const reference::Case& given : reference::count_cases()) check<TestType>(given);
}

TEST_CASE("Groups of samples and threads do not change the gradient of counts", "[kernels]") {
  // More values than a group of samples has.
  const auto geometry = reference::convolution({40, 40, 2}, 5, 3, 1, 1);
  const Extent extent{310, 1};
  const auto values = reference::counts<float>(extent.frames() * geometry.in.size(), 0.02, 5);
  const kernels::CountView<float> counts{{values.data(), extent, geometry.in}};
  const auto plane = reference::on_plane(
      geometry, extent.frames(), reference::noise<float>(extent.frames() * geometry.out.size(), 6));
  const auto of = [&](int threads, const auto& view) {
    const snnbd_tests::KeepThreads keep;
    set_thread_count(threads);
    Scratch scratch;
    return added<float>(geometry.weight_rows() * 5, [&](float* gradient) {
      kernels::conv_weight_gradient<float>(view, geometry, plane.data(), scratch, gradient);
    });
  };
  const auto multiplied = of(2, counts.values);
  CHECK(reference::differences(of(1, counts), multiplied) == 0);
  CHECK(reference::differences(of(3, counts), multiplied) == 0);
}

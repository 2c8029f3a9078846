#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/count_forward.hpp>
#include <snnbd/kernels/neuron/fused_scan.hpp>

#include "../../core/keep_threads.hpp"
#include "../counts.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::Fenced;

namespace {

/// What `make(weights, sink)` gives as currents, written to memory.
template <class Scalar, class Make>
std::vector<Scalar> currents(const reference::Values<Scalar>& weights, const Scalar* bias,
                             Index rows, const Extent& extent, const Shape& out, const Make& make) {
  Fenced<Scalar> found{extent.frames() * out.size()};
  make(kernels::Weights<Scalar>{weights.data(), bias, rows, Index{out.channels}},
       kernels::TileWriter<Scalar>{{found.data(), extent, out}});
  CHECK(found.intact());
  return {found.inside().begin(), found.inside().end()};
}

/// Values that are not whole show the order of sums.
template <class Scalar>
void check(const kernels::ConvGeometry& geometry, const Extent& extent, double share, bool biased) {
  INFO(to_string(geometry.in) << " to " << to_string(geometry.out) << ", kernel "
                              << geometry.kernel_height << ", stride " << geometry.stride
                              << ", padding " << geometry.padding << ", share " << share);
  const Shape out = geometry.out;
  const auto values = reference::counts<Scalar>(extent.frames() * geometry.in.size(), share, 5);
  const auto bias = reference::noise<Scalar>(out.channels, 8);
  const Scalar* const offset = biased ? bias.data() : nullptr;
  const RealView<const Scalar> view{values.data(), extent, geometry.in};
  Scratch scratch;
  {
    const auto weights = reference::noise<Scalar>(geometry.weight_rows() * out.channels, 7);
    const auto of = [&](const auto& convolve) {
      return currents<Scalar>(weights, offset, geometry.weight_rows(), extent, out,
                              [&](const auto& layer, const auto& sink) {
                                convolve(view, geometry, layer, scratch, sink);
                              });
    };
    const auto multiplied =
        of([](auto&... given) { kernels::detail::multiply_frames<Scalar>(given...); });
    CHECK(reference::differences(
              of([](auto&... given) { kernels::detail::convolve_counts<Scalar>(given...); }),
              multiplied) == 0);
    CHECK(reference::differences(of([](const auto& in, auto&... given) {
                                   kernels::convolve<Scalar>(kernels::CountView<Scalar>{in},
                                                             given...);
                                 }),
                                 multiplied) == 0);
    const double tolerance = (std::is_same_v<Scalar, float> ? 1e-6 : 1e-14) *
                             static_cast<double>(geometry.weight_rows());
    CHECK(reference::differences(
              multiplied, reference::convolve(geometry, extent.frames(), values, weights, offset),
              tolerance) == 0);
  }
  {
    const auto weights = reference::noise<Scalar>(geometry.in.size() * out.channels, 6);
    const Shape line{1, 1, out.channels};
    const auto of = [&](const auto& connect) {
      return currents<Scalar>(
          weights, offset, geometry.in.size(), extent, line,
          [&](const auto& layer, const auto& sink) { connect(view, layer, scratch, sink); });
    };
    const auto multiplied = of([](auto&... given) { kernels::connect<Scalar>(given...); });
    CHECK(reference::differences(
              of([](auto&... given) { kernels::detail::connect_counts<Scalar>(given...); }),
              multiplied) == 0);
    CHECK(reference::differences(of([](const auto& in, auto&... given) {
                                   kernels::connect<Scalar>(kernels::CountView<Scalar>{in},
                                                            given...);
                                 }),
                                 multiplied) == 0);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("Counts give the bits of their dense products, whatever their density",
                   "[kernels]", float, double) {
  bool biased = false;
  for (const reference::Case& given : reference::count_cases())
    check<TestType>(given.geometry, given.extent, given.density, biased = !biased);
}

TEST_CASE("Rows of counts that are cut into tiles give the same", "[kernels]") {
  // 60 steps of 64 channels: tiles of 17 pixels.
  check<float>(reference::convolution({3, 40, 2}, 70, 3, 1, 1), {1, 60}, 0.1, true);
  check<float>(reference::convolution({5, 83, 2}, 64, 5, 2, 1), {1, 60}, 0.1, false);
}

TEST_CASE("Threads do not change what counts give", "[kernels]") {
  const auto geometry = reference::convolution({17, 17, 2}, 48, 3, 1, 1);
  const Extent extent{5, 3};
  const auto values = reference::counts<float>(extent.frames() * geometry.in.size(), 0.05, 5);
  const auto weights = reference::noise<float>(geometry.weight_rows() * geometry.out.channels, 7);
  const auto run = [&](int threads) {
    const snnbd_tests::KeepThreads keep;
    set_thread_count(threads);
    Scratch scratch;
    return currents<float>(weights, nullptr, geometry.weight_rows(), extent, geometry.out,
                           [&](const auto& layer, const auto& sink) {
                             kernels::convolve<float>(
                                 kernels::CountView<float>{{values.data(), extent, geometry.in}},
                                 geometry, layer, scratch, sink);
                           });
  };
  CHECK(reference::differences(run(1), run(3)) == 0);
}

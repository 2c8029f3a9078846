#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/live_gradient.hpp>

#include "reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

/// The naive gradient at the live units and exactly 0 elsewhere.
std::vector<double> where_live(std::vector<double> gradient, const reference::SpikeBatch& live) {
  for (std::size_t i = 0; i < gradient.size(); ++i)
    if (live.fired()[i] == 0) gradient[i] = 0.0;
  return gradient;
}

template <class Scalar>
void check_convolution(const reference::Case& given) {
  const auto& geometry = given.geometry;
  INFO(to_string(geometry.in) << " to " << to_string(geometry.out) << ", kernel "
                              << geometry.kernel_height << ", stride " << geometry.stride
                              << ", padding " << geometry.padding << ", live " << given.density);
  const Index frames = given.extent.frames();
  const reference::SpikeBatch live{given.extent, geometry.in, given.density, 5};
  const auto slopes = reference::integers<Scalar>(frames * geometry.out.size(), 6);
  const auto plane = reference::on_plane(geometry, frames, slopes);
  const auto weights =
      reference::integers<Scalar>(geometry.weight_rows() * geometry.out.channels, 7);
  Fenced<Scalar> back{frames * geometry.in.size()};
  kernels::live_conv_input_gradient(plane.data(), weights.data(), geometry, live.view(),
                                    back.data());
  CHECK(back.intact());
  const auto whole = reference::input_gradient(geometry, frames, weights, slopes);
  CHECK(reference::differences(back.inside(), where_live(whole, live)) == 0);
}

template <class Scalar>
void check_connection(const reference::Case& given) {
  const Shape in = given.geometry.in;
  const Index frames = given.extent.frames();
  const Index outputs = given.geometry.out.channels;
  INFO(to_string(in) << " to " << outputs << ", live " << given.density);
  const kernels::ConvGeometry whole{{1, 1, static_cast<int>(in.size())},
                                    {1, 1, static_cast<int>(outputs)}};
  const reference::SpikeBatch live{given.extent, in, given.density, 5};
  const auto slopes = reference::integers<Scalar>(frames * outputs, 6);
  const auto weights = reference::integers<Scalar>(in.size() * outputs, 7);
  Fenced<Scalar> back{frames * in.size()};
  kernels::live_connect_input_gradient(slopes.data(), weights.data(), live.view(), outputs,
                                       back.data());
  CHECK(back.intact());
  CHECK(reference::differences(
            back.inside(),
            where_live(reference::input_gradient(whole, frames, weights, slopes), live)) == 0);
}

double largest(const std::vector<double>& values) {
  double result = 0.0;
  for (const double value : values) result = std::max(result, std::abs(value));
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("Input gradients of convolutions at live units are what the definition says",
                   "[kernels]", float, double) {
  for (const auto& given : reference::cases()) check_convolution<TestType>(given);
}

TEMPLATE_TEST_CASE("Input gradients of dense layers at live units are what the definition says",
                   "[kernels]", float, double) {
  for (const auto& given : reference::cases()) check_connection<TestType>(given);
}

TEST_CASE("Live units in more pixels and frames than one block takes are all served", "[kernels]") {
  check_convolution<float>({reference::convolution({13, 11, 66}, 7, 3, 2, 1), {3, 3}, 0.1});
  check_connection<float>({reference::convolution({1, 2, 3}, 5, 1, 1, 0), {700, 2}, 0.1});
}

TEST_CASE("Gradients at live units differ from those at all by rounding only", "[kernels]") {
  const Extent extent{2, 3};
  for (const auto& geometry : {reference::convolution({6, 7, 70}, 90, 3, 1, 1),
                               reference::convolution({7, 6, 33}, 17, 5, 2, 2),
                               reference::convolution({4, 4, 5}, 130, 1, 1, 0)}) {
    INFO(to_string(geometry.in));
    const Index frames = extent.frames();
    const reference::SpikeBatch live{extent, geometry.in, 0.3, 5};
    const auto slopes = reference::noise<double>(frames * geometry.out.size(), 6);
    const auto plane = reference::on_plane(geometry, frames, slopes);
    const auto weights =
        reference::noise<double>(geometry.weight_rows() * geometry.out.channels, 7);
    std::vector<double> found(at(frames * geometry.in.size() + spare_values));
    kernels::live_conv_input_gradient(plane.data(), weights.data(), geometry, live.view(),
                                      found.data());
    const auto expected =
        where_live(reference::input_gradient(geometry, frames, weights, slopes), live);
    CHECK(reference::differences(found, expected, 1e-12 * largest(expected)) == 0);
    const bool silent_are_zero = std::all_of(
        live.fired().begin(), live.fired().end(), [&, unit = std::size_t{0}](int fired) mutable {
          const double value = found[unit++];
          return fired != 0 || (value == 0.0 && !std::signbit(value));
        });
    CHECK(silent_are_zero);
  }
}

TEST_CASE("Few live units get gradients of their own and many those of everybody", "[kernels]") {
  const Extent extent{3, 2};
  const auto geometry = reference::convolution({5, 4, 40}, 20, 3, 1, 1);
  const kernels::ConvGeometry whole{{1, 1, 800}, {1, 1, 20}};
  const Index frames = extent.frames();
  const auto slopes = reference::integers<float>(frames * geometry.out.size(), 6);
  const auto plane = reference::on_plane(geometry, frames, slopes);
  const auto weights = reference::integers<float>(geometry.weight_rows() * 20, 7);
  const auto dense_weights = reference::integers<float>(whole.weight_rows() * 20, 8);
  const auto everywhere = reference::input_gradient(geometry, frames, weights, slopes);
  const auto connected = reference::input_gradient(whole, frames, dense_weights, slopes);
  for (const double change : {-0.1, 0.1}) {
    const reference::SpikeBatch spikes{extent, geometry.in,
                                       kernels::dense_input_from_density + change, 5};
    for (const bool marked : {true, false}) {
      SpikeView<const Word> live = spikes.view();
      if (!marked) live.words = nullptr;
      const bool few = marked && change < 0;
      Scratch scratch;
      Fenced<float> back{frames * geometry.in.size()};
      kernels::conv_input_gradient(plane.data(), weights.data(), geometry, live, scratch,
                                   back.data());
      CHECK(reference::differences(back.inside(),
                                   few ? where_live(everywhere, spikes) : everywhere) == 0);
      kernels::connect_input_gradient(slopes.data(), dense_weights.data(), live, Index{20},
                                      back.data());
      CHECK(reference::differences(back.inside(),
                                   few ? where_live(connected, spikes) : connected) == 0);
      CHECK(back.intact());
    }
  }
}

TEST_CASE("Gradients at live units have the same bytes for any number of threads", "[kernels]") {
  const int before = thread_count();
  const Extent extent{4, 3};
  const auto geometry = reference::convolution({9, 8, 133}, 37, 3, 1, 1);
  const auto slopes = reference::noise<float>(extent.frames() * geometry.out.size(), 1);
  const auto plane = reference::on_plane(geometry, extent.frames(), slopes);
  const auto weights = reference::noise<float>(geometry.weight_rows() * 37, 3);
  const reference::SpikeBatch live{extent, geometry.in, 0.1, 2};
  const auto with = [&](int threads) {
    set_thread_count(threads);
    std::vector<float> result(at(extent.frames() * geometry.in.size()));
    kernels::live_conv_input_gradient(plane.data(), weights.data(), geometry, live.view(),
                                      result.data());
    return result;
  };
  const auto alone = with(1);
  CHECK(alone == with(2));
  CHECK(alone == with(3));
  set_thread_count(before);
}

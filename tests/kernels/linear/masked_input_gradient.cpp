#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/masked_input_gradient.hpp>

#include "../../core/keep_threads.hpp"
#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

/// The naive gradient at the masked units and exactly 0 elsewhere.
std::vector<double> masked(std::vector<double> gradient, const reference::SpikeBatch& mask) {
  for (std::size_t i = 0; i < gradient.size(); ++i)
    if (mask.fired()[i] == 0) gradient[i] = 0.0;
  return gradient;
}

template <class Scalar>
void check_convolution(const reference::Case& given) {
  const auto& geometry = given.geometry;
  INFO(to_string(geometry.in) << " to " << to_string(geometry.out) << ", kernel "
                              << geometry.kernel_height << ", stride " << geometry.stride
                              << ", padding " << geometry.padding << ", mask " << given.density);
  const Index frames = given.extent.frames();
  const reference::SpikeBatch mask{given.extent, geometry.in, given.density, 5};
  const auto slopes = reference::integers<Scalar>(frames * geometry.out.size(), 6);
  const auto plane = reference::on_plane(geometry, frames, slopes);
  const auto weights =
      reference::integers<Scalar>(geometry.weight_rows() * geometry.out.channels, 7);
  Fenced<Scalar> back{frames * geometry.in.size()};
  kernels::masked_conv_input_gradient(plane.data(), weights.data(), geometry, mask.view(),
                                      back.data());
  CHECK(back.intact());
  const auto whole = reference::input_gradient(geometry, frames, weights, slopes);
  CHECK(reference::differences(back.inside(), masked(whole, mask)) == 0);
}

template <class Scalar>
void check_connection(const reference::Case& given) {
  const Shape in = given.geometry.in;
  const Index frames = given.extent.frames();
  const Index outputs = given.geometry.out.channels;
  INFO(to_string(in) << " to " << outputs << ", mask " << given.density);
  const kernels::ConvGeometry whole{{1, 1, static_cast<int>(in.size())},
                                    {1, 1, static_cast<int>(outputs)}};
  const reference::SpikeBatch mask{given.extent, in, given.density, 5};
  const auto slopes = reference::integers<Scalar>(frames * outputs, 6);
  const auto weights = reference::integers<Scalar>(in.size() * outputs, 7);
  Fenced<Scalar> back{frames * in.size()};
  kernels::masked_connect_input_gradient(slopes.data(), weights.data(), mask.view(), outputs,
                                         back.data());
  CHECK(back.intact());
  CHECK(reference::differences(
            back.inside(),
            masked(reference::input_gradient(whole, frames, weights, slopes), mask)) == 0);
}

double largest(const std::vector<double>& values) {
  double result = 0.0;
  for (const double value : values) result = std::max(result, std::abs(value));
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("Input gradients of convolutions at mask units are what the definition says",
                   "[kernels]", float, double) {
  for (const auto& given : reference::cases()) check_convolution<TestType>(given);
}

TEMPLATE_TEST_CASE("Input gradients of dense layers at mask units are what the definition says",
                   "[kernels]", float, double) {
  for (const auto& given : reference::cases()) check_connection<TestType>(given);
}

TEST_CASE("Live units in more pixels and frames than one block takes are all served", "[kernels]") {
  check_convolution<float>({reference::convolution({13, 11, 66}, 7, 3, 2, 1), {3, 3}, 0.1});
  check_connection<float>({reference::convolution({1, 2, 3}, 5, 1, 1, 0), {700, 2}, 0.1});
}

TEST_CASE("Gradients at mask units differ from those at all by rounding only", "[kernels]") {
  const Extent extent{2, 3};
  for (const auto& geometry : {reference::convolution({6, 7, 70}, 90, 3, 1, 1),
                               reference::convolution({7, 6, 33}, 17, 5, 2, 2),
                               reference::convolution({4, 4, 5}, 130, 1, 1, 0)}) {
    INFO(to_string(geometry.in));
    const Index frames = extent.frames();
    const reference::SpikeBatch mask{extent, geometry.in, 0.3, 5};
    const auto slopes = reference::noise<double>(frames * geometry.out.size(), 6);
    const auto plane = reference::on_plane(geometry, frames, slopes);
    const auto weights =
        reference::noise<double>(geometry.weight_rows() * geometry.out.channels, 7);
    std::vector<double> found(at(frames * geometry.in.size() + spare_values));
    kernels::masked_conv_input_gradient(plane.data(), weights.data(), geometry, mask.view(),
                                        found.data());
    const auto expected =
        masked(reference::input_gradient(geometry, frames, weights, slopes), mask);
    CHECK(reference::differences(found, expected, 1e-12 * largest(expected)) == 0);
    const bool silent_are_zero = std::all_of(
        mask.fired().begin(), mask.fired().end(), [&, unit = std::size_t{0}](int fired) mutable {
          const double value = found[unit++];
          return fired != 0 || (value == 0.0 && !std::signbit(value));
        });
    CHECK(silent_are_zero);
  }
}

TEST_CASE("Few mask units get gradients of their own and many those of everybody", "[kernels]") {
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
      SpikeView<const Word> mask = spikes.view();
      if (!marked) mask.words = nullptr;
      const bool few = marked && change < 0;
      Scratch scratch;
      Fenced<float> back{frames * geometry.in.size()};
      kernels::conv_input_gradient(plane.data(), weights.data(), geometry, mask, scratch,
                                   back.data());
      CHECK(reference::differences(back.inside(), few ? masked(everywhere, spikes) : everywhere) ==
            0);
      kernels::connect_input_gradient(slopes.data(), dense_weights.data(), mask, Index{20},
                                      back.data());
      CHECK(reference::differences(back.inside(), few ? masked(connected, spikes) : connected) ==
            0);
      CHECK(back.intact());
    }
  }
}

TEST_CASE("Gradients at mask units have the same bytes for any number of threads", "[kernels]") {
  const snnbd_tests::KeepThreads keep_threads;
  const Extent extent{4, 3};
  const auto geometry = reference::convolution({9, 8, 133}, 37, 3, 1, 1);
  const auto slopes = reference::noise<float>(extent.frames() * geometry.out.size(), 1);
  const auto plane = reference::on_plane(geometry, extent.frames(), slopes);
  const auto weights = reference::noise<float>(geometry.weight_rows() * 37, 3);
  const reference::SpikeBatch mask{extent, geometry.in, 0.1, 2};
  const auto with = [&](int threads) {
    set_thread_count(threads);
    std::vector<float> result(at(extent.frames() * geometry.in.size()));
    kernels::masked_conv_input_gradient(plane.data(), weights.data(), geometry, mask.view(),
                                        result.data());
    return result;
  };
  const auto alone = with(1);
  CHECK(alone == with(2));
  CHECK(alone == with(3));
}

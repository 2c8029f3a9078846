#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>

#include "../../core/keep_threads.hpp"
#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::Fenced;

namespace {

/// What `add` adds to a gradient that holds 3 everywhere, less the 3.
template <class Scalar, class Add>
std::vector<Scalar> added(Index count, const Add& add) {
  Fenced<Scalar> gradient{count, Scalar{3}};
  add(gradient.data());
  CHECK(gradient.intact());
  std::vector<Scalar> result;
  for (const Scalar value : gradient.inside()) result.push_back(value - Scalar{3});
  return result;
}

template <class Scalar>
void check_convolution(const reference::Case& given) {
  const auto& geometry = given.geometry;
  INFO(to_string(geometry.in) << " to " << to_string(geometry.out) << ", kernel "
                              << geometry.kernel_height << ", stride " << geometry.stride
                              << ", padding " << geometry.padding << ", density " << given.density);
  const Index frames = given.extent.frames();
  const Index outputs = geometry.out.channels;
  const reference::SpikeBatch spikes{given.extent, geometry.in, given.density, 5, 0.5F};
  const auto values = spikes.values<Scalar>();
  const auto slopes = reference::integers<Scalar>(frames * geometry.out.size(), 6);
  const auto plane = reference::on_plane(geometry, frames, slopes);
  const auto expected = reference::weight_gradient(geometry, frames, values, slopes);
  Scratch scratch;
  const auto of = [&](const auto& view) {
    return added<Scalar>(geometry.weight_rows() * outputs, [&](Scalar* gradient) {
      kernels::conv_weight_gradient<Scalar>(view, geometry, plane.data(), scratch, gradient);
    });
  };
  CHECK(reference::differences(of(spikes.view()), expected) == 0);
  CHECK(reference::differences(of(RealView<const Scalar>{values.data(), given.extent, geometry.in}),
                               expected) == 0);

  const auto weights = reference::integers<Scalar>(geometry.weight_rows() * outputs, 7);
  Fenced<Scalar> back{frames * geometry.in.size()};
  kernels::conv_input_gradient(plane.data(), weights.data(), geometry, frames, scratch,
                               back.data());
  CHECK(back.intact());
  CHECK(reference::differences(back.inside(),
                               reference::input_gradient(geometry, frames, weights, slopes)) == 0);
}

template <class Scalar>
void check_connection(const reference::Case& given) {
  const Shape in = given.geometry.in;
  const Index frames = given.extent.frames();
  const Index outputs = given.geometry.out.channels;
  INFO(to_string(in) << " to " << outputs << ", density " << given.density);
  const kernels::ConvGeometry whole{{1, 1, static_cast<int>(in.size())},
                                    {1, 1, static_cast<int>(outputs)}};
  const reference::SpikeBatch spikes{given.extent, in, given.density, 5, 0.5F};
  const auto values = spikes.values<Scalar>();
  const auto slopes = reference::integers<Scalar>(frames * outputs, 6);
  const auto expected = reference::weight_gradient(whole, frames, values, slopes);
  Scratch scratch;
  const auto of = [&](const auto& view) {
    return added<Scalar>(in.size() * outputs, [&](Scalar* gradient) {
      kernels::connect_weight_gradient<Scalar>(view, slopes.data(), outputs, scratch, gradient);
    });
  };
  CHECK(reference::differences(of(spikes.view()), expected) == 0);
  CHECK(reference::differences(of(RealView<const Scalar>{values.data(), given.extent, in}),
                               expected) == 0);

  const auto weights = reference::integers<Scalar>(in.size() * outputs, 7);
  Fenced<Scalar> back{frames * in.size()};
  kernels::connect_input_gradient(slopes.data(), weights.data(), frames, in.size(), outputs,
                                  back.data());
  CHECK(back.intact());
  CHECK(reference::differences(back.inside(),
                               reference::input_gradient(whole, frames, weights, slopes)) == 0);
}

}  // namespace

TEMPLATE_TEST_CASE("Gradients of convolutions are what the definition says", "[kernels]", float,
                   double) {
  for (const auto& given : reference::cases()) check_convolution<TestType>(given);
}

TEMPLATE_TEST_CASE("Gradients of dense layers are what the definition says", "[kernels]", float,
                   double) {
  for (const auto& given : reference::cases()) check_connection<TestType>(given);
}

TEST_CASE("Input gradients of dense layers of many columns are summed over all of them",
          "[kernels]") {
  const Shape in{1, 2, 35};
  const kernels::ConvGeometry whole{{1, 1, 70}, {1, 1, 2500}};
  const Index frames = 5;
  const auto slopes = reference::integers<float>(frames * 2500, 6);
  const auto weights = reference::integers<float>(in.size() * 2500, 7);
  Fenced<float> back{frames * in.size()};
  kernels::connect_input_gradient(slopes.data(), weights.data(), frames, in.size(), Index{2500},
                                  back.data());
  CHECK(back.intact());
  CHECK(reference::differences(back.inside(),
                               reference::input_gradient(whole, frames, weights, slopes)) == 0);
}

TEST_CASE("Weight gradients are alike on both sides of the density at which the kernel changes",
          "[kernels]") {
  const Extent extent{3, 2};
  const Shape in{5, 4, 40};
  for (const double change : {-0.1, 0.1}) {
    const double density = kernels::dense_gradient_from_density + change;
    const reference::SpikeBatch spikes{extent, in, density, 5, 0.5F};
    REQUIRE(kernels::detail::is_sparse_for_gradient(spikes.view()) == (change < 0));
    check_convolution<float>({reference::convolution(in, 20, 3, 1, 1), extent, density});
    check_connection<float>({reference::convolution(in, 20, 3, 1, 1), extent, density});
  }
}

TEST_CASE("Gradients of batches that are listed and padded in several groups are whole",
          "[kernels]") {
  const Extent extent{3, 40};
  const Shape in{14, 14, 64};
  REQUIRE(kernels::detail::group_size(extent.steps * in.size(), extent.samples) == 2);
  for (const double density : {0.02, 0.7})
    check_convolution<float>({reference::convolution(in, 2, 1, 2, 0), extent, density});
}

TEST_CASE("More frames than one list of a dense layer holds are all counted", "[kernels]") {
  for (const double density : {0.1, 0.5})
    check_connection<float>({reference::convolution({1, 2, 3}, 5, 1, 1, 0), {700, 3}, density});
}

TEMPLATE_TEST_CASE("Sums of columns add every row to what is there", "[kernels]", float, double) {
  for (const Index columns : {1, 10, 33, 130}) {
    CAPTURE(columns);
    const auto values = reference::integers<TestType>(21 * columns, 1);
    std::vector<double> expected(reference::at(columns));
    for (std::size_t i = 0; i < reference::at(21 * columns); ++i)
      expected[i % expected.size()] += static_cast<double>(values[i]);
    const auto found = added<TestType>(columns, [&](TestType* gradient) {
      kernels::sum_columns(values.data(), Index{21}, columns, gradient);
    });
    CHECK(reference::differences(found, expected) == 0);
  }
}

TEST_CASE("Gradients have the same bytes for any number of threads", "[kernels]") {
  const snnbd_tests::KeepThreads keep_threads;
  const Extent extent{4, 3};
  const auto geometry = reference::convolution({9, 8, 33}, 37, 3, 1, 1);
  const auto slopes = reference::noise<float>(extent.frames() * geometry.out.size(), 1);
  const auto plane = reference::on_plane(geometry, extent.frames(), slopes);
  for (const double density : {0.1, 0.9}) {
    const reference::SpikeBatch spikes{extent, geometry.in, density, 2};
    const auto with = [&](int threads) {
      set_thread_count(threads);
      Scratch scratch;
      return added<float>(geometry.weight_rows() * 37, [&](float* gradient) {
        kernels::conv_weight_gradient<float>(spikes.view(), geometry, plane.data(), scratch,
                                             gradient);
      });
    };
    const auto alone = with(1);
    CHECK(alone == with(2));
    CHECK(alone == with(3));
  }
}

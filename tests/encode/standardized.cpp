#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/cifar10.hpp>
#include <snnbd/data/mnist.hpp>
#include <snnbd/encode/standardized.hpp>

#include "../core/keep_threads.hpp"
#include "../data/real_data.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using encode::Standardized;

namespace {

/// What `Standardized` looks at of a set.
struct Two {
  static constexpr Shape shape{2, 3, 2};
  static constexpr std::array<float, 2> mean{0.5F, 0.25F};
  static constexpr std::array<float, 2> deviation{0.25F, 2.0F};
};
struct MeanOnly {
  static constexpr std::array<float, 2> mean{0.5F, 0.25F};
};
struct TooFew : Two {
  static constexpr std::array<float, 1> deviation{1.0F};
};

/// Real values at each step: the image times the number of the step.
struct Ramp {
  static constexpr std::string_view name = "ramp";
  template <Shape S>
  using Signal = Real<S>;

  template <class Scalar>
  void encode(RealView<const float> images, std::span<const std::uint64_t> sample_ids,
              RealView<Scalar> out, const encode::Steps& steps) const {
    encode::detail::check_views(images, sample_ids.size(), out.extent, out.shape);
    for (Index sample = 0; sample < out.extent.samples; ++sample)
      for (Index step = 0; step < out.extent.steps; ++step)
        for (Index value = 0; value < out.frame_size(); ++value)
          out.frame(sample, step)[value] = static_cast<Scalar>(images.frame(sample)[value]) *
                                           static_cast<Scalar>(steps.first + step);
  }
};

}  // namespace

static_assert(encode::Encoder<Standardized<data::Cifar10>>);
static_assert(encode::Encoder<Standardized<Two, Ramp>>);
static_assert(StaticSignal<Standardized<Two>::Signal<Shape{4, 4, 2}>>);
static_assert(RealSignal<Standardized<Two, Ramp>::Signal<Shape{4, 4, 2}>>);
static_assert(encode::ChannelStatistics<Two>);
static_assert(!encode::ChannelStatistics<MeanOnly>);
static_assert(!encode::ChannelStatistics<TooFew>);
static_assert(!encode::ChannelStatistics<data::Mnist>);

TEMPLATE_TEST_CASE("Each channel loses its mean and is divided by its deviation", "[encode]", float,
                   double) {
  const Shape shape{2, 3, 2};
  std::vector<float> images(36);
  for (std::size_t value = 0; value < 36; ++value)
    images[value] = static_cast<float>(value) / 32.0F;
  const auto given = images;
  const std::vector<std::uint64_t> ids{4, 5, 6};
  const snnbd_tests::KeepThreads keep_threads;
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    std::vector<TestType> out(36);
    Standardized<Two>{}.encode(RealView<const float>{images.data(), {3, 1}, shape}, ids,
                               RealView<TestType>{out.data(), {3, 1}, shape});
    for (std::size_t value = 0; value < 36; value += 2) {
      CHECK(out[value] == static_cast<TestType>((images[value] - 0.5F) / 0.25F));
      CHECK(out[value + 1] == static_cast<TestType>((images[value + 1] - 0.25F) / 2.0F));
    }
  }
  CHECK(images == given);
}

TEST_CASE("The inner encoder gets the standardized images, steps and all", "[encode]") {
  const Shape shape{1, 1, 2};
  const std::vector<float> images{1.0F, 0.25F, 0.0F, 4.25F};
  const std::vector<std::uint64_t> ids{0, 1};
  std::vector<float> out(12, -9.0F);
  Standardized<Two, Ramp>{}.encode(RealView<const float>{images.data(), {2, 1}, shape}, ids,
                                   RealView<float>{out.data(), {2, 3}, shape});
  CHECK(out == std::vector<float>{0, 0, 2, 0, 4, 0, 0, 0, -2, 2, -4, 4});
  Standardized<Two, Ramp>{}.encode(RealView<const float>{images.data(), {2, 1}, shape}, ids,
                                   RealView<float>{out.data(), {2, 1}, shape}, {2, 3});
  CHECK(std::vector<float>(out.begin(), out.begin() + 4) == std::vector<float>{4, 0, -4, 4});
}

TEST_CASE("Standardized refuses other channels, and what its inner encoder refuses", "[encode]") {
  std::vector<float> images(24);
  std::vector<float> room(24);
  const std::vector<std::uint64_t> ids{0, 1};
  const auto encode = [&](Extent from, Shape shape, Extent to) {
    Standardized<Two>{}.encode(RealView<const float>{images.data(), from, shape}, ids,
                               RealView<float>{room.data(), to, shape});
  };
  CHECK_NOTHROW(encode({2, 1}, {2, 3, 2}, {2, 1}));
  CHECK_NOTHROW(encode({2, 1}, {3, 2, 2}, {2, 1}));
  CHECK_THROWS_WITH(encode({2, 1}, {2, 2, 3}, {2, 1}),
                    Contains("images to standardize") && Contains("2 channels, found 3"));
  CHECK_THROWS_AS(encode({1, 1}, {2, 3, 2}, {2, 1}), Error);
  CHECK_THROWS_AS(encode({2, 1}, {2, 3, 2}, {2, 2}), Error);
}

TEST_CASE("Standardized training images of CIFAR-10 have mean 0 and deviation 1",
          "[encode][real]") {
  const std::string directory = snnbd_tests::real_data();
  if (directory.empty()) return;
  const data::Cifar10 train{data::Part::train, directory};
  constexpr std::size_t size = 3072;
  std::vector<float> image(size);
  std::vector<float> out(size);
  std::array<double, 3> sums{};
  std::array<double, 3> squares{};
  constexpr std::size_t samples = 10000;
  for (std::size_t index = 0; index < samples; ++index) {
    train.read(index, image);
    const std::vector<std::uint64_t> ids{index};
    Standardized<data::Cifar10>{}.encode(
        RealView<const float>{image.data(), {1, 1}, data::Cifar10::shape}, ids,
        RealView<float>{out.data(), {1, 1}, data::Cifar10::shape});
    for (std::size_t place = 0; place < size; ++place) {
      sums[place % 3] += double{out[place]};
      squares[place % 3] += double{out[place]} * double{out[place]};
    }
  }
  const double pixels = 1024.0 * static_cast<double>(samples);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const double mean = sums[channel] / pixels;
    CHECK(mean == Approx(0.0).margin(0.02));
    CHECK(std::sqrt(squares[channel] / pixels - mean * mean) == Approx(1.0).margin(0.02));
  }
}

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/data/moving_bars.hpp>
#include <snnbd/metric/stealth.hpp>
#include <snnbd/poison/moving_patch.hpp>
#include <snnbd/poison/triggered.hpp>

namespace data = snnbd::data;
namespace metric = snnbd::metric;
namespace poison = snnbd::poison;
using Catch::Contains;
using snnbd::Shape;

namespace {

std::vector<float> noise(std::size_t count, std::uint64_t seed, float scale = 1.0F) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic, 0};
  std::vector<float> values(count);
  for (float& value : values) value = scale * stream.uniform();
  return values;
}

std::vector<float> plus(std::vector<float> values, float shift) {
  for (float& value : values) value += shift;
  return values;
}

/// Place by place, with variances about the means, under a window of two dimensions.
double slow_ssim(const std::vector<float>& one, const std::vector<float>& other, Shape shape,
                 int rows, int columns, double length) {
  const double c1 = 1e-4 * length * length;
  const double c2 = 9e-4 * length * length;
  double sum = 0.0;
  int places = 0;
  for (int channel = 0; channel < shape.channels; ++channel)
    for (int top = 0; top + rows <= shape.height; ++top)
      for (int left = 0; left + columns <= shape.width; ++left, ++places) {
        const auto mean = [&](auto&& value) {
          double total = 0.0;
          double weights = 0.0;
          for (int y = 0; y < rows; ++y)
            for (int x = 0; x < columns; ++x) {
              const double dy = y - (rows - 1) / 2.0;
              const double dx = x - (columns - 1) / 2.0;
              const double weight = std::exp(-(dy * dy + dx * dx) / 4.5);
              const int at = ((top + y) * shape.width + left + x) * shape.channels + channel;
              total += weight * value(static_cast<double>(one[static_cast<std::size_t>(at)]),
                                      static_cast<double>(other[static_cast<std::size_t>(at)]));
              weights += weight;
            }
          return total / weights;
        };
        const double a = mean([](double x, double) { return x; });
        const double b = mean([](double, double y) { return y; });
        const double aa = mean([&](double x, double) { return (x - a) * (x - a); });
        const double bb = mean([&](double, double y) { return (y - b) * (y - b); });
        const double ab = mean([&](double x, double y) { return (x - a) * (y - b); });
        sum += (2 * a * b + c1) * (2 * ab + c2) / ((a * a + b * b + c1) * (aa + bb + c2));
      }
  return sum / places;
}

}  // namespace

TEST_CASE("PSNR is that of the closed form, and infinite for equal frames", "[metric]") {
  const auto clean = noise(300, 1);
  CHECK(metric::psnr(clean, clean) == std::numeric_limits<double>::infinity());
  const std::vector<float> zeros(64, 0.0F);
  CHECK(metric::psnr(zeros, plus(zeros, 0.125F)) == Approx(20.0 * std::log10(8.0)));
  CHECK(metric::psnr(zeros, plus(zeros, -0.5F), {-1.0F, 3.0F}) == Approx(20.0 * std::log10(8.0)));
  std::vector<float> one = zeros;
  one[5] = 1.0F;  // a 64th of the values by the whole range
  CHECK(metric::psnr(zeros, one) == Approx(10.0 * std::log10(64.0)));
}

TEST_CASE("SSIM is 1 for equal frames, and of constants that of the closed form", "[metric]") {
  const Shape shape{13, 12, 1};
  const auto clean = noise(13 * 12, 2);
  CHECK(metric::ssim(clean, clean, shape) == 1.0);
  const std::vector<float> dark(13 * 12, 0.25F);
  const std::vector<float> bright(13 * 12, 0.75F);
  CHECK(metric::ssim(dark, bright, shape) ==
        Approx((2 * 0.25 * 0.75 + 1e-4) / (0.25 * 0.25 + 0.75 * 0.75 + 1e-4)).epsilon(1e-12));
  const double c1 = 1e-4 * 16.0;
  CHECK(metric::ssim(dark, bright, shape, {0.0F, 4.0F}) ==
        Approx((2 * 0.25 * 0.75 + c1) / (0.25 * 0.25 + 0.75 * 0.75 + c1)).epsilon(1e-12));
  // A negative has the means and variances of the original about zero, and minus its covariance.
  std::vector<float> signs(13 * 12);
  for (std::size_t i = 0; i < signs.size(); ++i)
    signs[i] = (i / 12 + i % 12) % 2 == 0 ? 1.0F : -1.0F;
  std::vector<float> negative = signs;
  for (float& value : negative) value = -value;
  CHECK(metric::ssim(signs, negative, shape, {-1.0F, 1.0F}) < -0.99);
}

TEST_CASE("SSIM is that of a slow reference, in frames of any size", "[metric]") {
  struct Case {
    Shape shape;
    int rows;
    int columns;
  };
  for (const auto& [shape, rows, columns] :
       {Case{{16, 19, 1}, 11, 11}, Case{{11, 14, 3}, 11, 11}, Case{{8, 30, 2}, 7, 11},
        Case{{5, 6, 1}, 5, 5}, Case{{1, 2, 1}, 1, 1}}) {
    const auto size = static_cast<std::size_t>(shape.size());
    const auto clean = noise(size, 3, 4.0F);
    auto triggered = clean;
    const auto other = noise(size, 4, 4.0F);
    for (std::size_t i = 0; i < size; i += 3) triggered[i] = other[i];
    CHECK(metric::ssim_window(shape.height) == rows);
    CHECK(metric::ssim_window(shape.width) == columns);
    CHECK(metric::ssim(clean, triggered, shape, {0.0F, 4.0F}) ==
          Approx(slow_ssim(clean, triggered, shape, rows, columns, 4.0)).epsilon(1e-10));
    CHECK(metric::ssim(clean, triggered, shape, {0.0F, 4.0F}) ==
          Approx(metric::ssim(triggered, clean, shape, {0.0F, 4.0F})).epsilon(1e-12));
  }
}

// The number is what scikit-image 0.19.3 gives in Python:
//   i = numpy.arange(20 * 33)
//   a = (i * 7 % 5).astype(float)
//   b = numpy.where(i % 4 == 0, i * i % 5, a)
//   skimage.metrics.structural_similarity(
//       a.reshape(20, 33), b.reshape(20, 33), data_range=4, gaussian_weights=True, sigma=1.5,
//       use_sample_covariance=False)
TEST_CASE("SSIM is that of scikit-image", "[metric]") {
  std::vector<float> clean;
  std::vector<float> triggered;
  for (int i = 0; i < 20 * 33; ++i) {
    clean.push_back(static_cast<float>(i * 7 % 5));
    triggered.push_back(i % 4 == 0 ? static_cast<float>(i * i % 5) : clean.back());
  }
  CHECK(metric::ssim(clean, triggered, {20, 33, 1}, {0.0F, 4.0F}) ==
        Approx(0.8338382755779847).epsilon(1e-12));
}

TEST_CASE("What a sample gained and lost is counted by values, pixels and units", "[metric]") {
  const Shape shape{2, 3, 2};
  std::vector<float> clean(3 * 12, 1.0F);
  auto triggered = clean;
  triggered[0] = 3.0F;  // frame 0, pixel 0: both channels
  triggered[1] = 0.0F;
  triggered[12] = 0.5F;  // frame 1, pixel 0, the first channel
  triggered[17] = 2.0F;  // frame 1, pixel 2, the second
  const auto found = metric::sample_stealth(clean, triggered, shape, 3, {0.0F, 4.0F});
  CHECK(found.changed_values == Approx(4.0 / 36));
  CHECK(found.changed_pixels == Approx(3.0 / 18));
  CHECK(found.largest_change == 2.0);
  CHECK(found.added == Approx(3.0));
  CHECK(found.removed == Approx(1.5));
  CHECK(found.mean_rate_change == Approx((1.5 + 1.0 + 1.0) / 3 / 12));
  CHECK(found.largest_rate_change == Approx(1.5 / 3));
  REQUIRE(found.psnr.size() == 3);
  REQUIRE(found.ssim.size() == 3);
  CHECK(found.psnr[0] == Approx(10 * std::log10(16.0 / ((4.0 + 1.0) / 12))));
  CHECK(found.psnr[1] == Approx(10 * std::log10(16.0 / ((0.25 + 1.0) / 12))));
  CHECK(std::isinf(found.psnr[2]));
  CHECK(found.ssim[0] < 1.0);
  CHECK(found.ssim[2] == 1.0);
}

TEST_CASE("The stealth of a set is the mean of its samples", "[metric]") {
  using Bars = data::MovingBars<Shape{8, 9, 1}, 4, 2>;
  const Bars clean{20};
  const poison::Triggered<Bars, poison::MovingPatch<>> triggered{clean, {.size = 2, .value = 2.0F}};
  const std::vector<std::size_t> chosen{1, 4, 17};
  const auto mean = metric::stealth(clean, triggered, chosen);
  std::vector<float> before(data::sample_size_of<Bars>());
  std::vector<float> after(before.size());
  double ssim = 0.0;
  double psnr = 0.0;
  double added = 0.0;
  double removed = 0.0;
  double rates = 0.0;
  int changed = 0;
  for (const std::size_t index : chosen) {
    clean.read(index, before);
    triggered.read(index, after);
    const auto one = metric::sample_stealth(before, after, Bars::shape, 4, Bars::range);
    added += one.added / 3;
    removed += one.removed / 3;
    rates += one.mean_rate_change / 3;
    for (std::size_t frame = 0; frame < 4; ++frame) {
      ssim += one.ssim[frame] / 12;
      if (std::isinf(one.psnr[frame])) continue;
      psnr += one.psnr[frame];
      ++changed;
    }
  }
  CHECK(mean.samples == 3);
  CHECK(mean.ssim == Approx(ssim));
  CHECK(mean.psnr.value() == Approx(psnr / changed));
  CHECK(mean.lowest_psnr.value() <= mean.psnr.value());
  CHECK(mean.lowest_ssim <= mean.ssim);
  CHECK(mean.ssim_rows == 7);
  CHECK(mean.ssim_columns == 9);
  CHECK(mean.changed_frames == Approx(changed / 12.0));
  CHECK(mean.added == Approx(added));
  CHECK(mean.removed == Approx(removed));
  CHECK(mean.mean_rate_change == Approx(rates));
  CHECK(mean.changed_pixels <= 4.0 / 72);
  CHECK(mean.changed_values == mean.changed_pixels);
  CHECK(mean.largest_change == 2.0);

  const auto none = metric::stealth(clean, clean);
  CHECK(none.samples == 20);
  CHECK(none.ssim == 1.0);
  CHECK_FALSE(none.psnr.has_value());
  CHECK(none.changed_frames == 0.0);
}

TEST_CASE("What cannot be compared is refused", "[metric]") {
  const auto clean = noise(12, 5);
  CHECK_THROWS_WITH(metric::ssim(clean, clean, {3, 3, 1}), Contains("clean frame"));
  CHECK_THROWS_WITH(metric::ssim(clean, clean, {3, 4, 1}, {1.0F, 1.0F}), Contains("range"));
  CHECK_THROWS_WITH(metric::psnr(clean, noise(11, 1)), Contains("triggered frame"));
  CHECK_THROWS_WITH(metric::psnr({}, {}), Contains("clean frame"));
  CHECK_THROWS_WITH(metric::sample_stealth(clean, clean, {3, 4, 1}, 0), Contains("frames"));
  auto broken = clean;
  broken[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(metric::sample_stealth(clean, broken, {3, 4, 1}, 1), Contains("finite"));
  using Bars = data::MovingBars<Shape{8, 8, 1}, 4, 2>;
  const Bars set{10};
  CHECK_THROWS_WITH(metric::stealth(set, Bars{9}), Contains("samples of the triggered set"));
  CHECK_THROWS_WITH(metric::stealth(set, data::MovingBars<Shape{8, 8, 1}, 5, 2>{10}),
                    Contains("4 frames of 8x8"));
  CHECK_THROWS_WITH(metric::stealth(set, data::MovingBars<Shape{8, 8, 1}, 4, 2, 1>{10}),
                    Contains("range"));
  CHECK_THROWS_WITH(metric::stealth(set, set, std::vector<std::size_t>{10}), Contains("one of 10"));
  CHECK_THROWS_WITH(metric::stealth(set, set, std::vector<std::size_t>{}), Contains("none"));
}

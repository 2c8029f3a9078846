#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

using namespace snnbd;

TEMPLATE_TEST_CASE("Bits of a comparison and the comparison of bits undo each other", "[kernels]",
                   float, double) {
  constexpr int width = lanes::width<TestType>;
  constexpr std::uint64_t patterns = std::uint64_t{1} << width;
  const std::uint64_t stride = width > 8 ? 37 : 1;  // 16 lanes: a share of the patterns
  for (std::uint64_t word = 0; word < patterns; word += stride) {
    // What stands above the lanes must not matter.
    const auto condition = lanes::from_bits<TestType>(word | ~(patterns - 1));
    if (lanes::bits(condition) != word) FAIL("pattern " << word << " came back changed");
  }
  CHECK(lanes::bits(lanes::from_bits<TestType>(~std::uint64_t{0})) == patterns - 1);
}

TEMPLATE_TEST_CASE("The lowest bit is the first lane", "[kernels]", float, double) {
  constexpr auto width = static_cast<std::size_t>(lanes::width<TestType>);
  const lanes::Batch<TestType> yes(TestType{2});
  const lanes::Batch<TestType> no(TestType{-1});
  for (std::size_t lane = 0; lane < width; ++lane) {
    std::vector<TestType> values(width);
    lanes::select(lanes::from_bits<TestType>(std::uint64_t{1} << lane), yes, no)
        .store_unaligned(values.data());
    for (std::size_t i = 0; i < width; ++i) CHECK(values[i] == (i == lane ? 2 : -1));
    const auto above = lanes::Batch<TestType>::load_unaligned(values.data()) > no;
    CHECK(lanes::bits(above) == std::uint64_t{1} << lane);
  }
}

TEMPLATE_TEST_CASE("Partial loads give zeros, partial stores leave the rest alone", "[kernels]",
                   float, double) {
  constexpr int width = lanes::width<TestType>;
  for (int count = 0; count <= width + 3; ++count) {
    CAPTURE(count);
    const int used = std::min(count, width);
    // Exactly as long as it may be read, so that a sanitizer sees what is read past it.
    std::vector<TestType> source;
    for (int i = 0; i < used; ++i) source.push_back(static_cast<TestType>(i + 1));
    const auto value = lanes::load(source.data(), count);
    std::vector<TestType> target(static_cast<std::size_t>(width) + 8, TestType{-5});
    value.store_unaligned(target.data());
    for (int i = 0; i < width; ++i)
      CHECK(target[static_cast<std::size_t>(i)] == static_cast<TestType>(i < used ? i + 1 : 0));

    std::fill(target.begin(), target.end(), TestType{-5});
    lanes::store(target.data(), lanes::Batch<TestType>(TestType{9}), count);
    for (int i = 0; i < width + 8; ++i)
      CHECK(target[static_cast<std::size_t>(i)] == (i < used ? 9 : -5));
  }
}

TEMPLATE_TEST_CASE("The logistic function neither overflows nor loses its symmetry", "[kernels]",
                   float, double) {
  CHECK(lanes::logistic(TestType{0}) == TestType{0.5});
  CHECK(lanes::logistic(TestType{1e30F}) == TestType{1});
  CHECK(lanes::logistic(TestType{-1e30F}) == TestType{0});
  const auto tolerance = 4 * std::numeric_limits<TestType>::epsilon();
  for (TestType x = -20; x < 20; x += TestType{0.375}) {
    CAPTURE(x);
    const TestType low = lanes::logistic(x);
    CHECK(std::abs(low + lanes::logistic(-x) - 1) <= tolerance);
    const double exact = 1.0 / (1.0 + std::exp(-static_cast<double>(x)));
    CHECK(std::abs(low / static_cast<TestType>(exact) - 1) <= tolerance);
  }
}

TEMPLATE_TEST_CASE("Each lane of a batch does what the scalar does", "[kernels]", float, double) {
  constexpr int width = lanes::width<TestType>;
  using Batch = lanes::Batch<TestType>;
  random::Stream stream{3, random::Purpose::synthetic};
  std::vector<TestType> x(static_cast<std::size_t>(width));
  std::vector<TestType> y(x.size());
  const auto tolerance = static_cast<double>(8 * std::numeric_limits<TestType>::epsilon());
  for (int round = 0; round < 50; ++round) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<TestType>(8.0F * stream.uniform() - 4.0F);
      y[i] = i % 3 == 0 ? x[i] : static_cast<TestType>(8.0F * stream.uniform() - 4.0F);
    }
    const Batch left = lanes::load(x.data(), width);
    const Batch right = lanes::load(y.data(), width);
    const auto same = [&](const Batch& found, const auto& scalar, double widened = 1.0) {
      std::vector<TestType> values(x.size());
      found.store_unaligned(values.data());
      for (std::size_t i = 0; i < x.size(); ++i) {
        const auto expected = static_cast<double>(scalar(x[i], y[i]));
        CAPTURE(x[i], y[i]);
        CHECK(std::abs(static_cast<double>(values[i]) - expected) <=
              widened * tolerance * std::max(1.0, std::abs(expected)));
      }
    };
    same(lanes::absolute(left), [](TestType a, TestType) { return std::abs(a); });
    same(lanes::exponential(left), [](TestType a, TestType) { return std::exp(a); });
    same(lanes::arctangent(left), [](TestType a, TestType) { return std::atan(a); });
    // In double the library's error function is good to 34 epsilon, where its halves meet.
    same(
        lanes::error_function(left), [](TestType a, TestType) { return std::erf(a); }, 5.0);
    same(lanes::logistic(left), [](TestType a, TestType) { return 1 / (1 + std::exp(-a)); });
    same(lanes::maximum(left, right), [](TestType a, TestType b) { return std::max(a, b); });
    same(lanes::minimum(left, right), [](TestType a, TestType b) { return std::min(a, b); });
  }
}

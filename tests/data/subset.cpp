#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/data/synthetic.hpp>

using namespace snnbd;

namespace {

using Images = data::Blobs<Shape{4, 4, 1}, 4>;
static_assert(data::Dataset<data::Subset<Images>>);
static_assert(data::Dataset<data::Subset<data::Subset<Images>>>);

/// A set in which class 0 has 60 of 100 samples, class 1 has 30 and class 2 has 10.
struct Uneven {
  static constexpr Shape shape{1, 1, 1};
  static constexpr int classes = 3;
  static constexpr std::string_view name = "uneven";

  [[nodiscard]] std::size_t size() const { return 100; }
  [[nodiscard]] int label(std::size_t index) const { return index < 60 ? 0 : index < 90 ? 1 : 2; }
  void read(std::size_t index, std::span<float> image) const {
    image[0] = static_cast<float>(index) / 100.0F;
  }
};
static_assert(data::Dataset<Uneven>);

template <class Set>
std::vector<std::size_t> sources(const data::Subset<Set>& subset) {
  std::vector<std::size_t> result(subset.size());
  for (std::size_t index = 0; index < subset.size(); ++index)
    result[index] = subset.source_index(index);
  return result;
}

template <class Set>
std::array<std::size_t, 3> counts(const data::Subset<Set>& subset) {
  std::array<std::size_t, 3> result{};
  for (std::size_t index = 0; index < subset.size(); ++index)
    ++result[static_cast<std::size_t>(subset.label(index))];
  return result;
}

}  // namespace

TEST_CASE("A subset reads the samples that it names", "[data][subset]") {
  const Images images{20};
  const data::Subset<Images> subset{images, {17, 3, 3}};
  REQUIRE(subset.size() == 3);
  std::vector<float> mine(16);
  std::vector<float> theirs(16);
  for (std::size_t index = 0; index < 3; ++index) {
    const std::size_t source = std::array<std::size_t, 3>{17, 3, 3}[index];
    CHECK(subset.label(index) == images.label(source));
    CHECK(subset.original_label(index) == images.label(source));
    CHECK_FALSE(subset.is_poisoned(index));
    subset.read(index, mine);
    images.read(source, theirs);
    CHECK(mine == theirs);
  }
}

TEST_CASE("A subset outlives the set that it was made from", "[data][subset]") {
  const auto subset = [] {
    const Images images{20};
    return data::first(data::take(images, 12, 5), 3);
  }();
  CHECK(subset.size() == 3);
  CHECK(subset.label(2) == subset.source().label(2));
}

TEST_CASE("Taking is even over the classes, ascending and nested", "[data][subset]") {
  const Uneven set;
  std::vector<std::size_t> smaller;
  for (const std::size_t count : {1U, 2U, 3U, 10U, 30U, 31U, 70U, 100U}) {
    const auto subset = data::take(set, count, 11);
    const auto chosen = sources(subset);
    REQUIRE(chosen.size() == count);
    CHECK(std::is_sorted(chosen.begin(), chosen.end()));
    CHECK(std::adjacent_find(chosen.begin(), chosen.end()) == chosen.end());
    CHECK(std::includes(chosen.begin(), chosen.end(), smaller.begin(), smaller.end()));
    smaller = chosen;
  }
  CHECK(counts(data::take(set, 30, 11)) == std::array<std::size_t, 3>{10, 10, 10});
  CHECK(counts(data::take(set, 31, 11)) == std::array<std::size_t, 3>{11, 10, 10});
  CHECK(counts(data::take(set, 70, 11)) == std::array<std::size_t, 3>{30, 30, 10});
}

TEST_CASE("Taking follows the seed alone", "[data][subset]") {
  const Images images{400};
  CHECK(sources(data::take(images, 40, 1)) == sources(data::take(images, 40, 1)));
  CHECK(sources(data::take(images, 40, 1)) != sources(data::take(images, 40, 2)));
}

TEST_CASE("A split shares no sample, leaves none out and keeps the classes' shares",
          "[data][subset]") {
  const Uneven set;
  const auto parts = data::split(set, 0.2, 3);
  CHECK(counts(parts.held_out) == std::array<std::size_t, 3>{12, 6, 2});
  CHECK(counts(parts.kept) == std::array<std::size_t, 3>{48, 24, 8});
  auto all = sources(parts.kept);
  const auto held_out = sources(parts.held_out);
  all.insert(all.end(), held_out.begin(), held_out.end());
  std::sort(all.begin(), all.end());
  for (std::size_t index = 0; index < 100; ++index) REQUIRE(all[index] == index);
  CHECK(sources(data::split(set, 0.2, 3).held_out) == held_out);
  CHECK(sources(data::split(set, 0.2, 4).held_out) != held_out);
}

TEST_CASE("The first samples are the first", "[data][subset]") {
  CHECK(sources(data::first(Images{9}, 3)) == std::vector<std::size_t>{0, 1, 2});
  CHECK(data::first(Images{9}, 0).size() == 0);
}

TEST_CASE("Subsets refuse what is out of range", "[data][subset]") {
  const Images images{10};
  CHECK_THROWS_AS((data::Subset<Images>{images, {3, 10}}), Error);
  CHECK_THROWS_AS(data::first(images, 11), Error);
  CHECK_THROWS_AS(data::take(images, 11, 1), Error);
  CHECK_THROWS_AS(data::take(images, 0, 1), Error);
  for (const double fraction :
       {0.0, 1.0, -0.5, 1.5, 0.01, 0.99, std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(data::split(images, fraction, 1), Error);
  const auto subset = data::first(images, 2);
  CHECK_THROWS_AS(subset.label(2), Error);
  struct Wrong : Uneven {
    [[nodiscard]] int label(std::size_t index) const { return index == 7 ? 3 : 0; }
  };
  CHECK_THROWS_AS(data::take(Wrong{}, 5, 1), Error);
}

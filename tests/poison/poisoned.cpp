#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/mnist.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/poison/triggered.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;
using poison::AllToAll;
using poison::AllToOne;
using poison::CleanLabel;
using poison::Mode;
using poison::PixelPatch;
using poison::Poisoned;

namespace {

using Images = data::Blobs<Shape{8, 8, 2}, 10>;
using Mark = PixelPatch<poison::Random>;
using Dirty = Poisoned<Images, Mark>;

static_assert(data::Dataset<Dirty>);
static_assert(data::Dataset<data::Subset<Dirty>>);
static_assert(data::Dataset<Poisoned<data::Subset<Images>, Mark, AllToAll>>);

template <class Set>
std::vector<float> image_of(const Set& set, std::size_t index) {
  std::vector<float> image(static_cast<std::size_t>(Set::shape.size()));
  set.read(index, image);
  return image;
}

/// Compares a poisoned set with the clean one, sample by sample: it differs where its ledger says
/// so, as its ledger says, and nowhere else.
template <class Set>
void check_against_ledger(const Set& dirty) {
  const auto& clean = dirty.clean();
  const poison::Ledger& ledger = dirty.ledger();
  std::size_t next = 0;
  for (std::size_t index = 0; index < dirty.size(); ++index) {
    const bool listed = next < ledger.entries.size() && ledger.entries[next].index == index;
    const std::size_t source = listed ? ledger.entries[next].source : index;
    auto expected = image_of(clean, source);
    if (listed) {
      const auto& entry = ledger.entries[next++];
      dirty.trigger().stamp(expected, Set::shape, source);
      REQUIRE(entry.original_label == clean.label(source));
      REQUIRE(entry.new_label == dirty.relabel().relabel(clean.label(source), Set::classes));
      REQUIRE(dirty.label(index) == entry.new_label);
    } else {
      REQUIRE(dirty.label(index) == clean.label(index));
    }
    REQUIRE(dirty.is_poisoned(index) == listed);
    REQUIRE(dirty.source_index(index) == source);
    REQUIRE(dirty.original_label(index) == clean.label(source));
    REQUIRE(image_of(dirty, index) == expected);
  }
  CHECK(next == ledger.entries.size());
}

struct Twice {
  static constexpr std::string_view name = "twice";
  [[nodiscard]] std::vector<poison::Candidate> select(
      const std::vector<poison::Candidate>& candidates, std::size_t, std::uint64_t) const {
    return {candidates[0], candidates[0]};
  }
};

struct Beyond {
  static constexpr std::string_view name = "beyond";
  [[nodiscard]] std::vector<poison::Candidate> select(const std::vector<poison::Candidate>&,
                                                      std::size_t, std::uint64_t) const {
    return {{1000, 0, 1}};
  }
};

}  // namespace

TEST_CASE("Poisoning touches exactly the ledger", "[poison]") {
  const auto mode = GENERATE(Mode::in_place, Mode::appended);
  const auto rate = GENERATE(0.0, 0.013, 0.1, 0.5);
  const Images images{200};
  const poison::Settings settings{.rate = rate, .mode = mode, .seed = 5};
  check_against_ledger(Dirty{images, settings});
  check_against_ledger(Poisoned<Images, Mark, AllToAll>{images, settings});
  check_against_ledger(Poisoned<Images, Mark, CleanLabel>{images, settings, {}, {.target = 4}});
}

TEST_CASE("In place, round(rate N) samples are replaced", "[poison]") {
  for (const std::size_t samples : {10U, 99U, 1000U})
    for (const double rate : {0.0, 0.06, 0.1, 0.125, 0.5, 1.0}) {
      const Dirty dirty{Images{samples}, {.rate = rate}};
      const auto expected =
          static_cast<std::size_t>(std::floor(rate * static_cast<double>(samples) + 0.5));
      CHECK(dirty.size() == samples);
      CHECK(dirty.ledger().entries.size() == expected);
      CHECK(dirty.ledger().size == samples);
      CHECK(dirty.ledger().rate_asked == rate);
      CHECK(dirty.ledger().rate_achieved() ==
            static_cast<double>(expected) / static_cast<double>(samples));
    }
}

TEST_CASE("Appended, the rate is the share of the copies in the grown set", "[poison]") {
  for (const double rate : {0.0, 0.01, 0.1, 0.2, 0.5}) {
    const Dirty dirty{Images{900}, {.rate = rate, .mode = Mode::appended}};
    const std::size_t copies = dirty.ledger().entries.size();
    CHECK(dirty.size() == 900 + copies);
    CHECK(dirty.ledger().clean_size == 900);
    // One copy more or fewer would be no nearer to the rate.
    const auto share = [](std::size_t count) {
      return static_cast<double>(count) / static_cast<double>(900 + count);
    };
    CHECK(std::abs(share(copies) - rate) <= std::abs(share(copies + 1) - rate));
    CHECK((copies == 0 || std::abs(share(copies) - rate) <= std::abs(share(copies - 1) - rate)));
    CHECK(dirty.ledger().rate_achieved() == share(copies));
  }
  CHECK((Dirty{Images{900}, {.rate = 0.1, .mode = Mode::appended}}.ledger().entries.size()) == 100);
}

TEST_CASE("Where fewer samples may be poisoned, all of them are, and the ledger tells",
          "[poison]") {
  const Poisoned<Images, Mark, CleanLabel> clean_label{Images{200}, {.rate = 0.3}};
  CHECK(clean_label.ledger().entries.size() == 20);
  CHECK(clean_label.ledger().rate_asked == 0.3);
  CHECK(clean_label.ledger().rate_achieved() == 0.1);
  const Dirty doubled{Images{200}, {.rate = 0.9, .mode = Mode::appended}};
  CHECK(doubled.size() == 400);
}

TEST_CASE("The target class is among the poisoned unless it is left out", "[poison]") {
  const auto targets = [](const poison::RandomSelector& selector) {
    const Dirty dirty{Images{1000}, {.rate = 1.0}, {}, {.target = 6}, selector};
    std::size_t count = 0;
    for (const auto& entry : dirty.ledger().entries) count += entry.original_label == 6 ? 1U : 0U;
    return count;
  };
  CHECK(targets({}) == 100);
  CHECK(targets({.exclude_target = true}) == 0);
}

TEST_CASE("The choice follows the seed, and a higher rate keeps it", "[poison]") {
  const auto chosen = [](double rate, std::uint64_t seed) {
    const Dirty dirty{Images{300}, {.rate = rate, .seed = seed}};
    std::set<std::size_t> sources;
    for (const auto& entry : dirty.ledger().entries) sources.insert(entry.source);
    return sources;
  };
  CHECK(chosen(0.1, 1) == chosen(0.1, 1));
  CHECK(chosen(0.1, 1) != chosen(0.1, 2));
  for (const std::size_t source : chosen(0.1, 1)) CHECK(chosen(0.2, 1).count(source) == 1);
  CHECK(Dirty(Images{300}).ledger().checksum() == Dirty(Images{300}).ledger().checksum());
}

TEST_CASE("The ledger says how the set was poisoned", "[poison]") {
  const Dirty dirty{Images{100}, {.rate = 0.1, .mode = Mode::appended, .seed = 77}, {.size = 3}};
  CHECK(dirty.ledger().trigger == "random 3x3, bottom right");
  CHECK(dirty.ledger().relabel == "all_to_one");
  CHECK(dirty.ledger().selector == "random");
  CHECK(dirty.ledger().mode == "appended");
  CHECK(dirty.ledger().seed == 77);
}

TEST_CASE("Settings out of range are refused when the set is made", "[poison]") {
  const Images images{50};
  for (const double rate : {-0.01, 1.01, std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::infinity()})
    for (const Mode mode : {Mode::in_place, Mode::appended})
      CHECK_THROWS_WITH((Dirty{images, {.rate = rate, .mode = mode}}), Contains("poisoning rate"));
  CHECK_THROWS_WITH((Dirty{images, {.rate = 1.0, .mode = Mode::appended}}), Contains("below 1"));
  for (const int target : {-1, 10}) {
    CHECK_THROWS_WITH((Dirty{images, {}, {}, {.target = target}}), Contains("target class"));
    CHECK_THROWS_AS((Poisoned<Images, Mark, CleanLabel>{images, {}, {}, {.target = target}}),
                    Error);
  }
  CHECK_THROWS_WITH((Dirty{images, {}, {.size = 9}}), Contains("9x9"));
  CHECK_THROWS_AS((Dirty{images, {}, {.size = -1}}), Error);
  // A mistake is told even where nothing is poisoned.
  CHECK_THROWS_AS((Dirty{images, {.rate = 0.0}, {.size = 9}}), Error);
  CHECK_THROWS_WITH((Poisoned<data::Subset<Images>, Mark, CleanLabel>{
                        data::Subset<Images>{images, {0, 2, 3}}, {.rate = 0.5}}),
                    Contains("at least one sample that may be poisoned"));
  const Dirty dirty{images};
  CHECK_THROWS_AS(dirty.label(50), Error);
  CHECK_THROWS_AS(dirty.is_poisoned(50), Error);
}

TEST_CASE("A rate that poisons nothing is refused with the smallest that does", "[poison]") {
  CHECK_THROWS_WITH((Dirty{Images{500}, {.rate = 0.0005}}),
                    "poisoning rate: expected 0, or at least 0.001, which poisons one of 500 "
                    "samples, found 0.0005, which poisons none");
  for (const Mode mode : {Mode::in_place, Mode::appended})
    for (const std::size_t samples : {1U, 3U, 7U, 99U, 500U, 60000U}) {
      const Images images{samples};
      const auto entries = [&](double rate) {
        return Dirty{images, {.rate = rate, .mode = mode}}.ledger().entries.size();
      };
      const double size = static_cast<double>(samples) + (mode == Mode::appended ? 0.5 : 0.0);
      double smallest = 0.5 / size * (1.0 - 1e-12);
      CHECK_THROWS_WITH(entries(smallest), Contains("poisoning rate"));
      try {
        entries(smallest);
      } catch (const Error& error) {
        const std::string sentence = error.what();
        smallest = std::stod(sentence.substr(sentence.find("at least ") + 9));
      }
      CHECK(entries(smallest) == 1);
      CHECK_THROWS_AS(entries(std::nextafter(smallest, 0.0)), Error);
      CHECK_THROWS_AS(entries(1e-300), Error);
      CHECK(entries(0.0) == 0);
    }
  CHECK_THROWS_WITH((Dirty{Images{0}}), Contains("0 for a set without samples"));
  CHECK((Dirty{Images{0}, {.rate = 0.0}}.size()) == 0);
}

TEST_CASE("A selector that errs is caught", "[poison]") {
  CHECK_THROWS_AS((Poisoned<Images, Mark, AllToOne, Twice>{Images{50}}), Error);
  CHECK_THROWS_AS((Poisoned<Images, Mark, AllToOne, Beyond>{Images{50}}), Error);
}

TEST_CASE("Subsets and views of a poisoned set know what is poisoned", "[poison]") {
  const Dirty dirty{Images{100}, {.rate = 0.3}};
  const auto part = data::take(dirty, 40, 2);
  const data::DatasetView view = part;
  for (std::size_t index = 0; index < 40; ++index) {
    CHECK(view.is_poisoned(index) == dirty.is_poisoned(part.source_index(index)));
    CHECK(view.original_label(index) == dirty.original_label(part.source_index(index)));
  }
}

TEST_CASE("What was poisoned below stays poisoned, at any depth", "[poison]") {
  using Inner = Poisoned<Images, Mark, AllToAll>;
  using Part = data::Subset<Inner>;
  using Outer = Poisoned<Part, Mark, AllToAll>;
  using Whole = poison::Triggered<data::Subset<Outer>, Mark, AllToAll>;
  const Images images{1000};
  for (const Mode mode : {Mode::in_place, Mode::appended}) {
    const Inner inner{images, {.rate = 0.3, .mode = mode, .seed = 1}};
    const Part part = data::take(inner, 900, 5);
    const Outer outer{part, {.rate = 0.5, .mode = mode, .seed = 2}};
    const auto rest = data::take(outer, 700, 6);
    const Whole triggered{rest};
    check_against_ledger(inner);

    std::vector<bool> touched(outer.size());
    for (const auto& entry : outer.ledger().entries) {
      touched[entry.index] = true;
      // The ledger tells what this poisoning did, to the labels that it met.
      CHECK(entry.original_label == part.label(entry.source));
      CHECK(entry.new_label == (part.label(entry.source) + 1) % 10);
    }
    std::size_t both = 0;
    std::size_t inner_alone = 0;
    for (std::size_t index = 0; index < outer.size(); ++index) {
      const std::size_t in_part = outer.source_index(index);
      const std::size_t in_inner = part.source_index(in_part);
      const bool below = inner.is_poisoned(in_inner);
      REQUIRE(outer.is_poisoned(index) == (touched[index] || below));
      const int truth = images.label(inner.source_index(in_inner));
      REQUIRE(outer.original_label(index) == truth);
      REQUIRE(outer.label(index) == (truth + (below ? 1 : 0) + (touched[index] ? 1 : 0)) % 10);
      REQUIRE(data::DatasetView{outer}.triggers_on(index).empty() == !outer.is_poisoned(index));
      both += below && touched[index] ? 1U : 0U;
      inner_alone += below && !touched[index] ? 1U : 0U;
    }
    CHECK(both > 50);
    CHECK(inner_alone > 50);

    const data::DatasetView view = triggered;
    for (std::size_t index = 0; index < rest.size(); ++index) {
      const int truth = rest.original_label(index);
      REQUIRE(view.is_poisoned(index));
      REQUIRE(view.original_label(index) == truth);
      REQUIRE(view.label(index) == (truth + 1) % 10);
    }
    CHECK_THROWS_AS(triggered.is_poisoned(rest.size()), Error);
  }
}

TEST_CASE("Parts of a poisoned set have its share of poison and its classes", "[poison]") {
  for (const Mode mode : {Mode::in_place, Mode::appended})
    for (const double rate : {0.1, 0.5}) {
      // Of 6,000 samples, some of which have the target's label only since they were poisoned.
      const Dirty dirty{Images{6000}, {.rate = rate, .mode = mode, .seed = 3}};
      const auto share_of = [](const auto& set) {
        std::size_t poisoned = 0;
        for (std::size_t index = 0; index < set.size(); ++index)
          poisoned += set.is_poisoned(index) ? 1U : 0U;
        return static_cast<double>(poisoned) / static_cast<double>(set.size());
      };
      const auto classes_of = [](const auto& set) {
        std::vector<std::size_t> counts(10);
        for (std::size_t index = 0; index < set.size(); ++index)
          ++counts[static_cast<std::size_t>(set.original_label(index))];
        return counts;
      };
      // The share among 1,000 drawn has a deviation of at most sqrt(rate (1 - rate) / 1000); the
      // bound is four deviations.
      const double bound = 4.0 * std::sqrt(rate * (1.0 - rate) / 1000.0);
      const auto taken = data::take(dirty, 1000, 7);
      CHECK(classes_of(taken) == std::vector<std::size_t>(10, 100));
      CHECK(std::abs(share_of(taken) - rate) < bound);
      const auto parts = data::split(dirty, 0.2, 7);
      const auto whole = classes_of(dirty);
      const auto held_out = classes_of(parts.held_out);
      for (std::size_t label = 0; label < 10; ++label)
        CHECK(std::abs(static_cast<double>(held_out[label]) -
                       0.2 * static_cast<double>(whole[label])) <= 1.0);
      CHECK(std::abs(share_of(parts.held_out) - rate) < bound);
      CHECK(std::abs(share_of(parts.kept) - rate) < bound);
    }
}

TEST_CASE("A tenth of the digits that come along gets the paper's patch", "[poison]") {
  const Poisoned<data::Mnist, PixelPatch<>> dirty{data::Mnist{data::Part::train}};
  CHECK(dirty.size() == 4000);
  CHECK(dirty.ledger().entries.size() == 400);
  CHECK(dirty.ledger().trigger == "white 2x2, bottom right");
  check_against_ledger(dirty);
}

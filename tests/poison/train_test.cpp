#include <span>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/poison/no_trigger.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/poison/raw_block.hpp>
#include <snnbd/poison/sinusoid.hpp>
#include <snnbd/poison/train_test.hpp>
#include <snnbd/poison/triggered.hpp>

using namespace snnbd;

namespace {

using Set = data::Blobs<Shape{4, 4, 1}, 2>;
using Waves = poison::TrainTest<poison::Sinusoid>;
using Hidden = poison::TrainTest<poison::NoTrigger, poison::Sinusoid>;
using Blocks = poison::TrainTest<poison::RawBlock<>>;

/// Learns the number of samples.
struct Learner {
  static constexpr std::string_view name = "learner";
  std::size_t samples = 0;
  void fit(data::DatasetView training) { samples = training.size(); }
  void stamp(std::span<float> image, Shape /*shape*/, std::size_t /*sample*/) const {
    image[0] = static_cast<float>(samples);
  }
};

template <class Any>
std::vector<float> read(const Any& set, std::size_t index) {
  std::vector<float> values(16);
  set.read(index, values);
  return values;
}

}  // namespace

static_assert(poison::SampleTrigger<Waves> && !poison::EventTrigger<Waves>);
static_assert(poison::EventTrigger<Blocks> && !poison::SampleTrigger<Blocks>);
static_assert(!poison::FittedTrigger<Waves> && poison::FittedTrigger<poison::TrainTest<Learner>>);
static_assert(!poison::sees_times<Waves>() && !poison::sees_times<Hidden>());
static_assert(std::is_same_v<poison::TestingTrigger<Waves>, poison::Sinusoid>);
static_assert(std::is_same_v<poison::TestingTrigger<Hidden>, poison::Sinusoid>);
static_assert(std::is_same_v<poison::TestingTrigger<poison::NoTrigger>, poison::NoTrigger>);

TEST_CASE("Poisoned samples carry the trigger of training, tested ones that of testing",
          "[poison]") {
  const Waves waves{.training = {.delta = 0.1F, .frequency = 1.0F},
                    .testing = {.delta = 0.4F, .frequency = 1.0F}};
  const Set clean{20};
  const poison::Poisoned<Set, Waves> dirty{clean, {.rate = 1.0}, waves};
  const poison::Poisoned<Set, poison::Sinusoid> faint{clean, {.rate = 1.0}, waves.training};
  const poison::Triggered<Set, poison::TestingTrigger<Waves>> tested{
      clean, poison::testing_trigger(waves)};
  const poison::Triggered<Set, poison::Sinusoid> strong{clean, {.delta = 0.4F, .frequency = 1.0F}};
  CHECK(read(dirty, 3) == read(faint, 3));
  CHECK(read(tested, 3) == read(strong, 3));
  CHECK(read(tested, 3) != read(dirty, 3));
  CHECK(dirty.triggers_on(3) == faint.triggers_on(3));
}

TEST_CASE("No trigger leaves samples as they are, and changes their labels alone", "[poison]") {
  const Set clean{20};
  const poison::Poisoned<Set, poison::NoTrigger> dirty{clean, {.rate = 0.5}, {}, {.target = 1}};
  std::size_t poisoned = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(read(dirty, i) == read(clean, i));
    poisoned += dirty.is_poisoned(i) ? 1U : 0U;
    if (dirty.is_poisoned(i)) CHECK(dirty.label(i) == 1);
  }
  CHECK(poisoned == 10);
  CHECK(dirty.ledger().trigger == "no trigger");
}

TEST_CASE("Triggers of training and of testing learn both", "[poison]") {
  poison::TrainTest<Learner> both;
  both.fit(Set{30});
  CHECK(both.training.samples == 30);
  CHECK(both.testing.samples == 30);
}

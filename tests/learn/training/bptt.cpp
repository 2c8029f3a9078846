#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <snnbd/core/parallel.hpp>
#include <snnbd/data/augment.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/poison/poison.hpp>

#include "../../core/keep_threads.hpp"

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

constexpr Shape shape{8, 8, 3};
using Set = data::Blobs<shape, 4>;
using Net = Network<shape, layer::Conv<8, 3>, layer::Spiking<neuron::Lif<>>, layer::MaxPool<2>,
                    layer::Dense<4>, layer::MeanOverTime>;
using Artificial =
    Network<shape, layer::Dense<8>, layer::Relu, layer::Dense<4>, layer::MeanOverTime>;

template <class Augment>
using Rule = learn::Bptt<learn::CrossEntropy, learn::Sgd, learn::Cosine, Augment>;
using Varied = Rule<data::CropAndFlip>;

const learn::TrainSettings three_epochs{.epochs = 3, .batch_size = 20, .timesteps = 2};

/// Trains from the initial parameters and gives the parameters.
template <class Augment, class Encoding = encode::Direct>
std::vector<float> train(const Rule<Augment>& rule,
                         const learn::TrainSettings& settings = three_epochs,
                         const learn::Observer& observer = {}) {
  Net net;
  network::initialize(net, 1);
  rule.fit(net, Encoding{}, Set{90}, settings, learn::Objective::mixture(), observer);
  return {net.parameters().begin(), net.parameters().end()};
}

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// What a `Witness` was shown: how often each draw came, and how many images bore the mark.
struct Seen {
  std::mutex lock;
  std::map<std::uint32_t, int> draws;
  int marked = 0;
};

/// Changes nothing and tells what it was asked to change.
struct Witness {
  static constexpr std::string_view name = "witness";
  Seen* seen = nullptr;

  void apply(std::span<float> image, Shape /*shape*/, random::Stream& stream) const {
    const std::lock_guard guard{seen->lock};
    ++seen->draws[stream.bits()];
    seen->marked += image.back() == 1.0F ? 1 : 0;
  }
  /// Whom it tells does not decide what it does.
  void add_to(Key& key, const std::string& part) const { key.set(part, "witness"); }
};

}  // namespace

static_assert(learn::LearningRule<learn::Bptt<>, Net, encode::Direct>);
static_assert(learn::LearningRule<Varied, Net, encode::Poisson>);
static_assert(std::is_same_v<decltype(learn::Bptt<>::augment), data::NoAugmentation>);

TEST_CASE("Backpropagation through time is LR_B, or ANN without neurons", "[learn]") {
  CHECK(learn::Bptt<>::label<Net>() == "LR_B");
  CHECK(Varied::label<Net>() == "LR_B");
  CHECK(Varied::label<Artificial>() == "ANN");
}

TEST_CASE("Augmented training gives the same bytes for any number of threads", "[learn]") {
  const Varied rule{.augment = {.padding = 2}};
  const snnbd_tests::KeepThreads keep_threads;
  set_thread_count(1);
  const auto direct = train(rule);
  const auto poisson = train<data::CropAndFlip, encode::Poisson>(rule);
  for (const int threads : {2, 3}) {
    set_thread_count(threads);
    CHECK(same_bytes(train(rule), direct));
    CHECK(same_bytes(train<data::CropAndFlip, encode::Poisson>(rule), poisson));
  }
}

TEST_CASE("Augmented training that was interrupted goes on to the same bytes", "[learn]") {
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("snnbd_bptt_" + std::to_string(::getpid()) + ".safetensors"))
                               .string();
  std::filesystem::remove(path);
  const Varied rule{.augment = {.padding = 2}};
  const auto expected = train(rule);
  learn::TrainSettings settings = three_epochs;
  settings.checkpoint = path;
  int batches = 7;  // into the second of five batches an epoch
  const auto half = train(rule, settings, [&](const learn::TrainProgress&) {
    if (--batches == 0) learn::interrupt_requested().store(true);
  });
  learn::interrupt_requested().store(false);
  CHECK_FALSE(same_bytes(half, expected));
  int resumed = 0;
  CHECK(
      same_bytes(train(rule, settings, [&](const learn::TrainProgress&) { ++resumed; }), expected));
  CHECK(resumed == 10);
  std::filesystem::remove(path);
}

TEST_CASE("Images are varied alike in micro-batches of any size", "[learn]") {
  using In = Static<shape>;
  learn::TrainSettings settings{.epochs = 1, .batch_size = 20, .timesteps = 2};
  const Varied rule{.augment = {.padding = 2}};
  const auto expected = train(rule, settings);
  settings.memory_budget = Pass<Net, In>::bytes({6, 2}, true);
  CHECK(learn::micro_batch<Net, In>(settings) < 20);
  const auto found = train(rule, settings);
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(found[i] == Approx(expected[i]).epsilon(1e-4).margin(1e-5));
}

TEST_CASE("What augmentation is set to changes training, and none changes nothing", "[learn]") {
  const auto plain = train(Rule<data::NoAugmentation>{});
  CHECK(same_bytes(plain, train(Varied{.augment = {.padding = 0, .flip = 0.0}})));
  const auto moved = train(Varied{.augment = {.padding = 2, .flip = 0.0}});
  const auto mirrored = train(Varied{.augment = {.padding = 0, .flip = 0.5}});
  CHECK_FALSE(same_bytes(plain, moved));
  CHECK_FALSE(same_bytes(plain, mirrored));
  CHECK_FALSE(same_bytes(moved, mirrored));
}

TEST_CASE("Each image is varied anew in each epoch, after the trigger was put on it", "[learn]") {
  using Dirty = poison::Poisoned<Set, poison::PixelPatch<>, poison::AllToOne>;
  const Dirty dirty{Set{90, 1, 0.2F}, {.rate = 0.2}, {}, {.target = 0}};
  int marked = 0;
  std::vector<float> image(static_cast<std::size_t>(shape.size()));
  for (std::size_t index = 0; index < dirty.size(); ++index) {
    dirty.read(index, image);
    marked += image.back() == 1.0F ? 1 : 0;
  }
  REQUIRE(marked >= 18);

  Seen seen;
  const Rule<Witness> rule{.augment = {&seen}};
  Net net;
  network::initialize(net, 1);
  learn::TrainSettings settings = three_epochs;
  settings.seed = 9;
  rule.fit(net, encode::Direct{}, dirty, settings, learn::Objective::mixture(), {});
  CHECK(seen.draws.size() == 3 * 90);
  CHECK(seen.marked == 3 * marked);
  for (std::uint64_t id = 0; id < 3 * 90; ++id) {
    random::Stream stream{settings.seed, random::Purpose::augment, id};
    CHECK(seen.draws[stream.bits()] == 1);
  }
}

TEST_CASE("Augmentation that does not fit the images is refused before training", "[learn]") {
  int batches = 0;
  const auto count = [&](const learn::TrainProgress&) { ++batches; };
  CHECK_THROWS_WITH(train(Varied{.augment = {.padding = 8}}, three_epochs, count),
                    Contains("padding of a crop") && Contains("below 8"));
  CHECK_THROWS_WITH(train(Varied{.augment = {.padding = 2, .flip = 2.0}}, three_epochs, count),
                    Contains("probability of a flip"));
  CHECK(batches == 0);
}

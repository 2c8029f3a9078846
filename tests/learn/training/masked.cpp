#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/network/initialize.hpp>

#include "../../core/temporary_file.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using learn::Hold;
using learn::Mask;

namespace {

constexpr Index count = 103;  // not a whole number of registers

template <class Scalar>
bool same_bits(std::span<const Scalar> a, std::span<const Scalar> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}
bool same_bits(float a, float b) {
  return std::memcmp(&a, &b, sizeof(float)) == 0;
}

float noise(Index index, int step) {
  return std::sin(static_cast<float>(index * 7 + step * 13)) + 0.1F;
}

/// Parameters and moments after some steps with the same gradients, in stretches of all kinds.
template <class Rule>
struct Descent {
  explicit Descent(const Rule& rule, int steps = 9) {
    const std::vector<learn::Segment> segments{{0, 61, learn::SegmentKind::decaying},
                                               {61, 20, learn::SegmentKind::statistic},
                                               {81, 22, learn::SegmentKind::constant}};
    for (Index i = 0; i < count; ++i) weights.push_back(noise(i, -1));
    for (int step = 0; step < steps; ++step) {
      std::vector<float> gradient;
      for (Index i = 0; i < count; ++i) gradient.push_back(noise(i, step));
      state.step(rule, 0.7, segments, gradient, weights);
    }
  }
  std::vector<float> weights;
  typename Rule::template State<float> state{count};
};

/// Holds parameters here and there, alone and in stretches over the borders of segments.
Mask some_held() {
  return Mask{count}
      .hold(0, 1)
      .hold(10, 9, Hold::at_zero)
      .hold(33, 1)
      .hold(50, 25)
      .hold(80, 5, Hold::at_zero)
      .hold(102, 1);
}

template <class Rule>
void check_held(const Rule& inner) {
  const Descent<Rule> plain{inner};
  const Descent<Rule> untouched{inner, 0};
  learn::Masked<Rule> masked{{inner}, some_held()};
  Descent<learn::Masked<Rule>> held{masked};
  Descent<Rule> copy = plain;
  for (Index i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    CAPTURE(std::string{Rule::name}, i);
    const Hold how = masked.mask.entries()[at];
    const float expected = how == Hold::free    ? plain.weights[at]
                           : how == Hold::still ? untouched.weights[at]
                                                : 0.0F;
    CHECK(same_bits(held.weights[at], expected));
    for (std::size_t buffer = 0; buffer < copy.state.buffers().size(); ++buffer)
      CHECK(same_bits(held.state.buffers()[buffer][at],
                      how == Hold::free ? copy.state.buffers()[buffer][at] : 0.0F));
  }
  CHECK(held.state.steps == 9);

  for (const Mask& none : {Mask{}, Mask{count}}) {
    const Descent<learn::Masked<Rule>> free{learn::Masked<Rule>{{inner}, none}};
    CHECK(same_bits<float>(free.weights, plain.weights));
  }
}

}  // namespace

static_assert(learn::Optimizer<learn::Masked<learn::Sgd>>);
static_assert(learn::Optimizer<learn::Masked<learn::Masked<learn::AdamW>>>);

TEST_CASE("Masked parameters and their moments do not move by a bit, all others as ever",
          "[learn]") {
  check_held(learn::Sgd{.rate = 0.1, .momentum = 0.9, .weight_decay = 0.05});
  check_held(learn::Sgd{.rate = 0.1, .momentum = 0.8, .weight_decay = 0.01, .nesterov = true});
  check_held(learn::Adam{.rate = 0.1, .weight_decay = 0.05});
  check_held(learn::AdamW{.rate = 0.1, .weight_decay = 0.05});
}

TEST_CASE("What is held does not follow a gradient that is not finite", "[learn]") {
  learn::Masked<learn::Adam> rule{{}, Mask{2}.hold(1, 1)};
  typename learn::Masked<learn::Adam>::State<float> state{2};
  std::vector<float> weights{1.0F, 2.0F};
  const std::vector<learn::Segment> whole{{0, 2, learn::SegmentKind::decaying}};
  const std::vector<float> gradient{1.0F, std::numeric_limits<float>::quiet_NaN()};
  state.step(rule, 1.0, whole, gradient, weights);
  CHECK(weights[1] == 2.0F);
  CHECK(weights[0] < 1.0F);
  CHECK(state.buffers()[0][1] == 0.0F);
}

TEST_CASE("Moments of what is held stay what they were", "[learn]") {
  Descent<learn::Masked<learn::Sgd>> run{learn::Masked<learn::Sgd>{}};
  const float before = run.state.buffers()[0][4];
  CHECK(before != 0.0F);
  const std::vector<learn::Segment> whole{{0, count, learn::SegmentKind::decaying}};
  const std::vector<float> gradient(static_cast<std::size_t>(count), 1.0F);
  run.state.step({{}, Mask{count}.hold(4, 1)}, 1.0, whole, gradient, run.weights);
  CHECK(same_bits(run.state.buffers()[0][4], before));
}

TEST_CASE("A mask for another network is refused", "[learn]") {
  using Rule = learn::Masked<learn::Sgd>;
  CHECK_THROWS_WITH((Descent<Rule>{Rule{{}, Mask{count - 1}}}),
                    Contains("mask") && Contains("103 entries") && Contains("102"));
}

TEST_CASE("A masked optimizer has the settings of the inner one and its mask in its key",
          "[learn]") {
  const auto key = [](const Mask& mask) {
    return Key{}.add("optimizer", learn::Masked<learn::Sgd>{{.rate = 0.25}, mask});
  };
  CHECK(*key({}).find("optimizer.rate") == "0.25");
  CHECK(*key({}).find("optimizer.mask") == "none");
  CHECK(key(Mask{4}.hold(0, 1)) != key(Mask{4}.hold(1, 1)));
  CHECK_THROWS_WITH((learn::Masked<learn::Sgd>{{.rate = -1.0}}.check()), Contains("learning rate"));
}

namespace {

using Set = data::Blobs<Shape{4, 4, 1}, 3>;
using Net =
    Network<Shape{4, 4, 1}, layer::Conv<4, 3>, layer::BatchNorm<>, layer::Spiking<neuron::Lif<>>,
            layer::Dense<3, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;

struct Trained {
  Net net;
  Net before;
  learn::TrainRecord record;
};

Trained train(const Mask& mask, int epochs, const std::string& checkpoint = {}) {
  Trained result;
  network::initialize(result.net, 3);
  mask.apply(result.net.parameters());
  result.before = result.net;
  const learn::Bptt<learn::CrossEntropy, learn::Sgd, learn::Constant> rule{
      .optimizer = {.rate = 0.05, .weight_decay = 0.01}};
  const learn::TrainSettings settings{
      .epochs = epochs, .batch_size = 12, .timesteps = 2, .checkpoint = checkpoint};
  result.record = rule.masked(mask).fit(result.net, encode::Direct{}, Set{48}, settings, {}, {});
  return result;
}

}  // namespace

TEST_CASE("Frozen layers and pruned channels stay as they are through training, norms too",
          "[learn]") {
  Mask mask{Net::parameter_count};
  mask.hold_layer(Net::tensors(), "last_dense").hold_layer(Net::tensors(), "1.running_mean");
  mask.hold_channel(Net::tensors()[0], 2);
  const Trained run = train(mask, 2);
  const auto now = run.net.parameters();
  const auto then = run.before.parameters();
  std::size_t moved = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (mask.entries()[i] != Hold::free)
      CHECK(same_bits(now[i], then[i]));
    else
      moved += same_bits(now[i], then[i]) ? 0U : 1U;
  }
  // But for the norm's own three of the channel that is 0.
  CHECK(moved + 3 >= now.size() - static_cast<std::size_t>(mask.held()));
  CHECK(run.record.epochs[1].loss < run.record.epochs[0].loss);
}

TEST_CASE("Training with a mask goes on from a checkpoint, and only with the same mask",
          "[learn]") {
  const snnbd_tests::TemporaryFile file;
  Mask mask{Net::parameter_count};
  mask.hold_layer(Net::tensors(), "0");
  const Trained whole = train(mask, 3);
  {
    struct Wish {
      ~Wish() { learn::interrupt_requested().store(false); }
    } wish;
    Net net = whole.before;
    const learn::Bptt<learn::CrossEntropy, learn::Sgd, learn::Constant> rule{
        .optimizer = {.rate = 0.05, .weight_decay = 0.01}};
    const learn::TrainSettings settings{
        .epochs = 3, .batch_size = 12, .timesteps = 2, .checkpoint = file.path};
    const auto record = rule.masked(mask).fit(net, encode::Direct{}, Set{48}, settings, {},
                                              [](const learn::TrainProgress& progress) {
                                                if (progress.epoch == 1)
                                                  learn::interrupt_requested().store(true);
                                              });
    CHECK(record.interrupted);
  }
  CHECK_THROWS_WITH(train(Mask{mask}.hold(0, 1, Hold::free), 3, file.path),
                    Contains("optimizer.mask"));
  const Trained resumed = train(mask, 3, file.path);
  CHECK(same_bits<float>(resumed.net.parameters(), whole.net.parameters()));
}

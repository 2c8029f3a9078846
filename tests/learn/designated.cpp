#include <tuple>

#include <catch2/catch.hpp>

#include <snnbd/data/augment.hpp>
#include <snnbd/data/cifar10.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/neuron/neuron.hpp>
#include <snnbd/poison/poison.hpp>

/// Every policy that users write takes its settings by their names. What it holds from a part that
/// it is made of stands in braces of its own: `HalfStart<RobustNorm>{{.percentile = 99.0}}`.

using namespace snnbd;

TEST_CASE("Optimizers, losses and schedules take their settings by name", "[learn]") {
  using namespace learn;
  CHECK(Sgd{.rate = 0.5, .momentum = 0.25, .weight_decay = 0.125, .nesterov = true}.nesterov);
  CHECK(Adam{.rate = 1e-4}.rate == 1e-4);
  CHECK(Adam{.rate = 1e-3}.weight_decay == 0.0);
  CHECK(Adam{.beta1 = 0.5, .beta2 = 0.75, .epsilon = 1e-6, .weight_decay = 0.1}.beta2 == 0.75);
  CHECK(AdamW{.rate = 1e-4}.weight_decay == 0.01);
  CHECK(AdamW{.weight_decay = 0.05}.weight_decay == 0.05);
  CHECK(Tet{.share = 0.1, .level = 2.0}.level == 2.0);
  CHECK(Cosine{.floor = 0.1}.floor == 0.1);
  CHECK(Step{.period = 2.0, .gamma = 0.5}.gamma == 0.5);
  const Bptt<Tet, AdamW, Step> rule{
      .loss = {.share = 0.1}, .optimizer = {.rate = 0.02}, .schedule = {.gamma = 0.3}};
  CHECK(rule.optimizer.rate == 0.02);
  CHECK(Bptt<>{.optimizer = {.rate = 2e-3}}.optimizer.rate == 2e-3);
  const Bptt<CrossEntropy, Sgd, Constant, data::CropAndFlip> varied{.optimizer = {.rate = 0.1}};
  CHECK(varied.optimizer.momentum == 0.9);
  CHECK(Masked<Sgd>{{.rate = 0.5}, Mask{4}}.mask.size() == 4);
}

TEST_CASE("Normalizers take their settings by name", "[learn]") {
  using namespace learn;
  CHECK(ScaledMax{.factor = 0.25}.factor == 0.25);
  CHECK(MovingMaxNorm{.momentum = 0.2, .factor = 0.5}.factor == 0.5);
  CHECK(RobustNorm{.percentile = 99.0, .positive = true}.positive);
  CHECK(MovingRobustNorm{.percentile = 99.0, .momentum = 0.2, .positive = true}.momentum == 0.2);
  CHECK(MmseNorm{.timesteps = 8, .start = 0.25F}.timesteps == 8);
  CHECK(ModelNorm{.lowest = -1.0F, .largest = 2.0F}.largest == 2.0F);
  CHECK(SpikeNorm{.timesteps = 9, .percentile = 99.7}.timesteps == 9);
  CHECK(LocalThresholdBalancing{.start = 0.25F}.start == 0.25F);
  CHECK(HalfStart<RobustNorm>{{.percentile = 99.0}}.percentile == 99.0);
  CHECK(PerChannel<MovingRobustNorm>{{.momentum = 0.3}}.momentum == 0.3);
  CHECK(BiasCalibrated<RobustNorm>{{.percentile = 98.0}, 8}.steps == 8);
  CHECK(HalfStart<PerChannel<ScaledMax>>{{{.factor = 0.75}}}.factor == 0.75);
  const Conversion<ScaledMax, MaxNorm> rule{.normalizers = {{.factor = 0.7}, {}},
                                            .conversion = {.timesteps = 16}};
  CHECK(std::get<0>(rule.normalizers).factor == 0.7);
  const Stdb<SameStep, neuron::Triangle> stdb{.threshold_factor = 0.8F,
                                              .surrogate = {.height = 0.5F}};
  CHECK(stdb.surrogate.height == 0.5F);
}

TEST_CASE("Triggers, relabelling and augmentations take their settings by name", "[learn]") {
  using namespace poison;
  CHECK(PixelPatch<White>{.size = 2, .offset = {.dx = 1, .dy = 2}}.offset.dy == 2);
  CHECK(PixelPatch<Random, Corner::top_left>{.size = 2, .seed = 7U}.seed == 7U);
  CHECK(AllToOne{.target = 3}.target == 3);
  CHECK(CleanLabel{.target = 3}.target == 3);
  CHECK(data::RandomFlip{}.name == "flip");
  CHECK(data::CropAndFlip{.padding = 2}.padding == 2);
}

TEST_CASE("Encoders take their settings by name", "[learn]") {
  using namespace encode;
  CHECK(Poisson{.seed = 3U, .scale = 0.5F}.scale == 0.5F);
  CHECK(Latency{.form = Latency::Form::logarithmic, .threshold = 0.1F, .tau = 2.0F}.tau == 2.0F);
  CHECK(Direct{}.name == "direct");
  CHECK(Standardized<data::Cifar10, Direct>{.inner = {}}.name == "standardized");
}

TEST_CASE("Neurons, resets and surrogates take their settings by name", "[learn]") {
  using namespace neuron;
  CHECK(HardReset{.value = -0.5F, .detached = true}.detached);
  CHECK(SoftReset{.detached = true}.detached);
  CHECK(Lif<HardReset, Rectangular>{.tau = 4.0F, .surrogate = {.width = 2.0F}}.tau == 4.0F);
  CHECK(If<>{.threshold = 2.0F}.threshold == 2.0F);
  CHECK(Plif<>{.tau = 3.0F}.tau == 3.0F);
  CHECK(Leaky<>{.decay = 0.5F}.decay == 0.5F);
  CHECK(Diet<>{{.threshold = 2.0F, .decay = 0.5F}}.decay == 0.5F);
  CHECK(Delayed<Leaky<>>{{.decay = 0.5F}}.decay == 0.5F);
  CHECK(Triangle{.height = 0.5F, .width = 2.0F}.height == 0.5F);
  CHECK(Polynomial{.a = 2.0F}.a == 2.0F);
  CHECK(GaussianCdf{.variance = 2.0F}.variance == 2.0F);
  CHECK(SuperSpike{.height = 0.5F, .steepness = 3.0F}.height == 0.5F);
  CHECK(PiecewiseLeakyRelu{.width = 2.0F, .leak = 0.1F}.leak == 0.1F);
  CHECK(S2nn{.steepness = 2.0F, .height = 0.5F}.height == 0.5F);
  CHECK(QPseudoSpike{.alpha = 3.0F}.alpha == 3.0F);
}

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/moving_bars.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/conversion/calibration.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/metric/accuracy.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/neuron/neuron.hpp>

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

constexpr Shape shape{3, 6, 1};
constexpr int frames = 5;
using Bars = data::MovingBars<shape, frames, 2>;
using Net = Network<shape, layer::Dense<32>, layer::Spiking<neuron::Lif<neuron::SoftReset>>,
                    layer::Dense<2>, layer::MeanOverTime>;

/// Bars with their frames in another order, which is that of the numbers.
struct Reordered {
  static constexpr Shape shape = Bars::shape;
  static constexpr int frames = Bars::frames;
  static constexpr int classes = Bars::classes;
  static constexpr std::string_view name = "reordered bars";
  static constexpr data::Range range = Bars::range;

  [[nodiscard]] std::size_t size() const { return bars.size(); }
  [[nodiscard]] int label(std::size_t index) const { return bars.label(index); }
  void read(std::size_t index, std::span<float> values) const {
    std::vector<float> own(values.size());
    bars.read(index, own);
    const auto size = static_cast<std::size_t>(shape.size());
    for (std::size_t frame = 0; frame < order.size(); ++frame)
      std::copy_n(own.data() + order[frame] * size, size, values.data() + frame * size);
  }
  const Bars& bars;
  std::vector<std::size_t> order;
};

/// What is left of bars without time: the sum over the frames.
struct Summed {
  static constexpr Shape shape = Bars::shape;
  static constexpr int classes = Bars::classes;
  static constexpr std::string_view name = "summed bars";
  static constexpr data::Range range{0.0F, 2.0F * frames};

  [[nodiscard]] std::size_t size() const { return bars.size(); }
  [[nodiscard]] int label(std::size_t index) const { return bars.label(index); }
  void read(std::size_t index, std::span<float> values) const {
    std::vector<float> own(data::sample_size_of<Bars>());
    bars.read(index, own);
    std::fill(values.begin(), values.end(), 0.0F);
    for (std::size_t i = 0; i < own.size(); ++i) values[i % values.size()] += own[i];
  }
  const Bars& bars;
};

template <class Encoding>
Net trained(const Encoding& encoding, data::DatasetView set, int epochs) {
  Net net;
  network::initialize(net, 1);
  learn::TrainSettings settings;
  settings.epochs = epochs;
  settings.batch_size = 16;
  learn::Bptt<> rule;
  rule.optimizer.rate = 0.02;
  rule.fit(net, encoding, set, settings, learn::Objective::mixture(), {});
  return net;
}

double accuracy(const NetworkView& model, data::DatasetView set) {
  std::vector<int> labels;
  for (std::size_t i = 0; i < set.size(); ++i) labels.push_back(set.label(i));
  return metric::accuracy(model.predict(set), labels).percent();
}

/// A trainer of a fresh network; the network must outlive it.
template <class Encoding>
auto trainer(Net& net, const Encoding& encoding, Index timesteps) {
  learn::TrainSettings settings;
  settings.epochs = 1;
  settings.timesteps = timesteps;
  return learn::Trainer<Net, Encoding, learn::CrossEntropy, learn::Adam>{net, encoding, {},
                                                                         {},  {},       settings};
}

}  // namespace

TEST_CASE("A network learns a direction from the order of the frames and from nothing else",
          "[learn][frames]") {
  const Bars train{240};
  const Bars test{120, 2};
  const Net net = trained(encode::Frames{}, train, 8);
  const NetworkView model = view_of(net, encode::Frames{}, frames);
  CHECK(accuracy(model, test) > 90.0);
  // Backwards, each class is the other one.
  CHECK(accuracy(model, Reordered{test, {4, 3, 2, 1, 0}}) < 10.0);
  // 0, 2, 4, 1, 3: by two columns a frame, and three back.
  const double mixed = accuracy(model, Reordered{test, {0, 3, 1, 4, 2}});
  CHECK(mixed < 80.0);

  const Summed sums{train};
  const Net blind = trained(encode::Direct{}, sums, 8);
  // Of 120 samples half right by chance: the deviation is 4.6 percent, the bound three of them.
  const Summed other_sums{test};
  CHECK(std::abs(accuracy(view_of(blind, encode::Direct{}, 4), other_sums) - 50.0) < 14.0);
}

TEST_CASE("Binary frames are learnt as spikes", "[learn][frames]") {
  const data::MovingBars<shape, frames, 2, 1> train{240};
  const data::MovingBars<shape, frames, 2, 1> test{120, 2};
  const Net net = trained(encode::BinaryFrames{}, train, 8);
  CHECK(accuracy(view_of(net, encode::BinaryFrames{}, frames), test) > 90.0);
  CHECK_THROWS_WITH(trained(encode::BinaryFrames{}, Bars{40}, 1),
                    Contains("binary frames, sample") && Contains("found 2"));
}

TEST_CASE("The steps of training come from the frames", "[learn][frames]") {
  const Bars bars{40};
  Net net;
  network::initialize(net, 1);
  auto usual = trainer(net, encode::Frames{}, learn::TrainSettings::usual_timesteps);
  const Key key = usual.key(bars);
  CHECK(*key.find("timesteps") == "5");
  CHECK(*key.find("frames") == "5");
  CHECK(trainer(net, encode::Frames{}, frames).key(bars) == key);
  CHECK_NOTHROW(usual.probe(bars));

  const auto clash =
      Contains("timesteps: expected 5, the frames of a sample of moving bars, found 6");
  CHECK_THROWS_WITH(trainer(net, encode::Frames{}, 6).fit(bars), clash);
  CHECK_THROWS_WITH(trainer(net, encode::Frames{}, 6).probe(bars), clash);
  CHECK_THROWS_WITH(trainer(net, encode::Frames{}, 6).key(bars), clash);
  CHECK_THROWS_WITH(
      trainer(net, encode::Direct{}, 4).fit(bars),
      Contains("samples of moving bars for the encoder direct") && Contains("found 5 frames"));
  const data::Blobs<shape, 2> images{40};
  CHECK(trainer(net, encode::Direct{}, 4).key(images).find("frames") == nullptr);
}

TEST_CASE("Training with the default steps is training with the frames' number",
          "[learn][frames]") {
  const Bars bars{40};
  Net usual;
  Net given;
  network::initialize(usual, 1);
  network::initialize(given, 1);
  trainer(usual, encode::Frames{}, learn::TrainSettings::usual_timesteps).fit(bars);
  trainer(given, encode::Frames{}, frames).fit(bars);
  CHECK(std::ranges::equal(usual.parameters(), given.parameters()));
}

TEST_CASE("A view runs frames in any windows and refuses other frames than steps",
          "[network][frames]") {
  const Bars bars{21};
  Net net;
  network::initialize(net, 1);
  const auto whole = view_of(net, encode::Frames{}, frames, 8).outputs(bars);
  for (const Index window : {1, 2, 3})
    CHECK(view_of(net, encode::Frames{}, frames, 5, window).outputs(bars) == whole);
  // After some frames: what the first of them alone give is what a longer sequence gave so far.
  const std::vector<Index> counts{2, 5};
  const auto after = view_of(net, encode::Frames{}, frames, 8).outputs_after(bars, counts);
  CHECK(after[1] == whole);
  CHECK(after[0] != whole);
  CHECK_THROWS_WITH(
      view_of(net, encode::Frames{}, 4).outputs(bars),
      Contains("timesteps: expected 5, the frames of a sample of moving bars, found 4"));
  CHECK_THROWS_WITH(view_of(net, encode::Poisson{}, 5).outputs(bars),
                    Contains("samples of moving bars for the encoder poisson"));
  WindowedRun<Net, encode::Frames> run{net, {}, frames, 2, 0};
  CHECK(run.frames() == frames);
  CHECK(WindowedRun<Net, encode::Direct>{net, {}, frames, 2, 0}.frames() == 1);
}

TEST_CASE("Conversion takes images alone", "[learn][frames]") {
  using Ann = Network<shape, layer::Dense<4>, layer::Relu, layer::Dense<2>>;
  const Ann ann;
  const Bars bars{4};
  CHECK_THROWS_WITH((learn::Calibration<Ann, encode::Frames>{ann, {}, bars}),
                    Contains("set for calibration: expected images, which have one frame") &&
                        Contains("found 5 frames"));
}

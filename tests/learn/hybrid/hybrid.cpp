#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/learn/hybrid/hybrid.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/view.hpp>

using namespace snnbd;

namespace {

using Blobs = data::Blobs<Shape{8, 8, 1}, 4>;
using Net = Network<Blobs::shape, layer::Conv<8, 3>, layer::Spiking<neuron::Lif<>>,
                    layer::AvgPool<2>, layer::Dense<16>, layer::Spiking<neuron::Lif<>>,
                    layer::Dense<Blobs::classes>, layer::MeanOverTime>;
using Ann = AnnTwin<Net>;

auto converted_network(std::uint64_t seed) {
  Ann ann;
  network::initialize(ann, seed);
  const Blobs blobs{64, 1};
  return learn::convert(ann, learn::MaxNorm{}, blobs, encode::Direct{}).net;
}

template <class Model>
std::vector<float> outputs(const Model& net, Index steps) {
  const Blobs blobs{20, 2};
  return view_of(net, encode::Direct{}, steps).outputs(blobs);
}

}  // namespace

TEMPLATE_TEST_CASE("Tuning begins with the network that conversion gave", "[learn]", learn::Stdb<>,
                   (learn::Stdb<learn::SameStep, neuron::Triangle>), learn::DietStdb<>) {
  auto converted = converted_network(3);
  converted.for_each_layer([]<class Spec>(Spec& spec, int) {
    if constexpr (layer::is_spiking<Spec>) spec.start = 0.5F;
  });
  TestType stdb;
  stdb.threshold_factor = 1.0F;
  const auto tuned = stdb.begin(converted);
  for (const Index steps : {1, 8, 21}) {
    const auto expected = outputs(converted, steps);
    CHECK(outputs(tuned, steps) == expected);
    if (steps > 1) CHECK(std::abs(expected[0]) > 0.0F);
  }
  stdb.threshold_factor = 0.5F;
  CHECK(outputs(stdb.begin(converted), 8) != outputs(converted, 8));
}

TEST_CASE("Thresholds are scaled for tuning and amplitudes are not", "[learn]") {
  const auto converted = converted_network(4);
  learn::DietStdb<> stdb;
  stdb.threshold_factor = 0.5F;
  stdb.decay = 0.75F;
  const auto tuned = stdb.begin(converted);
  const auto compare = [](const auto& before, const auto& after) {
    CHECK(after.neuron.threshold == 0.5F * before.neuron.threshold);
    CHECK(after.amplitude == before.amplitude);
    CHECK(after.neuron.decay == 0.75F);
  };
  compare(converted.layer<1>(), tuned.layer<1>());
  compare(converted.layer<4>(), tuned.layer<4>());
  std::vector<float> own;
  for (const network::ParameterTensor& tensor : tuned.tensors())
    if (tensor.parameter.kind == layer::ParameterKind::neuron)
      for (Index i = 0; i < tensor.parameter.size(); ++i)
        own.push_back(tuned.parameters()[static_cast<std::size_t>(tensor.offset + i)]);
  CHECK(own == std::vector<float>{static_cast<float>(tuned.layer<1>().neuron.threshold), 0.75F,
                                  static_cast<float>(tuned.layer<4>().neuron.threshold), 0.75F});
}

TEST_CASE("The reading of Rathi delays by one step for each layer of neurons", "[learn]") {
  using Small =
      Network<Shape{1, 1, 1}, layer::Dense<1>, layer::Spiking<neuron::If<>>, layer::Dense<1>,
              layer::Spiking<neuron::If<>>, layer::Dense<1>, layer::MeanOverTime>;
  Converted<AnnTwin<Small>> net;
  for (float& weight : net.parameters()) weight = 1.0F;
  learn::Stdb<learn::SameStep> same;
  learn::Stdb<learn::Rathi> rathi;
  same.threshold_factor = rathi.threshold_factor = 0.71F;  // crossed, and never met, by sums of 1/2
  const auto at_once = same.begin(net);
  const auto late = rathi.begin(net);
  const std::vector<float> image{0.5F};
  std::vector<float> sums;
  std::vector<float> delayed;
  for (Index steps = 1; steps <= 12; ++steps) {
    const auto run = [&](const auto& model) {
      using Model = std::remove_cvref_t<decltype(model)>;
      Pass<Model, Static<Shape{1, 1, 1}>> pass{{1, steps}, false};
      return *pass.forward(model, RealView<const float>{image.data(), {1, 1}, {1, 1, 1}}).data;
    };
    sums.push_back(run(at_once) * static_cast<float>(steps));  // the other reading does not divide
    delayed.push_back(run(late));
  }
  CHECK(delayed[0] == 0.0F);
  CHECK(delayed[1] == 0.0F);
  for (std::size_t step = 2; step < 12; ++step) {
    CAPTURE(step);
    CHECK(delayed[step] == Approx(sums[step - 2]));
  }
  CHECK(sums[9] > 4.0F);
}

TEMPLATE_TEST_CASE("Tuning lowers the loss of a converted network", "[learn]", learn::Stdb<>,
                   (learn::Stdb<learn::SameStep, neuron::Triangle>), (learn::Stdb<learn::Rathi>),
                   learn::DietStdb<>) {
  const auto converted = converted_network(5);
  const TestType stdb;
  auto net = stdb.begin(converted);
  const Blobs blobs{256, 1, 0.1F};
  learn::TrainSettings settings;
  settings.epochs = 6;
  settings.batch_size = 16;
  settings.timesteps = 6;
  auto training = stdb.training;
  training.optimizer.rate = 2e-3;
  const auto before = std::vector<float>(net.parameters().begin(), net.parameters().end());
  const auto record = training.fit(net, encode::Direct{}, blobs, settings, {}, {});
  CHECK(record.epochs.back().loss < 0.5 * record.epochs.front().loss);
  CHECK(record.epochs.back().accuracy > 90.0);
  for (const network::ParameterTensor& tensor : net.tensors()) {
    const auto* const was = before.data() + tensor.offset;
    CAPTURE(tensor.name());
    CHECK_FALSE(
        std::equal(was, was + tensor.parameter.size(), net.parameters().data() + tensor.offset));
  }
}

TEST_CASE("Settings of tuning out of range are refused by name", "[learn]") {
  const auto converted = converted_network(6);
  learn::Stdb<> stdb;
  for (const float wrong : {0.0F, -1.0F, std::nanf("")}) {
    stdb.threshold_factor = wrong;
    CHECK_THROWS_WITH(stdb.begin(converted), Catch::Contains("threshold factor"));
  }
  stdb.threshold_factor = 1.0F;
  stdb.decay = 1.5F;
  CHECK_THROWS_WITH(stdb.begin(converted), Catch::Contains("leaky decay"));
}

TEST_CASE("Combinations of poisoned steps have the names of the paper's Table 8", "[learn]") {
  using learn::PoisonedSteps;
  CHECK(learn::com1.name() == "Com1");
  CHECK(learn::com2.name() == "Com2");
  CHECK(learn::com3.name() == "Com3");
  CHECK(learn::com4.name() == "Com4");
  CHECK(learn::com2.parts() == "calibration+tuning");
  CHECK(learn::com1.parts() == "none");
  CHECK(PoisonedSteps{.ann = true, .tuning = true}.name() == "ann+tuning");
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < i; ++j)
      CHECK(learn::every_combination[i] != learn::every_combination[j]);
}

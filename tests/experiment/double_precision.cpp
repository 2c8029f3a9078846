#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/encode/direct.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/network/checkpoint.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/stage/conversion_reports.hpp>

#include "../core/file_folder.hpp"
#include "toy.hpp"

/// What networks in single precision can do those in double precision can, and their settings are
/// not rounded on the way.

using namespace snnbd;
using namespace snnbd_tests;

namespace {

template <class Scalar, class Activation, class Pool = layer::MaxPool<2>>
using Small = BasicNetwork<Scalar, Toy::shape, layer::Conv<8, 3>, Activation, Pool,
                           layer::Dense<Toy::classes>, layer::MeanOverTime>;
using Cells = layer::Spiking<neuron::Lif<neuron::SoftReset, neuron::Triangle>>;

template <class Scalar>
Small<Scalar, Cells> drawn() {
  Small<float, Cells> single;
  network::initialize(single, 3);
  Small<Scalar, Cells> net;
  std::copy(single.parameters().begin(), single.parameters().end(), net.parameters().begin());
  return net;
}

template <class Net>
std::vector<typename Net::ScalarType> outputs(const Net& net) {
  Pass<Net, Static<Toy::shape>> pass{{4, 8}, false};
  const auto in = pass.input();
  for (Index i = 0; i < in.size(); ++i)
    in.data[i] = static_cast<typename Net::ScalarType>(i % 17) / 16;
  const auto out = pass.forward(net, in);
  return {out.data, out.data + out.size()};
}

}  // namespace

TEST_CASE("An experiment in double precision finds what one in single precision does",
          "[experiment]") {
  using Study = Experiment<Dirty, encode::Direct, Small<double, Cells>, learn::Bptt<>>;
  const report::Report report = run<Study>(toy_settings());
  REQUIRE(report.cells.size() == 2);
  CHECK(percent(report.cells[0].acc) > 90.0);
  CHECK(percent(report.cells[1].asr_excluding_target) > 85.0);
}

TEST_CASE("A conversion in double precision is an experiment as any other", "[experiment]") {
  using Study = Experiment<Dirty, encode::Direct, Small<double, Cells>,
                           learn::Conversion<learn::MaxNorm, learn::MovingRobustNorm>,
                           stage::AccAsr, stage::ConversionReports>;
  Settings settings = toy_settings();
  settings.clean_control = false;
  const report::Report report = run<Study>(settings);
  REQUIRE(report.cells.size() == 3);
  CHECK(report.cells[0].rule == "ANN");
  CHECK(report.cells[1].rule == "LR_C");
}

TEST_CASE("A network in double precision comes back from its file to the last bit",
          "[experiment]") {
  const Folder folder;
  auto net = drawn<double>();
  net.layer<1>().neuron.threshold = 0.1;
  net.layer<1>().neuron.tau = 1.7;
  net.layer<1>().amplitude = 1.0 / 3.0;
  net.layer<1>().neuron.surrogate.height = 0.3;
  for (double& value : net.parameters()) value += 1e-12;
  const std::string file = folder.at("net");
  network::save(file, net);
  Small<double, Cells> found;
  network::load(file, found);
  CHECK(found.layer<1>().neuron.threshold == 0.1);
  CHECK(found.layer<1>().amplitude == 1.0 / 3.0);
  CHECK(std::equal(net.parameters().begin(), net.parameters().end(), found.parameters().begin()));
  CHECK(outputs(found) == outputs(net));
}

TEST_CASE("Settings count in double in a network in double precision, in single in another",
          "[experiment]") {
  const auto settle = [](auto net, double threshold, double tau, double amplitude) {
    net.template layer<1>().neuron.threshold = threshold;
    net.template layer<1>().neuron.tau = tau;
    net.template layer<1>().amplitude = amplitude;
    net.template layer<1>().start = 0.3;
    return net;
  };
  const auto precise = [&](auto net) { return settle(net, 0.1, 1.7, 0.7); };
  const auto rounded = [&](auto net) {
    return settle(net, static_cast<double>(0.1F), static_cast<double>(1.7F),
                  static_cast<double>(0.7F));
  };
  CHECK(outputs(precise(drawn<float>())) == outputs(rounded(drawn<float>())));
  CHECK(outputs(precise(drawn<double>())) != outputs(rounded(drawn<double>())));
}

TEST_CASE("Thresholds of a conversion in double precision are those that were found",
          "[experiment]") {
  using Ann = Small<double, layer::Relu>;
  Ann ann;
  network::initialize(ann, 4);
  const data::Blobs<Toy::shape, Toy::classes> set{40};
  const auto result =
      learn::convert(ann, learn::ScaledMax{.factor = 1.0 / 3.0}, set, encode::Direct{});
  const double found = result.record.layers[0].threshold;
  CHECK(found != static_cast<double>(static_cast<float>(found)));
  CHECK(result.net.layer<1>().neuron.threshold == found);
  CHECK(result.net.layer<1>().amplitude == found);
}

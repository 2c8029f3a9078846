#include <clocale>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <locale>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/checkpoint.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/neuron/leaky.hpp>

#include "../core/temporary_file.hpp"

// What files keep of a network besides its parameters.

namespace {

using namespace snnbd;
using snnbd_tests::TemporaryFile;
namespace st = snnbd::safetensors;
using Catch::Matchers::Contains;

template <class Reset = neuron::HardReset, class Surrogate = neuron::Sigmoid>
using Tiny = Network<Shape{1, 1, 2}, layer::Dense<1>, layer::Spiking<neuron::Lif<Reset, Surrogate>>,
                     layer::SpikeRate>;

/// All that a network is.
template <class Net>
std::string everything(const Net& net) {
  std::string text = network::layer_key(net.layers()).text();
  const auto bytes = std::as_bytes(net.parameters());
  return text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// What a network says that refuses a file; it must be as it was.
template <class Net>
std::string refusal(const std::string& path) {
  Net net;
  net.parameters()[0] = 3.0F;
  net.template layer<1>().neuron.threshold = 2.5F;
  const std::string before = everything(net);
  std::string sentence = "accepted";
  try {
    network::load(path, net);
  } catch (const Error& error) {
    sentence = error.what();
    CHECK(everything(net) == before);
  }
  return sentence;
}

Tiny<> changed() {
  Tiny<> net;
  net.parameters()[0] = 1.0F;
  net.parameters()[1] = -2.0F;
  auto& spiking = net.layer<1>();
  spiking.neuron.tau = 8.0F;
  spiking.neuron.threshold = 0.3F;
  spiking.neuron.decay_input = false;
  spiking.neuron.reset.value = -0.1F;
  spiking.neuron.surrogate.steepness = 7.0F;
  spiking.amplitude = 1.7F;
  spiking.start = 0.5F;
  net.layer<2>().factor = 2.0F;
  return net;
}

/// What the library wrote before it kept members.
std::string version_1(const std::string& neurons, const std::string& checksum = "c3872656") {
  std::string header =
      R"({"__metadata__":{"by":"version 1","network":"dense-spiking-spike_rate","neurons":")" +
      neurons + R"(","checksum":"crc32:)" + checksum +
      R"("},"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  return bytes + header + std::string{"\x00\x00\x80\x3F\x00\x00\x00\xC0", 8};
}

struct Comma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\1"; }
};

}  // namespace

TEST_CASE("All members of a network's layers come back with it", "[network]") {
  const TemporaryFile file;
  const Tiny<> net = changed();
  network::save(file.path, net);
  Tiny<> found;
  const auto metadata = network::load(file.path, found);
  CHECK(everything(found) == everything(net));
  CHECK(found.layer<1>().neuron.tau == 8.0F);
  network::save(file.path, net, metadata);
  CHECK(network::load(file.path, found) == metadata);

  using Deep = Network<
      Shape{4, 4, 1},
      layer::Residual<layer::Sequence<
          layer::Conv<2, 3>, layer::BatchNorm<layer::BatchNormOptions{.threshold_dependent = true}>,
          layer::Spiking<neuron::Delayed<neuron::Diet<>>>, layer::Conv<1, 3>>>,
      layer::Dropout, layer::Dense<2>, layer::AccumulatedMembrane>;
  Deep deep;
  deep.set_threshold(0.4F);
  deep.layer<0>().branch.layer<1>().epsilon = 0.1;
  deep.layer<1>().rate = 0.125F;
  deep.layer<3>().divide_by_steps = true;
  network::save(file.path, deep);
  Deep other;
  network::load(file.path, other);
  CHECK(everything(other) == everything(deep));
  CHECK(other.layer<0>().branch.layer<1>().theta == 0.4F);
}

TEST_CASE("A file of other layers, neurons or resets is refused by the layer's name", "[network]") {
  const TemporaryFile file;
  network::save(file.path, changed());
  CHECK_THAT(refusal<Tiny<neuron::SoftReset>>(file.path),
             Contains(file.path + ", layer 1.neuron.reset: expected SoftReset, found 'HardReset'"));
  using Other =
      Network<Shape{1, 1, 2}, layer::Dense<1>, layer::Spiking<neuron::If<>>, layer::SpikeRate>;
  CHECK_THAT(refusal<Other>(file.path), Contains("layer 1.neuron: expected If, found 'Lif'"));
  using Longer = Network<Shape{1, 1, 2}, layer::Dense<1>, layer::Spiking<neuron::Lif<>>,
                         layer::Flatten, layer::SpikeRate>;
  CHECK_THAT(refusal<Longer>(file.path), Contains("layer 2: expected Flatten, found 'SpikeRate'"));
  // What a neuron gives does not depend on its surrogate.
  Tiny<neuron::HardReset, neuron::Triangle> net;
  network::load(file.path, net);
  CHECK(net.layer<1>().neuron.tau == 8.0F);
  CHECK(net.layer<1>().neuron.surrogate.width == neuron::Triangle{}.width);
}

TEST_CASE("A file whose members no network can have is refused", "[network]") {
  const TemporaryFile file;
  const auto with = [&](auto change) {
    Tiny<> net = changed();
    change(net.layer<1>());
    network::save(file.path, net);
    return refusal<Tiny<>>(file.path);
  };
  CHECK_THAT(with([](auto& layer) { layer.neuron.threshold = 0.0F; }),
             Contains(file.path + ", layer 1, lif threshold: "));
  CHECK_THAT(with([](auto& layer) { layer.neuron.tau = 1.0F; }), Contains("lif tau"));
  CHECK_THAT(with([](auto& layer) { layer.start = std::nanf(""); }), Contains("layer 1.start"));
  CHECK_THAT(with([](auto& layer) { layer.amplitude = -HUGE_VALF; }), Contains("1.amplitude"));
  CHECK(with([](auto&) {}) == "accepted");
}

TEST_CASE("A file of another tool leaves all members as they are", "[network]") {
  const TemporaryFile file;
  const Tiny<> net = changed();
  st::write(file.path, network::export_parameters(net));
  Tiny<> found = changed();
  found.parameters()[0] = 9.0F;
  network::load(file.path, found);
  CHECK(everything(found) == everything(net));
}

TEST_CASE("Files of version 1 give neurons their thresholds, amplitudes and starts", "[network]") {
  const TemporaryFile file;
  const std::string golden = version_1(R"(1 0x1.333334p-2 0x1.b33334p+0 -0x1p-1\n)");
  REQUIRE(golden.size() == 232);
  file.write(golden);
  Tiny<> net;
  net.layer<1>().neuron.tau = 5.0F;
  network::load(file.path, net);
  CHECK(net.parameters()[1] == -2.0F);
  CHECK(net.layer<1>().neuron.threshold == 0.3F);
  CHECK(net.layer<1>().amplitude == 1.7F);
  CHECK(net.layer<1>().start == -0.5F);
  CHECK(net.layer<1>().neuron.tau == 5.0F);

  const auto refused = [&](const std::string& neurons) {
    file.write(version_1(neurons));
    return refusal<Tiny<>>(file.path);
  };
  CHECK(refused(R"(1 0x1p+0 0x1p+0 0x0p+0\n)") == "accepted");
  for (const char* wrong :
       {R"(1 0x1p+0 0x1p+0 0x0p+0)", R"(1 0x1p+0 0x1p+0\n)", R"(1 0x1p+0 nan 0x0p+0\n)",
        R"(1 -0x1p+0 0x1p+0 0x0p+0\n)", R"(1 0x0p+0 0x1p+0 0x0p+0\n)", R"(1 0x1p+0 0x1p+0 inf\n)",
        R"(1 0x1p+0 0x1p+0 0x0p+0 \n)", R"(1 0x1p+0 0x1p+0 0x0p+0x\n)",
        R"(1 0x1p+200 0x1p+0 0x0p+0\n)", R"( 1 0x1p+0 0x1p+0 0x0p+0\n)",
        R"(1  0x1p+0 0x1p+0 0x0p+0\n)", R"(1 1 1 0\n)", R"(1 0x-1p+0 0x1p+0 0x0p+0\n)",
        R"(+1 0x1p+0 0x1p+0 0x0p+0\n)", R"(99999999999 0x1p+0 0x1p+0 0x0p+0\n)", R"(\n)"})
    CHECK_THAT(refused(wrong), Contains("a place, a threshold, an amplitude and a start"));
  CHECK_THAT(refused(R"(2 0x1p+0 0x1p+0 0x0p+0\n)"),
             Contains("expected neurons at the places 1, found 2"));
  CHECK_THAT(refused(R"(1 0x1p+0 0x1p+0 0x0p+0\n3 0x1p+0 0x1p+0 0x0p+0\n)"),
             Contains("found 1, 3"));
  CHECK_THAT(refused(""), Contains("found none"));
  file.write(version_1("", "c3872657"));
  CHECK_THAT(refusal<Tiny<>>(file.path), Contains("checksum"));
}

TEST_CASE("Every bit of a network's file that changes the network is noticed", "[network]") {
  const TemporaryFile file;
  const Tiny<> net = changed();
  network::save(file.path, net, {{"by", "hand"}});
  const std::string bytes = file.read();
  const auto metadata = st::read(file.path).metadata;
  Tiny<> found;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << bit));
      try {
        const st::File read = st::decode(std::as_bytes(std::span{damaged}), "damaged");
        network::read_content(read, found, "damaged", network::OtherSurrogate::kept_out)
            .apply(found);
        CAPTURE(at, bit);
        CHECK(read.metadata == metadata);
        CHECK(everything(found) == everything(net));
      } catch (const Error&) {
      }
    }
}

TEST_CASE("Files of networks do not depend on the locale", "[network]") {
  const TemporaryFile file;
  const Tiny<> net = changed();
  network::save(file.path, net);
  const std::string bytes = file.read();
  const std::string old = version_1(R"(1 0x1.333334p-2 0x1.b33334p+0 -0x1p-1\n)");

  const std::locale before = std::locale::global(std::locale{std::locale{}, new Comma});
  const std::string c_before = std::setlocale(LC_ALL, nullptr);
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr)
    WARN("de_DE.UTF-8 is not installed: tested with C++'s locale only");
  network::save(file.path, net);
  const std::string again = file.read();
  Tiny<> found;
  network::load(file.path, found);
  file.write(old);
  Tiny<> from_old;
  network::load(file.path, from_old);
  std::setlocale(LC_ALL, c_before.c_str());
  std::locale::global(before);

  CHECK(again == bytes);
  CHECK(everything(found) == everything(net));
  CHECK(from_old.layer<1>().neuron.threshold == 0.3F);
}

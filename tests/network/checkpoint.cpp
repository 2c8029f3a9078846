#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/checkpoint.hpp>
#include <snnbd/network/initialize.hpp>

#include "../core/temporary_file.hpp"

namespace {

using namespace snnbd;
using snnbd_tests::TemporaryFile;
namespace st = snnbd::safetensors;
using Catch::Matchers::Contains;
using Neuron = neuron::Plif<neuron::SoftReset, neuron::Sigmoid>;

template <class Scalar, int Units = 4>
using Net =
    BasicNetwork<Scalar, Shape{5, 4, 2},
                 layer::Conv<3, 3, layer::ConvOptions{.stride = 2, .bias = true}>,
                 layer::Spiking<Neuron>, layer::Dense<Units, layer::DenseOptions{.bias = true}>,
                 layer::MeanOverTime>;

template <class Made>
Made made(std::uint64_t seed) {
  Made net;
  network::initialize(net, seed, network::Initialization::pytorch_default);
  return net;
}

template <class Made>
std::vector<typename Made::ScalarType> values(const Made& net) {
  return {net.parameters().begin(), net.parameters().end()};
}

template <class Scalar>
bool same_bytes(const std::vector<Scalar>& a, const std::vector<Scalar>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Scalar)) == 0;
}

template <class Scalar>
void check_round_trip() {
  const TemporaryFile file;
  auto net = made<Net<Scalar>>(1);
  net.parameters()[0] = Scalar{-0.0};
  net.parameters()[1] = std::numeric_limits<Scalar>::denorm_min();
  net.parameters()[2] = std::numeric_limits<Scalar>::max();
  network::save(file.path, net, {{"settings", "tau = 2"}});
  auto other = made<Net<Scalar>>(2);
  REQUIRE_FALSE(same_bytes(values(net), values(other)));
  const auto metadata = network::load(file.path, other);
  CHECK(same_bytes(values(net), values(other)));
  const st::File content = st::read(file.path);
  CHECK(*content.find_metadata("settings") == "tau = 2");
  CHECK(*content.find_metadata("network") == "conv-spiking-dense-mean_over_time");
  CHECK(metadata == content.metadata);
}

}  // namespace

TEST_CASE("A network comes back from its file bit for bit", "[network]") {
  check_round_trip<float>();
  check_round_trip<double>();
}

TEST_CASE("Tensors lie in the file as a PyTorch module would load them", "[network]") {
  const auto net = made<Net<float>>(1);
  const auto entries = network::export_parameters(net);
  REQUIRE(entries.size() == 5);
  const float* const ours = net.parameters().data();

  CHECK(entries[0].name == "0.weight");
  CHECK(entries[0].shape == std::vector<std::int64_t>{3, 2, 3, 3});
  const auto conv = st::values_of<float>(entries[0]);
  std::size_t place = 0;
  for (int out = 0; out < 3; ++out)
    for (int in = 0; in < 2; ++in)
      for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 3; ++x) CHECK(conv[place++] == ours[((y * 3 + x) * 2 + in) * 3 + out]);

  CHECK(entries[1].name == "0.bias");
  CHECK(entries[1].shape == std::vector<std::int64_t>{3});
  CHECK(st::values_of<float>(entries[1])[2] == ours[54 + 2]);
  CHECK(entries[2].name == "1.w");
  CHECK(entries[2].shape.empty());
  CHECK(st::values_of<float>(entries[2])[0] == ours[57]);

  // 5 x 4 becomes 3 x 2 of 3 channels; PyTorch flattens them as [channel, y, x].
  CHECK(entries[3].name == "2.weight");
  CHECK(entries[3].shape == std::vector<std::int64_t>{4, 18});
  const auto dense = st::values_of<float>(entries[3]);
  place = 0;
  for (int out = 0; out < 4; ++out)
    for (int channel = 0; channel < 3; ++channel)
      for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 2; ++x)
          CHECK(dense[place++] == ours[58 + ((y * 2 + x) * 3 + channel) * 4 + out]);
  CHECK(entries[4].name == "2.bias");
  CHECK(entries[4].shape == std::vector<std::int64_t>{4});
}

TEST_CASE("A file that does not fit is refused and leaves the network as it was", "[network]") {
  const TemporaryFile file;
  const auto source = made<Net<float>>(1);
  const auto refusal = [&](auto change) {
    auto entries = network::export_parameters(source);
    change(entries);
    st::write(file.path, entries);
    auto net = made<Net<float>>(2);
    const auto before = values(net);
    std::string sentence = "accepted";
    try {
      network::load(file.path, net);
    } catch (const Error& error) {
      sentence = error.what();
      CHECK(same_bytes(values(net), before));
    }
    return sentence;
  };
  using Entries = std::vector<st::TensorEntry>;
  CHECK(refusal([](Entries&) {}) == "accepted");
  CHECK_THAT(
      refusal([](Entries& entries) {
        entries[3].shape = {18, 4};
      }),
      Contains(file.path) && Contains("2.weight") && Contains("[4, 18]") && Contains("[18, 4]"));
  CHECK_THAT(refusal([](Entries& entries) {
               entries[0].shape = {3, 2, 9};
             }),
             Contains("0.weight") && Contains("[3, 2, 3, 3]"));
  CHECK_THAT(refusal([](Entries& entries) {
               const std::vector<double> wide(4, 1.0);
               entries[4] = st::make_entry<double>("2.bias", {4}, wide);
             }),
             Contains("2.bias") && Contains("F32") && Contains("F64 values, which it would round"));
  CHECK_THAT(refusal([](Entries& entries) { entries.pop_back(); }), Contains("a tensor '2.bias'"));
  for (const float wrong :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    CHECK_THAT(refusal([&](Entries& entries) {
                 std::memcpy(entries[4].bytes.data() + sizeof(float), &wrong, sizeof(float));
               }),
               Contains("2.bias") && Contains("finite values"));
  }
  CHECK(refusal([](Entries& entries) {
          const std::vector<float> more(3, 1.0F);
          entries.push_back(st::make_entry<float>("unknown", {3}, more));
        }) == "accepted");
}

TEST_CASE("A network of other sizes or values is refused", "[network]") {
  const TemporaryFile file;
  network::save(file.path, made<Net<float>>(1));
  auto wider = made<Net<float, 5>>(2);
  const auto before = values(wider);
  CHECK_THROWS_WITH(network::load(file.path, wider), Contains("layer 2: expected Dense<5, "));
  CHECK(same_bytes(values(wider), before));
}

TEST_CASE("Values of a narrower type are taken as they are", "[network]") {
  const TemporaryFile file;
  const auto single = made<Net<float>>(1);
  network::save(file.path, single);
  auto exact = made<Net<double>>(2);
  network::load(file.path, exact);
  for (std::size_t i = 0; i < single.parameters().size(); ++i)
    CHECK(exact.parameters()[i] == static_cast<double>(single.parameters()[i]));

  const auto bits = [](const std::string& type, const std::vector<std::uint16_t>& values) {
    const auto bytes = std::as_bytes(std::span{values});
    return st::TensorEntry{"2.bias", type, {4}, {bytes.begin(), bytes.end()}};
  };
  const auto biases = [&](const st::TensorEntry& bias) {
    auto entries = network::export_parameters(single);
    entries[4] = bias;
    st::write(file.path, entries);
    auto net = made<Net<float>>(2);
    network::load(file.path, net);
    const auto last = net.parameters().last(4);
    return std::vector<float>{last.begin(), last.end()};
  };
  CHECK(biases(bits("F16", {0x3C00, 0xC500, 0x0001, 0x7BFF})) ==
        std::vector<float>{1.0F, -5.0F, 0x1p-24F, 65504.0F});
  CHECK(biases(bits("BF16", {0x3F80, 0xC0A0, 0x0001, 0x7F7F})) ==
        std::vector<float>{1.0F, -5.0F, 0x1p-133F, 0x1.FEp127F});
  CHECK_THROWS_WITH(biases(bits("F16", {0x3C00, 0x7C00, 0, 0})), Contains("finite values"));
  CHECK_THROWS_WITH(biases(bits("I16", {1, 2, 3, 4})), Contains("'I16' values"));
}

TEST_CASE("Damage anywhere in a network's file is found", "[network]") {
  const TemporaryFile file;
  network::save(file.path, made<Net<float>>(1));
  std::ifstream in{file.path, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  in.close();
  auto net = made<Net<float>>(2);
  const auto before = values(net);
  const auto refuse = [&](const std::string& content) {
    std::ofstream{file.path, std::ios::binary} << content;
    CHECK_THROWS_AS(network::load(file.path, net), Error);
    CHECK(same_bytes(values(net), before));
  };
  const std::size_t value_bytes = Net<float>::parameter_count * sizeof(float);
  for (std::size_t at = bytes.size() - value_bytes; at < bytes.size(); at += 41) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    CAPTURE(at);
    refuse(damaged);
  }
  for (const std::size_t kept : {std::size_t{0}, std::size_t{7}, std::size_t{60},
                                 bytes.size() - value_bytes, bytes.size() - 1})
    refuse(bytes.substr(0, kept));
  std::filesystem::remove(file.path);
  CHECK_THROWS_WITH(network::load(file.path, net), Contains(file.path));
}

namespace {

using Bare = layer::Sequence<layer::Conv<4, 3, layer::ConvOptions{.stride = 2}>, layer::BatchNorm<>,
                             layer::Spiking<Neuron>, layer::Conv<4, 3>>;
using Short = layer::Sequence<layer::Conv<4, 1, layer::ConvOptions{.stride = 2, .padding = 0}>,
                              layer::BatchNorm<>>;
using Residual = Network<Shape{6, 6, 2}, layer::BatchNorm<>, layer::Residual<Bare, Short>,
                         layer::Dense<3>, layer::MeanOverTime>;

}  // namespace

TEST_CASE("Residuals and running moments are kept with the names of nested modules", "[network]") {
  const TemporaryFile file;
  auto net = made<Residual>(1);
  for (float& value : net.parameters().first(8)) value += 0.5F;
  network::save(file.path, net);
  auto other = made<Residual>(2);
  REQUIRE_FALSE(same_bytes(values(net), values(other)));
  network::load(file.path, other);
  CHECK(same_bytes(values(net), values(other)));

  const st::File content = st::read(file.path);
  CHECK(*content.find_metadata("network") ==
        "batch_norm-residual(conv-batch_norm-spiking-conv+conv-batch_norm)-dense-mean_over_time");
  const std::vector<std::string> names{"0.weight",
                                       "0.bias",
                                       "0.running_mean",
                                       "0.running_var",
                                       "1.branch.0.weight",
                                       "1.branch.1.weight",
                                       "1.branch.1.bias",
                                       "1.branch.1.running_mean",
                                       "1.branch.1.running_var",
                                       "1.branch.2.w",
                                       "1.branch.3.weight",
                                       "1.shortcut.0.weight",
                                       "1.shortcut.1.weight",
                                       "1.shortcut.1.bias",
                                       "1.shortcut.1.running_mean",
                                       "1.shortcut.1.running_var",
                                       "2.weight"};
  CHECK(content.tensors.size() == names.size());
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(content.find(name) != nullptr);
  }
  CHECK(content.find("0.running_var")->shape == std::vector<std::int64_t>{2});
  CHECK(st::values_of<float>(*content.find("0.running_var")) == std::vector<float>{1.5F, 1.5F});
  CHECK(content.find("1.branch.3.weight")->shape == std::vector<std::int64_t>{4, 4, 3, 3});
}

TEST_CASE("The number of batches that PyTorch keeps beside running moments is ignored",
          "[network]") {
  const TemporaryFile file;
  const auto net = made<Residual>(1);
  auto entries = network::export_parameters(net);
  const std::int64_t batches = 17;
  st::TensorEntry counter{"0.num_batches_tracked", "I64", {}, {}};
  counter.bytes.resize(sizeof(batches));
  std::memcpy(counter.bytes.data(), &batches, sizeof(batches));
  entries.push_back(counter);
  st::write(file.path, entries);
  auto other = made<Residual>(2);
  network::load(file.path, other);
  CHECK(same_bytes(values(net), values(other)));
}

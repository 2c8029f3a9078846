#include <array>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/layer_text.hpp>
#include <snnbd/neuron/neuron.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;
using network::OtherSurrogate;

namespace {

struct Inner {
  int depth = 2;
  std::string title = "a\nb = c";
};
struct Own {
  std::vector<double> steps{0.1, 0.2};
  std::array<int, 2> sizes{3, 4};
  std::optional<float> limit{};
  std::tuple<bool, Inner> parts{};
  std::vector<Inner> list{};
  std::vector<bool> mask{true};
  double border = std::numeric_limits<double>::infinity();
  std::string_view fixed = "always";
};
template <class Reset = neuron::SoftReset, class Surrogate = neuron::Sigmoid>
using Cells = layer::Spiking<neuron::Lif<Reset, Surrogate>>;
using Branch = layer::Sequence<layer::Conv<2, 3>, layer::BatchNorm<>, Cells<>>;
using Layers = std::tuple<layer::Residual<Branch>, Own, layer::MeanOverTime>;

std::string text(const auto& layers) {
  return network::layer_key(layers).text();
}

template <class List>
List read(const std::string& from, OtherSurrogate surrogates = OtherSurrogate::refused) {
  List layers;
  network::read_layers(from, "file", surrogates, layers);
  return layers;
}

template <class List>
std::string refusal(const std::string& from, OtherSurrogate surrogates = OtherSurrogate::refused) {
  try {
    read<List>(from, surrogates);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

/// The text with one value changed.
std::string with(std::string whole, const std::string& name, const std::string& value) {
  const std::size_t begin = whole.find('\n' + name + " = ") + 1;
  REQUIRE(begin != 0);
  const std::size_t end = whole.find('\n', begin);
  return whole.replace(begin, end - begin, name + " = " + value);
}

}  // namespace

TEST_CASE("Every member of every layer comes back, at any depth", "[network]") {
  Layers layers;
  auto& cells = std::get<2>(std::get<0>(layers).branch.layers);
  cells.neuron.tau = 8.5F;
  cells.neuron.decay_input = false;
  cells.neuron.surrogate.steepness = 1e-30F;
  cells.start = 0.1F;
  std::get<1>(std::get<0>(layers).branch.layers).epsilon = 1e-3;
  Own& own = std::get<1>(layers);
  own.steps = {1.0 / 3, std::numeric_limits<double>::infinity(), 5e-324};
  own.sizes[1] = -7;
  own.limit = 0.3F;
  std::get<1>(own.parts).title = "\\ =\n";
  own.list = {Inner{}, Inner{5, ""}};
  own.mask = {false, true, false};
  const std::string whole = text(layers);
  CHECK(text(Layers{}) != whole);
  CHECK(text(read<Layers>(whole)) == whole);
  own.limit.reset();
  own.list.clear();
  own.steps.clear();
  CHECK(text(read<Layers>(text(layers))) == text(layers));
}

TEST_CASE("Lines of layers are named as the tensors of a file", "[network]") {
  const std::string whole = text(Layers{});
  CHECK_THAT(whole, Contains("\n0.branch.0 = Conv<2, 3, {stride: 1, padding: 1, bias: false}>\n"));
  CHECK_THAT(whole, Contains("\n0.branch.2.neuron = Lif\n0.branch.2.neuron.tau = 2\n"));
  CHECK_THAT(whole, Contains("\n1.steps.1 = 0.2\n1.steps.size = 2\n"));
}

TEST_CASE("A line that does not fit is refused by its name", "[network]") {
  const std::string whole = text(Layers{});
  const auto found = [&](const std::string& name, const std::string& value) {
    return refusal<Layers>(with(whole, name, value));
  };
  CHECK_THAT(found("0.branch.0", "Dense<3, {bias: false}>"),
             Contains("file, layer 0.branch.0: expected Conv<2") && Contains("'Dense<3"));
  CHECK_THAT(found("0.branch.2.neuron.reset", "HardReset"), Contains("expected SoftReset"));
  CHECK_THAT(found("0.branch.2.neuron.surrogate", "Triangle"), Contains("expected Sigmoid"));
  for (const char* wrong :
       {"", "2,5", "2 ", " 2", "2x", "0x2", "+2", "nan", "inf", "1e999", "1e-999"})
    CHECK_THAT(found("0.branch.2.neuron.tau", wrong), Contains("0.branch.2.neuron.tau: expected"));
  for (const char* wrong : {"1", "True", ""})
    CHECK_THAT(found("0.branch.2.neuron.decay_input", wrong), Contains("true or false"));
  for (const char* wrong : {"-1", "3", "99999999999999999999", "4000000000", "1.0"})
    CHECK_THAT(found("1.steps.size", wrong), Contains("1.steps"));
  CHECK_THAT(found("1.sizes.size", "3"), Contains("1.sizes.size: expected 2"));
  CHECK_THAT(found("1.sizes.0", "2147483648"), Contains("1.sizes.0"));
  CHECK_THAT(found("1.limit?", "true"), Contains("1.limit"));
  CHECK_THAT(found("1.fixed", "never"), Contains("expected always"));
  CHECK(found("1.border", "-inf") == "accepted");
  CHECK_THAT(refusal<Layers>(whole + "2.factor = 1\n"), Contains("'2.factor' beside them"));
  CHECK_THAT(refusal<Layers>(whole + "3 = Relu\n"), Contains("'3'"));
  CHECK_THAT(refusal<Layers>(whole + "2 = MeanOverTime\n"), Contains("once"));
  CHECK_THAT(refusal<Layers>(whole + "no line"), Contains("file, layers"));
  CHECK_THAT(refusal<Layers>(""), Contains("layer 0: expected Residual, found nothing"));
}

TEST_CASE("A member without a line stays as it is", "[network]") {
  std::string whole = text(std::tuple<Cells<>>{});
  const std::string line = "0.neuron.tau = 2\n";
  whole.erase(whole.find(line), line.size());
  std::tuple<Cells<>> layers;
  std::get<0>(layers).neuron.tau = 5.0F;
  network::read_layers(whole, "file", OtherSurrogate::refused, layers);
  CHECK(std::get<0>(layers).neuron.tau == 5.0F);
}

TEST_CASE("A surrogate of another kind can be left as it is, a reset cannot", "[network]") {
  using Other = std::tuple<Cells<neuron::SoftReset, neuron::Triangle>>;
  const std::string whole = with(text(Other{}), "0.neuron.surrogate.height", "0.7");
  CHECK(std::get<0>(read<Other>(whole)).neuron.surrogate.height == 0.7);
  const auto found =
      std::get<0>(read<std::tuple<Cells<>>>(whole, OtherSurrogate::kept_out)).neuron.surrogate;
  CHECK(found.steepness == neuron::Sigmoid{}.steepness);
  CHECK_THAT(refusal<std::tuple<Cells<>>>(whole), Contains("surrogate: expected Sigmoid"));
  CHECK_THAT(refusal<std::tuple<Cells<neuron::HardReset>>>(whole, OtherSurrogate::kept_out),
             Contains("layer 0.neuron.reset: expected HardReset, found 'SoftReset'"));
}

TEST_CASE("Every surrogate is written with its members and read again", "[network]") {
  const auto check = [](auto surrogate) {
    using Surrogate = decltype(surrogate);
    using List = std::tuple<Cells<neuron::SoftReset, Surrogate>>;
    List layers;
    double value = 1.375;
    members::for_each(surrogate, [&](std::string_view, auto& member) {
      member = static_cast<float>(value);
      value += 0.25;
    });
    std::get<0>(layers).neuron.surrogate = surrogate;
    const std::string whole = text(layers);
    INFO(whole);
    CHECK(whole != text(List{}));
    CHECK(text(read<List>(whole)) == whole);
  };
  check(neuron::Rectangular{});
  check(neuron::Polynomial{});
  check(neuron::Sigmoid{});
  check(neuron::GaussianCdf{});
  check(neuron::Arctangent{});
  check(neuron::FastSigmoid{});
  check(neuron::Triangle{});
  check(neuron::PiecewiseExponential{});
  check(neuron::SoftSign{});
  check(neuron::SuperSpike{});
  check(neuron::QPseudoSpike{});
  check(neuron::PiecewiseLeakyRelu{});
  check(neuron::S2nn{});
  check(neuron::NonzeroSignLogAbs{});
  check(neuron::SpikeTiming{});
}

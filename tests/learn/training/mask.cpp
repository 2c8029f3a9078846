#include <array>
#include <numeric>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/mask.hpp>
#include <snnbd/network/network.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;
using learn::Hold;
using learn::Mask;

namespace {

using Net =
    Network<Shape{4, 4, 2}, layer::Conv<3, 3>, layer::BatchNorm<>, layer::Spiking<neuron::Plif<>>,
            layer::Residual<layer::Sequence<layer::Conv<3, 3>, layer::BatchNorm<>>>,
            layer::Dense<5, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;

/// The names of the tensors of which something is held, with how much of it.
std::string held_in(const Mask& mask) {
  std::string text;
  for (const auto& tensor : Net::tensors()) {
    Index count = 0;
    for (Index i = 0; i < tensor.parameter.size(); ++i)
      count += mask.entries()[static_cast<std::size_t>(tensor.offset + i)] != Hold::free ? 1 : 0;
    if (count == tensor.parameter.size())
      text += tensor.name() + ' ';
    else if (count > 0)
      text += tensor.name() + ':' + std::to_string(count) + ' ';
  }
  return text;
}

std::string held_layer(std::string_view name) {
  return held_in(Mask{Net::parameter_count}.hold_layer(Net::tensors(), name));
}

network::ParameterTensor tensor_of(std::string_view name) {
  for (const auto& one : Net::tensors())
    if (one.name() == name) return one;
  throw std::runtime_error{"no tensor"};
}

}  // namespace

TEST_CASE("A mask holds the layers that are named, and no others", "[learn]") {
  CHECK(held_layer("0") == "0.weight ");
  CHECK(held_layer("1.running_var") == "1.running_var ");
  CHECK(held_layer("2") == "2.w ");
  CHECK(held_layer("4") == "4.weight 4.bias ");
  CHECK(held_layer("last") == "4.weight 4.bias ");
  CHECK(held_layer("last_dense") == "4.weight 4.bias ");
  // The last convolution stands in the residual: its weights alone, not those of the norm after it.
  const std::string inner = held_layer("last_conv");
  CHECK_THAT(inner, Contains("3.") && Contains("weight"));
  CHECK(inner.find(' ') == inner.size() - 1);
  CHECK(held_layer("3").size() > inner.size());
}

TEST_CASE("A mask refuses names of no layer, and says which there are", "[learn]") {
  for (const char* name : {"5", "0.bias", "0.w", "", "last_norm", "Conv"})
    CHECK_THROWS_WITH(held_layer(name), Contains("layer to hold") &&
                                            Contains("0.weight, 1.weight") &&
                                            Contains(std::string{"'"} + name + "'"));
  using Dense = Network<Shape{2, 2, 1}, layer::Dense<3>, layer::MeanOverTime>;
  CHECK_THROWS_WITH(Mask{Dense::parameter_count}.hold_layer(Dense::tensors(), "last_conv"),
                    Contains("'last_conv'"));
}

TEST_CASE("A mask of a channel holds what leads to that channel alone", "[learn]") {
  Mask mask{Net::parameter_count};
  mask.hold_channel(tensor_of("0.weight"), 1).hold_channel(tensor_of("1.bias"), 2);
  CHECK(mask.held() == 9 * 2 + 1);
  CHECK(held_in(mask) == "0.weight:18 1.bias:1 ");
  Net net;
  std::fill(net.parameters().begin(), net.parameters().end(), 1.0F);
  mask.apply(net.parameters());
  const TensorView<float, 4> weight = net.parameter("0.weight");
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column)
      for (int in = 0; in < 2; ++in)
        for (int out = 0; out < 3; ++out)
          CHECK(weight(row, column, in, out) == (out == 1 ? 0.0F : 1.0F));
  CHECK(net.parameter("1.bias").values()[2] == 0.0F);
  const float sum = std::accumulate(net.parameters().begin(), net.parameters().end(), 0.0F);
  CHECK(sum == static_cast<float>(Net::parameter_count - 19));
  CHECK_THROWS_WITH(mask.hold_channel(tensor_of("0.weight"), 3), Contains("below 3"));
  CHECK_THROWS_WITH(mask.hold_channel(tensor_of("0.weight"), -1), Contains("below 3"));
}

TEST_CASE("What a mask holds comes as stretches of one kind, and the last word counts", "[learn]") {
  Mask mask{10};
  mask.hold(1, 3).hold(3, 2, Hold::at_zero).hold(7, 3).hold(8, 1, Hold::free).hold(0, 0);
  std::vector<std::array<Index, 3>> stretches;
  mask.for_each_held([&](Index offset, Index count, Hold how) {
    stretches.push_back({offset, count, how == Hold::at_zero ? 0 : 1});
  });
  CHECK(stretches == std::vector<std::array<Index, 3>>{{1, 2, 1}, {3, 2, 0}, {7, 1, 1}, {9, 1, 1}});
  CHECK(mask.held() == 6);
  CHECK_THROWS_AS(mask.hold(8, 3), Error);
  CHECK_THROWS_AS(mask.hold(-1, 1), Error);
  CHECK_THROWS_AS(mask.hold(1, -1), Error);
  CHECK_THROWS_AS(Mask{-1}, Error);
}

TEST_CASE("A key tells masks apart", "[learn]") {
  const auto text = [](const Mask& mask) { return *Key{}.add("mask", mask).find("mask"); };
  CHECK(text({}) == "none");
  CHECK(text(Mask{4}) == "none");
  CHECK(text(Mask{4}.hold(1, 2)) == text(Mask{4}.hold(1, 2)));
  CHECK_THAT(text(Mask{4}.hold(1, 2)), Contains("2 of 4, "));
  CHECK(text(Mask{4}.hold(1, 2)) != text(Mask{4}.hold(2, 2)));
  CHECK(text(Mask{4}.hold(1, 2)) != text(Mask{4}.hold(1, 2, Hold::at_zero)));
}

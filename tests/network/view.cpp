#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/view.hpp>

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;
using Neuron = neuron::Lif<neuron::SoftReset, neuron::Sigmoid>;
using Set = data::Blobs<Shape{8, 8, 1}, 5>;
using Net = Network<Shape{8, 8, 1}, layer::Conv<6, 3>, layer::Spiking<Neuron>, layer::MaxPool<2>,
                    layer::Dropout, layer::Dense<5>, layer::MeanOverTime>;

Net made_net() {
  Net net;
  network::initialize(net, 1);
  return net;
}

/// One bright image after three dark ones: batches fire much or little, depending on their size.
struct Mixed {
  static constexpr Shape shape{8, 8, 1};
  static constexpr int classes = 5;
  static constexpr std::string_view name = "mixed";
  [[nodiscard]] std::size_t size() const { return 23; }
  [[nodiscard]] int label(std::size_t /*index*/) const { return 0; }
  void read(std::size_t index, std::span<float> image) const {
    std::fill(image.begin(), image.end(), index % 4 == 3 ? 0.9F : 0.2F);
  }
};

template <class Data, class Encoding>
void check_batch_sizes(const Data& set, const Encoding& encoding) {
  const Net net = made_net();
  const auto expected = view_of(net, encoding, 5, 64).outputs(set);
  REQUIRE(expected.size() == 23 * 5);
  for (const Index batch_size : {1, 4, 23}) {
    const NetworkView view = view_of(net, encoding, 5, batch_size);
    CHECK(view.outputs(set) == expected);
    CHECK(view.outputs(set) == expected);
  }
}

}  // namespace

TEST_CASE("Outputs do not depend on how many samples are looked at together", "[network]") {
  check_batch_sizes(Set{23}, encode::Direct{});
  check_batch_sizes(Set{23}, encode::Poisson{.seed = 3});
  check_batch_sizes(Mixed{}, encode::Poisson{.seed = 3});
}

TEST_CASE("The first class with the largest output is predicted", "[network]") {
  Net net = made_net();
  const Set set{23};
  const NetworkView view = view_of(net, encode::Direct{}, 4);
  CHECK(view.input() == Shape{8, 8, 1});
  CHECK(view.classes() == 5);
  const auto outputs = view.outputs(set);
  const auto predicted = view.predict(set);
  REQUIRE(predicted.size() == 23);
  for (std::size_t i = 0; i < 23; ++i) {
    const auto row = outputs.begin() + static_cast<std::ptrdiff_t>(i) * 5;
    CHECK(predicted[i] == std::max_element(row, row + 5) - row);
  }
  std::fill(net.parameters().begin(), net.parameters().end(), 0.0F);
  CHECK(view.predict(set) == std::vector<int>(23, 0));
}

TEST_CASE("A network without a readout gives the mean over its steps", "[network]") {
  using Open = Network<Shape{8, 8, 1}, layer::Conv<6, 3>, layer::Spiking<Neuron>, layer::MaxPool<2>,
                       layer::Dropout, layer::Dense<5>>;
  const Net net = made_net();
  Open open;
  network::initialize(open, 1);
  const Set set{7};
  const auto expected = view_of(net, encode::Direct{}, 5).outputs(set);
  const auto found = view_of(open, encode::Direct{}, 5).outputs(set);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]));
}

TEST_CASE("Outputs after some steps are those of a view of that many steps", "[network]") {
  const Net net = made_net();
  const Set set{23};
  const std::vector<Index> counts{1, 2, 5, 8};
  const auto check = [&](const auto& encoding) {
    const NetworkView view = view_of(net, encoding, 9, 4, 3);
    CHECK(view.steps() == 9);
    const auto found = view.outputs_after(set, counts);
    const auto predicted = view.predict_after(set, counts);
    REQUIRE(found.size() == 4);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const NetworkView alone = view_of(net, encoding, counts[i]);
      CHECK(found[i] == alone.outputs(set));
      CHECK(predicted[i] == alone.predict(set));
    }
    CHECK(found[2] != found[3]);
    const Index last = 9;
    CHECK(view.outputs_after(set, {&last, 1}).front() == view.outputs(set));
    CHECK(view.outputs_after(set, {}).empty());
  };
  check(encode::Direct{});
  check(encode::Poisson{.seed = 3});
}

TEST_CASE("Whoever waits for outputs is told how many samples are done, and can end it",
          "[network]") {
  const Net net = made_net();
  const Set set{23};
  const NetworkView view = view_of(net, encode::Direct{}, 2, 10);
  std::vector<std::size_t> told;
  const Index steps = 2;
  const auto outputs =
      view.outputs_after(set, {&steps, 1}, [&](std::size_t samples) { told.push_back(samples); });
  CHECK(told == std::vector<std::size_t>{10, 20, 23});
  CHECK(outputs.front() == view.outputs(set));
  told.clear();
  const auto stop = [&](std::size_t samples) {
    told.push_back(samples);
    throw Error{"enough"};
  };
  CHECK_THROWS_WITH(view.predict_after(set, {&steps, 1}, stop), Contains("enough"));
  CHECK(told.size() == 1);
}

TEST_CASE("Steps that no sequence has, or that do not ascend, are refused", "[network]") {
  const Net net = made_net();
  const Set set{3};
  const NetworkView view = view_of(net, encode::Direct{}, 9);
  const auto after = [&](const std::vector<Index>& counts) {
    return view.outputs_after(set, counts);
  };
  CHECK_THROWS_WITH(after({0}), Contains("steps of outputs") && Contains("from 1 to 9, found 0"));
  CHECK_THROWS_WITH(after({-2, 3}), Contains("from 1 to 9, found -2"));
  CHECK_THROWS_WITH(after({4, 10}), Contains("from 5 to 9, found 10"));
  CHECK_THROWS_WITH(after({4, 4}), Contains("from 5 to 9, found 4"));
  CHECK_THROWS_WITH(after({4, 2}), Contains("from 5 to 9, found 2"));
}

TEST_CASE("A view refuses sets of another shape and sizes that cannot be", "[network]") {
  const Net net = made_net();
  const NetworkView view = view_of(net, encode::Direct{}, 4);
  const data::Blobs<Shape{8, 9, 1}, 5> wide{3};
  CHECK_THROWS_WITH(view.predict(wide), Contains("8x8x1") && Contains("8x9x1"));
  CHECK(view.predict(Set{0}).empty());
  CHECK_THROWS_AS(view_of(net, encode::Direct{}, 0), Error);
  CHECK_THROWS_AS(view_of(net, encode::Direct{}, 4, 0), Error);
  CHECK_THROWS_WITH(view_of(net, encode::Direct{}, 4, 1, -1), Contains("window of steps"));
}

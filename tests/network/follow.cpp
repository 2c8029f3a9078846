#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/follow.hpp>

using namespace snnbd;

namespace {

using Cell = neuron::If<>;
using Inner = layer::Residual<layer::Sequence<layer::Conv<2, 3>>, layer::Sequence<layer::Dropout>>;
using Outer = layer::Residual<layer::Sequence<Inner, layer::Spiking<Cell>>>;

}  // namespace

TEST_CASE("A state goes through both parts of each residual and is joined behind it", "[network]") {
  const std::tuple<layer::Conv<2, 3>, Outer, layer::Dense<3>> layers;
  std::vector<int> places;
  int place = 0;
  const std::string end = network::follow(
      layers, place, std::string{"in"},
      [&](const auto& spec, int at, const std::string& state) {
        places.push_back(at);
        return state + ' ' + std::string{spec.name};
      },
      [](const std::string& branch, const std::string& shortcut) {
        return '(' + branch + " | " + shortcut + ')';
      });
  CHECK(end == "((in conv conv | in conv dropout) spiking | in conv) dense");
  // The residuals have the places 1 and 2.
  CHECK(places == std::vector<int>{0, 3, 4, 5, 6});
  CHECK(place == 7);
  std::vector<int> seen;
  layer::for_each_layer(layers, [&]<class Spec>(const Spec&, int at) {
    if constexpr (!requires { typename Spec::BranchType; }) seen.push_back(at);
  });
  CHECK(places == seen);
}

#include <catch2/catch.hpp>

#include <snnbd/experiment/trained_networks.hpp>

using namespace snnbd;
using experiment::Trained;
using experiment::TrainedNetworks;

namespace {

template <int Kind>
struct Net {
  int weight = 0;
};

Key key_of(int seed) {
  Key key;
  key.add("seed", seed);
  return key;
}

}  // namespace

TEST_CASE("A trained network is found by its key and its type, and by nothing else",
          "[experiment]") {
  TrainedNetworks networks;
  networks.keep(key_of(1), Trained<Net<1>>{.net = {7}, .facts = {}, .number = 3}, true);
  const auto* found = networks.find<Net<1>>(key_of(1));
  REQUIRE(found != nullptr);
  CHECK(found->net.weight == 7);
  CHECK(found->number == 3);
  CHECK(networks.find<Net<1>>(key_of(2)) == nullptr);
  CHECK(networks.find<Net<2>>(key_of(1)) == nullptr);
}

TEST_CASE("From one rate to the next only lasting networks are kept", "[experiment]") {
  TrainedNetworks networks;
  networks.keep(key_of(1), Trained<Net<1>>{.net = {7}, .facts = {}}, true);
  networks.keep(key_of(2), Trained<Net<1>>{.net = {8}, .facts = {}}, false);
  networks.keep(key_of(1), Trained<Net<2>>{.net = {9}, .facts = {}}, false);
  const auto* lasting = networks.find<Net<1>>(key_of(1));
  networks.drop_passing();
  CHECK(networks.find<Net<1>>(key_of(1)) == lasting);
  CHECK(networks.find<Net<1>>(key_of(2)) == nullptr);
  CHECK(networks.find<Net<2>>(key_of(1)) == nullptr);
}

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/learn/conversion/convert.hpp>
#include <snnbd/learn/hybrid/stdb.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/view.hpp>

using namespace snnbd;

TEST_CASE("What was converted with gates is trained further through them", "[learn]") {
  constexpr Shape image{8, 8, 1};
  using Ann = Network<image, layer::Conv<6, 3>, layer::Relu, layer::MaxPool<2>, layer::Conv<8, 3>,
                      layer::Relu, layer::Dense<3>, layer::MeanOverTime>;
  const data::Blobs<image, 3> set{60};
  Ann ann;
  network::initialize(ann, 2);
  const auto converted = learn::convert(ann, learn::MaxNorm{}, set, encode::Direct{});
  learn::Stdb<> stdb;
  stdb.threshold_factor = 1.0;
  auto tuned = stdb.begin(converted.net);
  // It begins as what was converted, and its first weights learn, too.
  CHECK(view_of(tuned, encode::Direct{}, 12).outputs(set) ==
        view_of(converted.net, encode::Direct{}, 12).outputs(set));
  const auto record = stdb.training.fit(tuned, encode::Direct{}, set,
                                        {.epochs = 3, .batch_size = 10, .timesteps = 12}, {}, {});
  CHECK(record.epochs.back().loss < record.epochs.front().loss);
  CHECK(!std::equal(tuned.parameters().begin(), tuned.parameters().begin() + 54,
                    converted.net.parameters().begin()));
  CHECK(std::ranges::all_of(tuned.parameters(), [](float value) { return std::isfinite(value); }));
}

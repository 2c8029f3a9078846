#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/vote.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

TEMPLATE_TEST_CASE("A vote is the mean of neighbouring channels, of values and of spikes",
                   "[kernels]", float, double) {
  const Extent extent{2, 3};
  for (const int group : {1, 10, 65})
    for (const int groups : {1, 11})
      for (const int width : {1, 2}) {
        const Shape shape{1, width, group * groups};
        const reference::SpikeBatch spikes{extent, shape, 0.4, 1, 0.5F};
        const auto values = spikes.values<TestType>();
        const Index votes = extent.frames() * width * groups;
        std::vector<double> expected;
        for (Index vote = 0; vote < votes; ++vote) {
          double sum = 0.0;
          for (Index i = 0; i < group; ++i)
            sum += static_cast<double>(values[at(vote * group + i)]);
          expected.push_back(sum / group);
        }
        CAPTURE(group, groups, width);
        Fenced<TestType> of_values{votes};
        kernels::vote(RealView<const TestType>{values.data(), extent, shape}, Index{group},
                      of_values.data());
        Fenced<TestType> of_spikes{votes};
        kernels::vote(spikes.view(), Index{group}, of_spikes.data());
        CHECK(of_values.intact());
        CHECK(of_spikes.intact());
        CHECK(reference::differences(of_values.inside(), expected, 1e-6) == 0);
        CHECK(reference::differences(of_spikes.inside(), expected, 1e-6) == 0);

        const auto slopes = reference::integers<TestType>(votes, 2);
        std::vector<TestType> spread;
        for (Index vote = 0; vote < votes; ++vote)
          spread.insert(spread.end(), at(group), slopes[at(vote)] / static_cast<TestType>(group));
        Fenced<TestType> back{votes * group};
        kernels::vote_backward(slopes.data(), votes, Index{group}, back.data());
        CHECK(back.intact());
        CHECK(reference::differences(back.inside(), spread) == 0);
      }
}

#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/metric/accuracy.hpp>

namespace metric = snnbd::metric;
using Catch::Matchers::Contains;

TEST_CASE("Accuracy counts the predictions that equal their labels", "[metric]") {
  const std::vector<int> labels{0, 1, 2, 2, 1};
  const std::vector<int> predictions{0, 2, 2, 2, 0};
  CHECK(metric::accuracy(predictions, labels) == metric::Rate{3, 5});
  CHECK(metric::accuracy(labels, labels).percent() == 100.0);
  CHECK(metric::accuracy({}, {}) == metric::Rate{0, 0});
  CHECK_THROWS_WITH(metric::accuracy(std::vector<int>{1}, labels),
                    Contains("expected 5") && Contains("found 1"));
}

TEST_CASE("The confusion of classes sums to the samples and to the accuracy", "[metric]") {
  std::vector<int> labels;
  std::vector<int> predictions;
  for (int sample = 0; sample < 1000; ++sample) {
    labels.push_back(sample % 7);
    predictions.push_back(sample * sample % 11 % 7);
  }
  const metric::Confusion confusion{predictions, labels, 7};
  std::size_t sum = 0;
  for (int label = 0; label < 7; ++label)
    for (int prediction = 0; prediction < 7; ++prediction) {
      std::size_t expected = 0;
      for (std::size_t at = 0; at < labels.size(); ++at)
        if (labels[at] == label && predictions[at] == prediction) ++expected;
      CHECK(confusion.count(label, prediction) == expected);
      sum += confusion.count(label, prediction);
    }
  CHECK(sum == labels.size());
  CHECK(confusion.overall() == metric::accuracy(predictions, labels));
}

TEST_CASE("The accuracy of a class looks at its own samples only", "[metric]") {
  const std::vector<int> labels{0, 0, 0, 1};
  const std::vector<int> predictions{0, 1, 0, 0};
  const metric::Confusion confusion{predictions, labels, 3};
  CHECK(confusion.of_class(0) == metric::Rate{2, 3});
  CHECK(confusion.of_class(1) == metric::Rate{0, 1});
  CHECK(confusion.of_class(2) == metric::Rate{0, 0});
  CHECK(confusion.count(0, 1) == 1);
  CHECK(confusion.count(1, 0) == 1);
}

TEST_CASE("A class that does not exist is refused", "[metric]") {
  const std::vector<int> fine{0, 1};
  for (const int bad : {-1, 2}) {
    const std::vector<int> broken{0, bad};
    CHECK_THROWS_WITH((metric::Confusion{broken, fine, 2}), Contains("prediction"));
    CHECK_THROWS_WITH((metric::Confusion{fine, broken, 2}), Contains("label"));
    CHECK_THROWS_AS((metric::Confusion{fine, fine, 2}.of_class(bad)), snnbd::Error);
  }
  CHECK_THROWS_AS((metric::Confusion{fine, std::vector<int>{0}, 2}), snnbd::Error);
  CHECK_THROWS_AS((metric::Confusion{fine, fine, 0}), snnbd::Error);
  CHECK_THROWS_AS((metric::Confusion{fine, fine, 2'000'000'000}), snnbd::Error);
}

#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/segments.hpp>

using namespace snnbd;
using learn::SegmentKind;

TEST_CASE("Weights, biases and norms decay, a neuron's own and running moments do not", "[learn]") {
  using enum layer::ParameterKind;
  for (const auto kind : {conv_weight, dense_weight, bias, norm})
    CHECK(learn::segment_kind(kind) == SegmentKind::decaying);
  CHECK(learn::segment_kind(neuron) == SegmentKind::constant);
  CHECK(learn::segment_kind(statistic) == SegmentKind::statistic);
}

TEST_CASE("A network's parameters are stretches of one kind each, without a gap", "[learn]") {
  using Cell = neuron::Plif<>;
  using Net = Network<Shape{4, 4, 2}, layer::Conv<3, 3>, layer::BatchNorm<>, layer::Spiking<Cell>,
                      layer::Dense<5, layer::DenseOptions{.bias = true}>, layer::Spiking<Cell>,
                      layer::Dense<2>, layer::MeanOverTime>;
  const auto segments = learn::segments_of(Net::tensors());
  const std::vector<SegmentKind> kinds{SegmentKind::decaying, SegmentKind::statistic,
                                       SegmentKind::constant, SegmentKind::decaying,
                                       SegmentKind::constant, SegmentKind::decaying};
  // A 3 x 3 kernel with weight and bias of the norm; mean and variance; w; 80 x 5 + 5; w; 5 x 2.
  const std::vector<Index> counts{54 + 6, 6, 1, 240 + 5, 1, 10};
  REQUIRE(segments.size() == kinds.size());
  Index next = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    CHECK(segments[i].kind == kinds[i]);
    CHECK(segments[i].count == counts[i]);
    CHECK(segments[i].offset == next);
    next += segments[i].count;
  }
  CHECK(next == Net::parameter_count);
}

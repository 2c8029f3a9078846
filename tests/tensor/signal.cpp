#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/tensor/signal.hpp>

using namespace snnbd;
using Catch::Contains;

namespace {

/// Each value tells its place.
template <class Scalar, int Rank>
Tensor<Scalar, Rank> numbered(const Eigen::DSizes<Eigen::Index, Rank>& sizes) {
  Tensor<Scalar, Rank> values{sizes};
  for (Index i = 0; i < values.size(); ++i) values.data()[i] = static_cast<Scalar>(i);
  return values;
}

}  // namespace

TEMPLATE_TEST_CASE("A signal and its tensor are the same memory", "[tensor]", float, double) {
  std::vector<TestType> memory(2 * 3 * 4 * 5 * 6);
  const RealView<TestType> signal{memory.data(), {2, 3}, {4, 5, 6}};
  auto view = tensor::view(signal);
  view(1, 2, 3, 4, 5) = TestType{7};
  view(1, 0, 2, 1, 3) = TestType{8};
  CHECK(view.data() == memory.data());
  CHECK(memory.back() == TestType{7});
  CHECK(signal.frame(1, 0)[(2 * 5 + 1) * 6 + 3] == TestType{8});

  const auto back = tensor::signal(view);
  CHECK(back.data == memory.data());
  CHECK(back.extent == signal.extent);
  CHECK(back.shape == signal.shape);
  const RealView<const TestType> constant = signal;
  CHECK(tensor::view(constant)(1, 2, 3, 4, 5) == TestType{7});
}

TEST_CASE("Images are a signal of one step", "[tensor]") {
  const auto images = numbered<float>(tensor::sizes(3, 4, 5, 2));
  const auto signal = tensor::signal(images);
  CHECK(signal.data == images.data());
  CHECK(signal.extent == Extent{3, 1});
  CHECK(signal.shape == Shape{4, 5, 2});
  CHECK(signal.frame(2)[0] == images(2, 0, 0, 0));
}

TEST_CASE("A tensor with an empty side is no signal", "[tensor]") {
  const Tensor<float, 4> images{3, 0, 5, 2};
  CHECK_THROWS_WITH(tensor::signal(images), Contains("sizes of a tensor: expected at least 1") &&
                                                Contains("found 3x0x5x2"));
}

TEMPLATE_TEST_CASE("Spikes become numbers and numbers spikes", "[tensor]", float, double) {
  // More channels than a word has, and not a multiple.
  Tensor<TestType, 5> values{2, 3, 2, 2, 70};
  values.setZero();
  values(0, 0, 0, 0, 0) = 1;
  values(1, 2, 1, 1, 69) = 1;
  values(1, 0, 0, 1, 64) = 1;
  const auto spikes = tensor::pack(values);
  CHECK(kernels::count_spikes(spikes.view()) == 3);
  CHECK((spikes.view().frame(1, 2)[7] >> 5U) == 1);
  const auto again = tensor::unpack<TestType>(spikes.view());
  CHECK(std::equal(again.data(), again.data() + again.size(), values.data()));
}

TEST_CASE("A spike counts one or its amplitude", "[tensor]") {
  Tensor<double, 5> values{1, 2, 1, 1, 3};
  values.setZero();
  values(0, 1, 0, 0, 2) = 0.25;
  const auto spikes = tensor::pack(values, 0.25F);
  CHECK(tensor::unpack<double>(spikes.view())(0, 1, 0, 0, 2) == 1.0);
  const auto real = tensor::unpack<double>(spikes.view(), tensor::SpikeValue::amplitude);
  CHECK(real(0, 1, 0, 0, 2) == 0.25);
  CHECK(real(0, 0, 0, 0, 2) == 0.0);
}

TEST_CASE("A tensor of spikes has two values", "[tensor]") {
  Tensor<float, 5> values{1, 1, 1, 1, 4};
  values.setZero();
  values(0, 0, 0, 0, 2) = 0.5F;
  CHECK_THROWS_WITH(tensor::pack(values),
                    Contains("tensor of spikes, value 2 in memory: expected 0 or the amplitude") &&
                        Contains("found 0.5"));
  CHECK(kernels::count_spikes(tensor::pack(values, 0.5F).view()) == 1);
}

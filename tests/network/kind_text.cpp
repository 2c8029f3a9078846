#include <string>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/kind_text.hpp>
#include <snnbd/neuron/leaky.hpp>
#include <snnbd/neuron/neuron.hpp>

using namespace snnbd;

namespace {

enum class Side { left, right };
struct Own : neuron::Lif<> {};
template <char Letter, Side Where = Side::right, bool On = true>
struct Numbered {};
template <class First, class Second>
struct Paired {
  First first{};
};
template <class Scope>
struct Outer {
  struct Inner {};
};

template <class Part>
std::string kind() {
  return network::kind_text(Part{});
}

}  // namespace

// The same texts from every compiler: files depend on them.
TEST_CASE("Kinds of the library's parts are spelled so", "[network]") {
  CHECK(kind<layer::Conv<32, 3>>() == "Conv<32, 3, {stride: 1, padding: 1, bias: false}>");
  CHECK(kind<layer::Conv<8, 5, layer::ConvOptions{.stride = 2, .padding = 0, .bias = true}>>() ==
        "Conv<8, 5, {stride: 2, padding: 0, bias: true}>");
  CHECK(kind<layer::Conv<8, 3, layer::ConvOptions{.padding = 1}>>() == kind<layer::Conv<8, 3>>());
  CHECK(kind<layer::Dense<10>>() == "Dense<10, {bias: false}>");
  CHECK(kind<layer::MaxPool<2>>() == "MaxPool<2, 2, 0>");
  CHECK(kind<layer::AvgPool<3, 1>>() == "AvgPool<3, 1>");
  CHECK(kind<layer::GlobalAvgPool>() == "GlobalAvgPool");
  CHECK(kind<layer::ZeroPad<2>>() == "ZeroPad<2>");
  CHECK(kind<layer::Upsample<2>>() == "Upsample<2>");
  CHECK(kind<layer::BatchNorm<>>() == "BatchNorm<{threshold_dependent: false, summed: false}>");
  CHECK(kind<layer::Qcfs<4>>() == "Qcfs<4, 8>");
  CHECK(kind<layer::Residual<layer::Sequence<layer::Relu>>>() == "Residual");
  CHECK(kind<layer::MeanOverTime>() == "MeanOverTime");
}

TEST_CASE("Kinds of neurons leave out what their members tell", "[network]") {
  CHECK(kind<layer::Spiking<neuron::Lif<>>>() == "Spiking");
  CHECK(kind<neuron::Lif<neuron::SoftReset, neuron::Triangle>>() == "Lif");
  CHECK(kind<neuron::SoftReset>() == "SoftReset");
  CHECK(kind<neuron::Diet<>>() == "Diet");
  CHECK(kind<neuron::Delayed<neuron::Leaky<>>>() == "Delayed<Leaky>");
  CHECK(kind<neuron::Delayed<neuron::Diet<neuron::SoftReset, neuron::Triangle>>>() ==
        "Delayed<Diet>");
}

TEST_CASE("A type of one's own is known by its own name, without namespaces", "[network]") {
  CHECK(kind<Own>() == "Own");
  CHECK(kind<Numbered<'a'>>() == "Numbered<97, 1, true>");
  CHECK(kind<Paired<int, Own>>() == "Paired<_, Own>");
  CHECK(kind<Paired<Own, Numbered<'b'>>>() == "Paired<_, Numbered<98, 1, true>>");
  CHECK(kind<Outer<Own>::Inner>() == "Outer<Own>::Inner");
  struct Local {};
  CHECK(kind<Local>() == "Local");
}

TEST_CASE("Spellings of g++ and clang++ come to the same text", "[network]") {
  using network::detail::without_namespaces;
  CHECK(without_namespaces("a::b::{anonymous}::C<a::D<int> >") == "C<D<int>>");
  CHECK(without_namespaces("a::b::(anonymous namespace)::C<a::D<int>>") == "C<D<int>>");
  CHECK(without_namespaces("C<a::Options{1, {2}}>") == "C<{1, {2}}>");
  CHECK(without_namespaces("f(int)::Local") == "Local");
  CHECK(without_namespaces("a::f() [with Type = int]::Local") == "Local");
}

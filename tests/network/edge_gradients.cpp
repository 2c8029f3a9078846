#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

/// What a caller hands to a pass is read and written to its end and no further. Buffers have
/// exactly the size that is asked for, so that the sanitizer of addresses sees each step behind
/// them; and what lies behind them in memory changes no bit.
namespace {

using namespace snnbd;

/// Memory of exactly some values, or in the middle of others that no result may depend on.
template <class Value>
class Exact {
 public:
  Exact(std::size_t count, Value fence)
      : count_{count}, fences_{static_cast<std::size_t>(spare_values)}, fence_{fence} {
    data_.reset(new Value[count + 2 * fences_]);
    for (std::size_t i = 0; i < count + 2 * fences_; ++i) data_[i] = fence;
  }
  explicit Exact(std::size_t count) : count_{count} { data_.reset(new Value[count]()); }

  [[nodiscard]] std::span<Value> values() { return {data_.get() + fences_, count_}; }
  [[nodiscard]] bool untouched() const {
    for (std::size_t i = 0; i < fences_; ++i)
      if (std::memcmp(&data_[i], &fence_, sizeof(Value)) != 0 ||
          std::memcmp(&data_[count_ + fences_ + i], &fence_, sizeof(Value)) != 0)
        return false;
    return true;
  }

 private:
  std::unique_ptr<Value[]> data_;
  std::size_t count_;
  std::size_t fences_ = 0;
  Value fence_{};
};

/// A buffer that stands alone, or one between fences.
template <class Value>
Exact<Value> room(Index count, bool fenced) {
  const auto size = static_cast<std::size_t>(count);
  if (!fenced) return Exact<Value>{size};
  if constexpr (std::is_same_v<Value, Word>) {
    return {size, ~Word{0}};
  } else {
    return {size, std::numeric_limits<Value>::quiet_NaN()};
  }
}

template <class Value>
void fill(std::span<Value> values, std::uint64_t seed) {
  random::Stream stream{seed, random::Purpose::synthetic};
  for (Value& value : values) value = static_cast<Value>(stream.uniform() - 0.4F);
}

/// The bytes of all that a network gives for a batch: outputs and gradients.
template <class Net, Signal In>
std::vector<std::byte> results(const Net& net, const Extent& extent, bool fenced) {
  using Scalar = typename Net::ScalarType;
  using Passing = Pass<Net, In>;
  using Output = typename Passing::Output;
  const Extent whole = layer::extent_of<In>(extent);
  const Index inputs = whole.frames() * In::shape.size();
  const Index outputs = layer::extent_of<Output>(extent).frames() * Output::shape.size();

  auto values = room<Scalar>(inputs, fenced);
  fill(values.values(), 1);
  auto words =
      room<Word>(whole.frames() * In::shape.pixels() * words_per_pixel(In::shape.channels), fenced);
  auto slope = room<Scalar>(outputs, fenced);
  fill(slope.values(), 2);
  auto gradient = room<Scalar>(Net::parameter_count, fenced);
  std::fill(gradient.values().begin(), gradient.values().end(), Scalar{0});
  auto input_gradient = room<Scalar>(inputs, fenced);

  const auto in = [&]() -> ConstViewOf<In, Scalar> {
    if constexpr (SpikeSignal<In>) {
      for (Scalar& value : values.values()) value = value > Scalar{0} ? Scalar{1} : Scalar{0};
      const SpikeView<Word> view{words.values().data(), whole, In::shape};
      kernels::pack(RealView<const Scalar>{values.values().data(), whole, In::shape}, view);
      return view;
    } else {
      return {values.values().data(), whole, In::shape};
    }
  }();
  std::vector<std::byte> bytes;
  const auto keep = [&](const auto* data, Index count) {
    const auto all = std::as_bytes(std::span{data, static_cast<std::size_t>(count)});
    bytes.insert(bytes.end(), all.begin(), all.end());
  };
  Passing pass{extent, true};
  for (const bool training : {false, true}) {
    const auto out = pass.forward(net, in, {.training = training, .seed = 3});
    if constexpr (SpikeSignal<Output>)
      keep(out.words, out.size());
    else
      keep(out.data, out.size());
  }
  pass.backward(net, slope.values(), gradient.values());
  keep(gradient.values().data(), Net::parameter_count);
  pass.backward(net, slope.values(), gradient.values(), input_gradient.values());
  keep(gradient.values().data(), Net::parameter_count);
  keep(input_gradient.values().data(), inputs);
  CHECK((values.untouched() && words.untouched() && slope.untouched() && gradient.untouched() &&
         input_gradient.untouched()));
  return bytes;
}

template <Signal In, class... Specs>
void check_signal() {
  using Net = BasicNetwork<float, In::shape, Specs...>;
  CAPTURE(Net::notation(), to_string(In::shape), timed<In>, SpikeSignal<In>);
  Net net;
  if constexpr (Net::parameter_count > 0) fill(net.parameters(), 4);
  for (const network::ParameterTensor& tensor : Net::tensors())
    if (tensor.parameter.kind == layer::ParameterKind::statistic ||
        tensor.parameter.kind == layer::ParameterKind::neuron)
      std::fill_n(net.parameters().begin() + tensor.offset, tensor.parameter.size(),
                  tensor.parameter.initial);
  net.set_neuron_parameters();
  for (const Extent& extent : {Extent{1, 2}, Extent{3, 1}, Extent{2, 5}}) {
    const auto alone = results<Net, In>(net, extent, false);
    CHECK(alone == results<Net, In>(net, extent, true));
  }
}

constexpr Shape wide{5, 3, 19};
constexpr Shape narrow{3, 7, 3};

/// Of images, as a first and a last layer, and behind steps.
template <class... Specs>
void check_real() {
  check_signal<Static<wide>, Specs...>();
  check_signal<Real<narrow>, Specs...>();
}
template <class... Specs>
void check_any() {
  check_real<Specs...>();
  check_signal<Spikes<wide>, Specs...>();
}

using Fires = layer::Spiking<neuron::If<neuron::SoftReset, neuron::Sigmoid>>;
using Marks = layer::Spiking<neuron::Plif<neuron::HardReset, neuron::Triangle>>;
constexpr layer::ConvOptions strided{.stride = 2, .bias = true};
using Norm = layer::BatchNorm<>;

}  // namespace

TEST_CASE("Convolutions and dense layers at both ends of a network keep to the caller's buffers",
          "[network]") {
  check_any<layer::Conv<5, 3>>();
  check_any<layer::Conv<17, 2, strided>>();
  check_any<layer::Dense<7>>();
  check_any<layer::Dense<33, layer::DenseOptions{.bias = true}>>();
}

TEST_CASE(
    "Poolings, borders and larger images at both ends of a network keep to the caller's buffers",
    "[network]") {
  check_any<layer::MaxPool<2>>();
  check_signal<Real<narrow>, layer::MaxPool<3, 2, 1>>();
  check_signal<Spikes<wide>, layer::MaxPool<3, 2, 1>>();
  check_any<layer::AvgPool<2, 1>>();
  check_any<layer::GlobalAvgPool>();
  check_any<layer::ZeroPad<1>>();
  check_any<layer::Upsample<2>>();
}

TEST_CASE("Layers that keep the shape keep to the caller's buffers at both ends of a network",
          "[network]") {
  check_real<layer::Relu>();
  check_real<layer::Qcfs<4, 1>>();
  check_any<layer::Dropout>();
  check_any<layer::Flatten>();
  check_signal<Real<narrow>, Norm>();
  check_signal<Static<wide>, Norm>();
  check_real<Fires>();
  check_real<Marks>();
}

TEST_CASE("Readouts at both ends of a network keep to the caller's buffers", "[network]") {
  check_real<layer::MeanOverTime>();
  check_real<Fires, layer::SpikeRate>();
  check_real<Fires, layer::AvgPool<2>, layer::AccumulatedMembrane>();
}

TEST_CASE("Layers that run as one keep to the caller's buffers", "[network]") {
  check_any<layer::Conv<5, 3>, Marks>();
  check_any<layer::Conv<5, 3>, Marks, layer::MaxPool<2>>();
  check_any<layer::Conv<17, 3>, Norm>();
  check_any<layer::Dense<9>, Norm, Fires>();
}

TEST_CASE("Residuals at both ends of a network keep to the caller's buffers", "[network]") {
  using Block = layer::Residual<layer::Sequence<layer::Conv<5, 3>, Norm, Fires, layer::Conv<5, 3>>,
                                layer::Sequence<layer::Conv<5, 1>, Norm>>;
  using Same = layer::Residual<layer::Sequence<layer::Dropout>>;
  check_any<Block>();
  check_any<Block, Marks>();
  check_any<Same>();
}

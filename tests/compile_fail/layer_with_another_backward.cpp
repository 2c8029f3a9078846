// expect: snnbd: a layer's Bound needs Input, Output, Memory, parameters, reserve, forward and
// backward, each as layer::BoundLayer says
#include <array>
#include <string_view>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

struct Tried {
  static constexpr std::string_view name = "tried";
  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    return true;
  }
  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    using Output = In;
    using View = ConstViewOf<In, Scalar>;
    struct Memory {};
    static constexpr std::array<layer::Parameter, 0> parameters{};
    static Memory reserve(Arena& /*arena*/, const Extent& /*extent*/, bool /*training*/) {
      return {};
    }
    static View forward(const Tried& /*spec*/, const Scalar* /*parameters*/, View in,
                        Memory& /*memory*/, layer::LayerContext& /*context*/) {
      return in;
    }
#if defined(SNNBD_FIXED)
    static const Scalar* backward(const Tried& /*spec*/, layer::ParameterSpan<Scalar> /*own*/,
                                  const layer::BackwardSignals<In, Scalar>& signals,
                                  Memory& /*memory*/, layer::LayerContext& /*context*/) {
      return signals.output_gradient;
    }
#else
    static const Scalar* backward(const Tried& /*spec*/, const Scalar* /*parameters*/,
                                  Scalar* /*gradient*/, View /*in*/, const Scalar* output_gradient,
                                  Scalar* /*input_gradient*/, Memory& /*memory*/,
                                  layer::LayerContext& /*context*/) {
      return output_gradient;
    }
#endif
  };
};

using Net = Network<Shape{1, 1, 4}, layer::Dense<4>, Tried, layer::Dense<2>>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}

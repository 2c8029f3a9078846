// expect: snnbd: a layer that holds layers must say by for_each_site what neurons are among them
#include <string_view>
#include <tuple>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

struct Tried {
  static constexpr std::string_view name = "tried";
  std::tuple<> held{};
  [[nodiscard]] auto parts() const { return std::tie(held); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    return true;
  }
  template <Signal In, class Scalar>
#if defined(SNNBD_FIXED)
  struct Bound : layer::PassThrough<In, Scalar>, layer::HoldsNoNeurons {
#else
  struct Bound : layer::PassThrough<In, Scalar> {
#endif
  };
};

using Net = Network<Shape{1, 1, 4}, layer::Dense<4>, Tried, layer::Dense<2>>;

int main() {
  const Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  return pass.extent().steps == 0 ? 1 : 0;
}

// expect: snnbd: a stage must say by for_each_site what neurons it holds; see layer::HoldsNoNeurons
#include <tuple>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

using In = Static<Shape{1, 1, 4}>;

#if defined(SNNBD_FIXED)
struct Tried : layer::HoldsNoNeurons {
#else
struct Tried {
#endif
  using Input = In;
  using Output = In;
  using Memory = std::tuple<>;
  static constexpr Index parameter_count = 0;
};

int main() {
  const layer::StagePass<float, layer::StageList<In, Tried>, In> pass{};
  return pass.signal<0>().data == nullptr ? 0 : 1;
}

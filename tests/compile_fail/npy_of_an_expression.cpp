// expect: snnbd: what is saved as .npy is an Eigen tensor (not an expression of one)
#include <snnbd/core/tensor.hpp>
#include <snnbd/format/npy.hpp>

void save(const snnbd::Tensor<float, 2>& a) {
#if defined(SNNBD_FIXED)
  snnbd::npy::save("a.npy", snnbd::Tensor<float, 2>{a + a});
#else
  snnbd::npy::save("a.npy", a + a);
#endif
}

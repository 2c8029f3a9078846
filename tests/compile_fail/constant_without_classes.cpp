// expect: snnbd: a set has at least one class
#include <snnbd/data/synthetic.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
constexpr int classes = 1;
#else
constexpr int classes = 0;
#endif

int main() {
  const data::Constant<Shape{2, 2, 1}, classes> set{10};
  return sizeof(set) == 0 ? 1 : 0;
}

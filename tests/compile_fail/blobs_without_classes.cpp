// expect: snnbd: each class needs a value of its own
#include <snnbd/data/synthetic.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
constexpr int classes = 4;
#else
constexpr int classes = 5;
#endif

int main() {
  const data::Blobs<Shape{2, 2, 1}, classes> set{10};
  return sizeof(set) == 0 ? 1 : 0;
}

// expect: snnbd: an IDX file holds labels (1) or images (3)
#include <snnbd/data/idx.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
constexpr int rank = 1;
#else
constexpr int rank = 2;
#endif

int main() {
  return data::read_idx<rank>("labels").size() == 1 ? 0 : 1;
}

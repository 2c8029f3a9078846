// expect: snnbd: images of a set in memory are float, double or std::uint8_t
#include <vector>

#include <snnbd/data/in_memory.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Value = float;
#else
using Value = int;
#endif

data::InMemory<Shape{1, 2, 1}, 2> load() {
  return {std::vector<Value>{0, 1}, std::vector<int>{1}};
}

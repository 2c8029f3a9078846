#include <cstdint>

#include <snnbd/core/random.hpp>
#include <snnbd/data/dataset.hpp>

std::uint32_t draw_in_second();

std::uint32_t draw_in_second() {
  using namespace snnbd;
  return random::Stream{1, random::Purpose::shuffle}.bits();
}

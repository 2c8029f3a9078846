#include <cstdint>

#include <snnbd/snnbd.hpp>

std::uint32_t draw_in_second();

std::uint32_t draw_in_second() {
  using namespace snnbd;
  return random::Stream{1, random::Purpose::shuffle}.bits();
}

#include <cstdint>

#include <snnbd/snnbd.hpp>

std::uint32_t draw_in_second();

int main() {
  using namespace snnbd;
  const std::uint32_t here = random::Stream{1, random::Purpose::shuffle}.bits();
  return here == draw_in_second() ? 0 : 1;
}

#include <cstdio>

#include <snnbd/snnbd.hpp>

#if !defined(SNNBD_EMBEDDED_DATA)
#error "the package does not say where its data is"
#endif

int main() {
  snnbd::random::Stream stream{1, snnbd::random::Purpose::shuffle};
  for (int draw = 0; draw < 1000; ++draw)
    if (stream.below(10) >= 10) return 1;

  std::FILE* readme = std::fopen(SNNBD_EMBEDDED_DATA "/README.md", "rb");
  if (readme == nullptr) return 2;
  std::fclose(readme);
  return 0;
}

// IDX files as they are.
#include "read_idx.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::read_idx(data, size);
  return 0;
}

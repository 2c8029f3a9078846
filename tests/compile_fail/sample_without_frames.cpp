// expect: snnbd: a sample of a set has at least one frame
#include <cstddef>
#include <span>
#include <string_view>

#include <snnbd/data/dataset_view.hpp>

using namespace snnbd;

struct Recordings {
  static constexpr Shape shape{2, 2, 1};
#if defined(SNNBD_FIXED)
  static constexpr int frames = 1;
#else
  static constexpr int frames = 0;
#endif
  static constexpr int classes = 1;
  static constexpr std::string_view name = "recordings";
  static std::size_t size() {
    return 1;
  }
  static int label(std::size_t /*index*/) {
    return 0;
  }
  static void read(std::size_t /*index*/, std::span<float> /*values*/) {}
};

int main() {
  const Recordings set;
  return data::DatasetView{set}.frames() == 1 ? 0 : 1;
}

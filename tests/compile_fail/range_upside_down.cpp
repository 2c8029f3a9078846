// expect: snnbd: the range of a set goes from a finite number up to another
#include <cstddef>
#include <span>
#include <string_view>

#include <snnbd/data/dataset_view.hpp>

using namespace snnbd;

struct Set {
  static constexpr Shape shape{1, 1, 1};
  static constexpr int classes = 2;
  static constexpr std::string_view name = "set";
#if defined(SNNBD_FIXED)
  static constexpr data::Range range{-1.0F, 1.0F};
#else
  static constexpr data::Range range{1.0F, -1.0F};
#endif
  std::size_t size() const {
    return 1;
  }
  int label(std::size_t) const {
    return 0;
  }
  void read(std::size_t, std::span<float> image) const {
    image[0] = 0.0F;
  }
};

int main() {
  const Set set;
  return data::DatasetView{set}.classes() == 2 ? 0 : 1;
}

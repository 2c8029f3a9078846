// expect: snnbd: a member of a part is a value
#include "study.hpp"

#if defined(SNNBD_FIXED)
struct Mask {
  static constexpr std::string_view name = "mask";
  std::vector<float> values{1.0F};
  void stamp(std::span<float> image, Shape /*shape*/, std::size_t /*sample*/) const {
    image[0] = values[0];
  }
};
#else
struct Mask {
  static constexpr std::string_view name = "mask";
  const float* values = nullptr;
  void stamp(std::span<float> image, Shape /*shape*/, std::size_t /*sample*/) const {
    image[0] = values[0];
  }
};
#endif

int main() {
  run<Experiment<poison::Poisoned<data::Mnist, Mask>, encode::Direct, Net, learn::Bptt<>>>(
      {}, report::Console{});
}

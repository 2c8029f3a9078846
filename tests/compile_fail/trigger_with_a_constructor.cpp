// expect: snnbd: a part of an experiment is an aggregate, without constructors or private members
#include "study.hpp"

#if defined(SNNBD_FIXED)
struct Dot {
  static constexpr std::string_view name = "dot";
  float value = 1.0F;
  void stamp(std::span<float> image, Shape /*shape*/, std::size_t /*sample*/) const {
    image[0] = value;
  }
};
#else
struct Dot {
  static constexpr std::string_view name = "dot";
  explicit Dot(float brightness = 1.0F) : value{brightness} {}
  float value;
  void stamp(std::span<float> image, Shape /*shape*/, std::size_t /*sample*/) const {
    image[0] = value;
  }
};
#endif

int main() {
  run<Experiment<poison::Poisoned<data::Mnist, Dot>, encode::Direct, Net, learn::Bptt<>>>(
      {}, report::Console{});
}

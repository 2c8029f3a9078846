#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/poison/pixel_patch.hpp>

namespace snnbd_tests {

/// A set of blobs that is made the way an experiment makes its sets.
class Toy {
 public:
  static constexpr snnbd::Shape shape{8, 8, 1};
  static constexpr int classes = 3;
  static constexpr std::string_view name = "toy";

  Toy(snnbd::data::Part part, const std::string& /*directory*/)
      : blobs_{part == snnbd::data::Part::train ? 240U : 90U,
               part == snnbd::data::Part::train ? 1U : 2U, 0.2F} {}

  [[nodiscard]] std::size_t size() const { return blobs_.size(); }
  [[nodiscard]] int label(std::size_t index) const { return blobs_.label(index); }
  void read(std::size_t index, std::span<float> image) const { blobs_.read(index, image); }

 private:
  snnbd::data::Blobs<shape, classes> blobs_;
};

using Dirty = snnbd::poison::Poisoned<Toy, snnbd::poison::PixelPatch<>, snnbd::poison::AllToOne>;

inline snnbd::Settings toy_settings() {
  snnbd::Settings settings;
  settings.epochs = 6;
  settings.batch_size = 16;
  settings.learning_rate = 5e-3;
  settings.poisoning_rate = 0.2;
  settings.trigger_size = 2;
  settings.progress = snnbd::report::ProgressMode::silent;
  return settings;
}

inline double percent(const std::optional<snnbd::metric::Rate>& rate) {
  return rate.value().percent();
}

}  // namespace snnbd_tests

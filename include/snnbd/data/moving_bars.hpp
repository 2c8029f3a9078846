#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/dataset.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Samples of several frames whose class is the direction in which bars move. An upright bar, one
/// pixel wide, begins in a random column and moves by one column a frame: to the right in classes 0
/// and 2, to the left in the others. With more than two classes a lying bar moves as well, down in
/// classes 0 and 1 and up in the others. What leaves an edge comes in at the one across.
///
/// The class cannot be told from one frame or from the sum over the frames: in all classes alike, a
/// frame shows bars in random places, and the sum neighbouring columns and rows. The order of the
/// frames alone tells it.
///
/// Values are counts, as of events: `Most` on a bar and 0 elsewhere, under noise. Labels take
/// turns. For tests, benches and examples.
///
/// @tparam S of a frame, at least 3 x 3
/// @tparam Frames at least 2
/// @tparam Classes 2 to 4
/// @tparam Most the largest count; 1 gives frames for `encode::BinaryFrames`
template <Shape S, int Frames, int Classes, int Most = 2>
class MovingBars {
 public:
  static_assert(S.height >= 3 && S.width >= 3, "snnbd: bars move in frames of at least 3 x 3");
  static_assert(Frames >= 2, "snnbd: what moves needs at least two frames");
  static_assert(Classes >= 2 && Classes <= 4, "snnbd: bars move in two to four directions");
  static_assert(Most >= 1, "snnbd: the largest count is at least 1");

  static constexpr Shape shape = S;
  static constexpr int frames = Frames;
  static constexpr int classes = Classes;
  static constexpr std::string_view name = "moving bars";
  static constexpr Range range{0.0F, static_cast<float>(Most)};

  /// @param count the number of samples
  /// @param seed of places and noise: another seed, another set of the same kind
  /// @param noise the share of the values that are random counts from 0 to `Most` instead
  /// @throws Error if `noise` is out of range
  explicit MovingBars(std::size_t count, std::uint64_t seed = 1, float noise = 0.05F)
      : count_{count}, seed_{seed}, noise_{noise} {
    if (!(noise >= 0.0F && noise <= 1.0F))
      reject("moving bars: noise", "a number from 0 to 1", noise);
  }

  /// As an experiment makes it: 480 samples to learn from and 160 others to test with.
  explicit MovingBars(Part part, const std::string& /*directory*/ = {})
      : MovingBars{part == Part::train ? 480U : 160U, part == Part::train ? 1U : 2U} {}

  [[nodiscard]] std::size_t size() const { return count_; }

  [[nodiscard]] int label(std::size_t index) const {
    check_index(name, index, count_);
    return static_cast<int>(index % static_cast<std::size_t>(Classes));
  }

  /// @param values room for one sample, [frame, height, width, channel]
  void read(std::size_t index, std::span<float> values) const {
    const int own = label(index);
    check_image_size(name, values.size(), static_cast<std::size_t>(S.size()) * Frames);
    random::Stream stream{seed_, random::Purpose::synthetic, index};
    int column = static_cast<int>(stream.below(S.width));
    int row = static_cast<int>(stream.below(S.height));
    auto value = values.begin();
    for (int frame = 0; frame < Frames; ++frame) {
      for (int y = 0; y < S.height; ++y)
        for (int x = 0; x < S.width; ++x)
          for (int channel = 0; channel < S.channels; ++channel) {
            const bool on_bar = x == column || (Classes > 2 && y == row);
            const bool noisy = stream.uniform() < noise_;
            const auto count = noisy ? stream.below(Most + 1) : (on_bar ? Most : 0U);
            *value++ = static_cast<float>(count);
          }
      column = (column + (own % 2 == 0 ? 1 : S.width - 1)) % S.width;
      row = (row + (own / 2 == 0 ? 1 : S.height - 1)) % S.height;
    }
  }

 private:
  std::size_t count_;
  std::uint64_t seed_;
  float noise_;
};

}  // namespace snnbd::inline SNNBD_ISA::data

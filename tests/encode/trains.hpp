#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/encode/encoder.hpp>

namespace snnbd_tests {

/// Spike trains of images, and the memory that holds them.
struct Trains {
  std::vector<snnbd::Word> words;
  snnbd::SpikeView<snnbd::Word> view;

  /// The spike of one unit, 0 or 1, with channels fastest.
  [[nodiscard]] int at(snnbd::Index sample, snnbd::Index step, snnbd::Index unit) const {
    const snnbd::Index pixel = unit / view.shape.channels;
    const snnbd::Index channel = unit % view.shape.channels;
    const snnbd::Word word =
        view.frame(sample, step)[pixel * view.pixel_words() + channel / snnbd::word_bits];
    return static_cast<int>(word >> (channel % snnbd::word_bits) & 1U);
  }

  [[nodiscard]] int count(snnbd::Index sample, snnbd::Index unit) const {
    int spikes = 0;
    for (snnbd::Index step = 0; step < view.extent.steps; ++step) spikes += at(sample, step, unit);
    return spikes;
  }
};

/// Encodes images into words that were all ones, so that one left unwritten shows.
template <class Encoder>
Trains encode(const Encoder& encoder, const std::vector<float>& images, snnbd::Shape shape,
              snnbd::Index steps, const std::vector<std::uint64_t>& ids,
              const snnbd::encode::Steps& part = {}) {
  const auto samples = static_cast<snnbd::Index>(ids.size());
  Trains trains;
  trains.view = {nullptr, {samples, steps}, shape};
  trains.words.assign(static_cast<std::size_t>(trains.view.size()), ~snnbd::Word{0});
  trains.view.words = trains.words.data();
  encoder.encode(snnbd::RealView<const float>{images.data(), {samples, 1}, shape}, ids, trains.view,
                 part);
  return trains;
}

/// Whether a sequence that is encoded in windows of a length is the sequence itself.
template <class Encoder>
bool same_in_windows(const Encoder& encoder, const std::vector<float>& images, snnbd::Shape shape,
                     snnbd::Index steps, const std::vector<std::uint64_t>& ids,
                     snnbd::Index window) {
  const Trains whole = encode(encoder, images, shape, steps, ids);
  bool same = true;
  for (snnbd::Index first = 0; first < steps; first += window) {
    const snnbd::Index count = std::min(window, steps - first);
    const Trains part = encode(encoder, images, shape, count, ids, {first, steps});
    for (snnbd::Index sample = 0; sample < part.view.extent.samples; ++sample)
      same = same && std::equal(part.view.frame(sample), part.view.frame(sample + 1),
                                whole.view.frame(sample, first));
  }
  return same;
}

/// Whether the bits beyond the last channel are zero in every word.
inline bool unused_bits_are_zero(const Trains& trains) {
  const int words = trains.view.pixel_words();
  const int used = trains.view.shape.channels - (words - 1) * snnbd::word_bits;
  if (used == snnbd::word_bits) return true;
  for (std::size_t word = static_cast<std::size_t>(words) - 1; word < trains.words.size();
       word += static_cast<std::size_t>(words))
    if (trains.words[word] >> used != 0) return false;
  return true;
}

}  // namespace snnbd_tests

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/core/number.hpp>
#include <snnbd/format/gif.hpp>
#include <snnbd/report/png.hpp>
#include <snnbd/report/recording_picture.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

inline void check_pair(const FramePair& pair, const FrameStyle& style) {
  const Shape shape = pair.shape;
  if (shape.channels < 1 || shape.channels > 3)
    reject("channels of a frame", "1 (grey), 2 (OFF, ON) or 3 (red, green, blue)", shape.channels);
  if (shape.height < 1 || shape.width < 1 || shape.height > 16'384 || shape.width > 16'384)
    reject("shape of a frame", "1 to 16384 rows and columns", to_string(shape));
  if (pair.frames < 1 || pair.frames > 16'384)
    reject("frames of a sample", "a number from 1 to 16384", pair.frames);
  const auto size = static_cast<std::size_t>(shape.size()) * static_cast<std::size_t>(pair.frames);
  if (pair.clean.empty() || pair.clean.size() % size != 0)
    reject("clean frames", "a multiple of " + std::to_string(size) + " values, not zero",
           pair.clean.size());
  if (pair.poisoned.size() != pair.clean.size())
    reject("poisoned frames", std::to_string(pair.clean.size()) + " values, as the clean ones",
           pair.poisoned.size());
  if (!pair.times.empty() && pair.times.size() != static_cast<std::size_t>(pair.frames))
    reject("times of frames", std::to_string(pair.frames), pair.times.size());
  if (!(pair.range.low < pair.range.high))
    reject("range of frames", "one that is not empty",
           number_text(pair.range.low) + " to " + number_text(pair.range.high));
  if (!(style.most >= 0.0F) || !std::isfinite(style.most))
    reject("brightest count", "a number, not negative", style.most);
  if (style.zoom < 0 || style.zoom > 256)
    reject("zoom of frames", "a number from 0 to 256", style.zoom);
  if (style.gap < 0 || style.gap > 256)
    reject("gap of frames", "a number from 0 to 256", style.gap);
  if (style.columns < 1) reject("columns of a sheet", "at least 1", style.columns);
  if (!(style.delay >= 0.0 && style.delay <= 655'350.0))
    reject("delay of a frame", "0 to 655350 milliseconds", style.delay);
}

/// Turns the values of a pixel into its colour.
class Painter {
 public:
  Painter(const FramePair& pair, const FrameStyle& style)
      : pair_{pair}, style_{style}, most_{style.most} {
    if (most_ > 0.0F) return;
    for (const auto values : {pair.clean, pair.poisoned})
      for (const float value : values)
        if (std::isfinite(value)) most_ = std::max(most_, value);
    if (!(most_ > 0.0F)) most_ = 1.0F;
  }

  /// @param values of one pixel, all channels
  [[nodiscard]] gif::Color color(const float* values) const {
    switch (pair_.shape.channels) {
      case 1:
        return {grey(values[0]), grey(values[0]), grey(values[0])};
      case 2: {
        // Okabe and Ito's colours (2008): the bright ones on black, the dark ones on white.
        const bool black = is_black();
        return mixed(black ? gif::Color{86, 180, 233} : gif::Color{0, 114, 178}, level(values[0]),
                     black ? gif::Color{230, 159, 0} : gif::Color{213, 94, 0}, level(values[1]));
      }
      default:
        return {grey(values[0]), grey(values[1]), grey(values[2])};
    }
  }

  /// What the channel that gained most gained, and the same of what was lost.
  [[nodiscard]] gif::Color difference(const float* clean, const float* poisoned) const {
    float added = 0.0F;
    float removed = 0.0F;
    for (int channel = 0; channel < pair_.shape.channels; ++channel) {
      added = std::max(added, poisoned[channel] - clean[channel]);
      removed = std::max(removed, clean[channel] - poisoned[channel]);
    }
    const auto share = [this](float change) {
      if (pair_.shape.channels == 2) return level(change);
      return clamped(change / (pair_.range.high - pair_.range.low));
    };
    return mixed({0, 158, 115}, share(added), {204, 121, 167}, share(removed));
  }

 private:
  [[nodiscard]] bool is_black() const { return style_.background == FrameStyle::Background::black; }

  /// What is not a number is 0.
  static double clamped(float share) {
    if (!(share > 0.0F)) return 0.0;
    return std::min(static_cast<double>(share), 1.0);
  }

  [[nodiscard]] std::uint8_t grey(float value) const {
    const double share = clamped((value - pair_.range.low) / (pair_.range.high - pair_.range.low));
    return static_cast<std::uint8_t>(std::lround(255.0 * share));
  }

  /// How bright a count is.
  [[nodiscard]] double level(float count) const {
    if (style_.brightness == FrameStyle::Brightness::clipped) return clamped(count / most_);
    if (!(count > 0.0F)) return 0.0;
    return std::min(std::log1p(static_cast<double>(count)) / std::log1p(static_cast<double>(most_)),
                    1.0);
  }

  /// Two lights on black, two inks on white.
  [[nodiscard]] gif::Color mixed(gif::Color one, double much, gif::Color other,
                                 double as_much) const {
    const auto part = [&](std::uint8_t here, std::uint8_t there) {
      double value = 0.0;
      if (is_black())
        value = std::min(here * much + there * as_much, 255.0);
      else
        value =
            255.0 * (1.0 - much * (1.0 - here / 255.0)) * (1.0 - as_much * (1.0 - there / 255.0));
      return static_cast<std::uint8_t>(std::lround(value));
    };
    return {part(one.red, other.red), part(one.green, other.green), part(one.blue, other.blue)};
  }

  const FramePair& pair_;
  const FrameStyle& style_;
  float most_;
};

/// One frame of a panel: 0 is clean, 1 poisoned, 2 their difference.
inline std::vector<gif::Color> paint_frame(const Painter& painter, const FramePair& pair,
                                           std::size_t frame, std::size_t panel) {
  const auto channels = static_cast<std::size_t>(pair.shape.channels);
  const auto size = static_cast<std::size_t>(pair.shape.size());
  const float* const clean = pair.clean.data() + frame * size;
  const float* const poisoned = pair.poisoned.data() + frame * size;
  std::vector<gif::Color> colors;
  colors.reserve(size / channels);
  for (std::size_t at = 0; at < size; at += channels)
    colors.push_back(panel == 2 ? painter.difference(clean + at, poisoned + at)
                                : painter.color((panel == 0 ? clean : poisoned) + at));
  return colors;
}

/// The zoom asked for, or one that makes the longer side of a frame about as long as `wanted`.
inline int zoom_of(const FramePair& pair, const FrameStyle& style, int wanted) {
  if (style.zoom > 0) return style.zoom;
  return std::max(wanted / std::max(pair.shape.height, pair.shape.width), 1);
}

inline int delay_of(const FramePair& pair, const FrameStyle& style, std::size_t frame) {
  double delay = pair.times.empty() ? style.delay : pair.times[frame].duration;
  if (!std::isfinite(delay)) delay = style.delay;
  return static_cast<int>(std::lround(std::clamp(delay / 10.0, 2.0, 65'535.0)));
}

/// The times of a sample's frames; empty if its set tells none.
inline std::vector<data::FrameTime> times_of(data::DatasetView set, std::size_t index) {
  std::vector<data::FrameTime> times;
  bool told = false;
  for (int frame = 0; frame < set.frames(); ++frame) {
    times.push_back(set.frame_time(index, frame));
    told = told || !(times.back() == data::FrameTime{static_cast<double>(frame), 1.0});
  }
  if (!told) times.clear();
  return times;
}

}  // namespace detail

SNNBD_COLD std::vector<std::byte> encode_sheet(const FramePair& pair, const FrameStyle& style) {
  constexpr int easily_seen = 96;
  detail::check_pair(pair, style);
  const detail::Painter painter{pair, style};
  const std::size_t panels = style.difference ? 3 : 2;
  const auto frames = static_cast<std::size_t>(pair.frames);
  const std::size_t columns = std::min(frames, static_cast<std::size_t>(style.columns));
  const std::size_t samples =
      pair.clean.size() / frames / static_cast<std::size_t>(pair.shape.size());
  const GridLayout layout{static_cast<int>(columns), detail::zoom_of(pair, style, easily_seen),
                          style.gap};
  // Looked at before memory is taken for it.
  detail::grid_side(columns, pair.shape.width, layout);
  detail::grid_side(samples * panels * ((frames + columns - 1) / columns), pair.shape.height,
                    layout);

  const auto pixels =
      static_cast<std::size_t>(pair.shape.height) * static_cast<std::size_t>(pair.shape.width);
  std::vector<float> images;
  for (std::size_t sample = 0; sample < samples; ++sample)
    for (std::size_t first = 0; first < frames; first += columns)
      for (std::size_t panel = 0; panel < panels; ++panel)
        for (std::size_t frame = first; frame < first + columns; ++frame) {
          // Places after the last frame look like the gaps.
          std::vector<gif::Color> colors(pixels, {128, 128, 128});
          if (frame < frames)
            colors = detail::paint_frame(painter, pair, sample * frames + frame, panel);
          for (const gif::Color color : colors)
            for (const std::uint8_t part : {color.red, color.green, color.blue})
              images.push_back(static_cast<float>(part) / 255.0F);
        }
  return encode_png(images, {pair.shape.height, pair.shape.width, 3}, layout);
}

SNNBD_COLD std::vector<std::byte> encode_animation(const FramePair& pair, const FrameStyle& style) {
  constexpr int easily_seen = 192;
  detail::check_pair(pair, style);
  const detail::Painter painter{pair, style};
  const std::size_t panels = style.difference ? 3 : 2;
  const auto frames = static_cast<std::size_t>(pair.frames);
  const std::size_t samples =
      pair.clean.size() / frames / static_cast<std::size_t>(pair.shape.size());
  const GridLayout layout{static_cast<int>(panels), detail::zoom_of(pair, style, easily_seen),
                          style.gap};
  const int width = detail::grid_side(panels, pair.shape.width, layout);
  const int height = detail::grid_side(samples, pair.shape.height, layout);
  const auto columns = static_cast<std::size_t>(pair.shape.width);
  const auto rows = static_cast<std::size_t>(pair.shape.height);
  const auto zoom = static_cast<std::size_t>(layout.zoom);
  const auto gap = static_cast<std::size_t>(style.gap);
  const auto line = static_cast<std::size_t>(width);
  const std::size_t size = line * static_cast<std::size_t>(height);
  constexpr std::size_t most = std::size_t{1} << 28U;
  if (size > most / frames)
    reject("animation", "at most " + std::to_string(most) + " pixels in all frames",
           std::to_string(frames) + " frames of " + std::to_string(size));

  std::vector<gif::Color> picture(size * frames, {128, 128, 128});
  std::vector<int> delays;
  for (std::size_t frame = 0; frame < frames; ++frame) {
    delays.push_back(detail::delay_of(pair, style, frame));
    for (std::size_t sample = 0; sample < samples; ++sample)
      for (std::size_t panel = 0; panel < panels; ++panel) {
        const auto colors = detail::paint_frame(painter, pair, sample * frames + frame, panel);
        const std::size_t left = gap + panel * (columns * zoom + gap);
        const std::size_t top = gap + sample * (rows * zoom + gap);
        for (std::size_t y = 0; y < rows * zoom; ++y)
          for (std::size_t x = 0; x < columns * zoom; ++x)
            picture[frame * size + (top + y) * line + left + x] =
                colors[y / zoom * columns + x / zoom];
      }
  }
  return gif::encode(gif::with_palette(width, height, picture, std::move(delays)));
}

SNNBD_COLD std::vector<std::string> write_poisoned(const std::string& stem, data::DatasetView clean,
                                                   data::DatasetView triggered, std::size_t samples,
                                                   const FrameStyle& style) {
  const std::size_t count = std::min(samples, triggered.size());
  const std::size_t size = triggered.sample_size();
  const auto read = [&](data::DatasetView set) {
    std::vector<float> values(count * size);
    for (std::size_t i = 0; i < count; ++i) set.read(i, std::span{values}.subspan(i * size, size));
    return values;
  };
  const std::string sheet = stem + ".png";
  if (triggered.frames() == 1 && triggered.shape().channels != 2) {
    write_png(sheet, read(triggered), triggered.shape());
    return {sheet};
  }
  if (clean.shape() != triggered.shape() || clean.frames() != triggered.frames() ||
      clean.size() != triggered.size())
    reject("clean set of a picture", "the shape, frames and samples of the triggered one",
           "others");
  if (count == 0) reject("samples of a picture", "at least one", "none");
  const auto before = read(clean);
  const auto after = read(triggered);
  const auto times = detail::times_of(clean, 0);
  const FramePair pair{before, after, triggered.shape(), triggered.frames(), triggered.range(),
                       times};
  const std::string animation = stem + ".gif";
  const auto sheet_bytes = encode_sheet(pair, style);
  const auto animation_bytes = encode_animation(pair, style);
  write_file_atomically(sheet, std::span<const std::byte>{sheet_bytes});
  write_file_atomically(animation, std::span<const std::byte>{animation_bytes});
  return {sheet, animation};
}

}  // namespace snnbd::inline SNNBD_ISA::report

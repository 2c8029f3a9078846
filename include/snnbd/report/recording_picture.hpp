#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/sample.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// The frames of samples, clean and poisoned, [sample, frame, height, width, channel].
struct FramePair {
  std::span<const float> clean;
  std::span<const float> poisoned;
  Shape shape{};  ///< of one frame: 1 channel is grey, 2 are OFF and ON, 3 are red, green and blue
  int frames = 1;
  data::Range range{};  ///< black and white of 1 or 3 channels; counts are shown by `FrameStyle`
  std::span<const data::FrameTime> times{};  ///< in milliseconds, one a frame; empty if not known
};

/// How frames are drawn. The colours of events are told apart with any kind of colour blindness:
/// ON is orange, OFF blue, both at a pixel the opposite of the background; in a difference, what
/// was added is green and what was removed purple.
struct FrameStyle {
  enum class Background { black, white };
  enum class Brightness {
    logarithmic,  ///< log(1 + n) / log(1 + most)
    clipped       ///< n / most
  };

  Background background = Background::black;
  Brightness brightness = Brightness::logarithmic;
  float most = 0.0F;       ///< the count that is brightest; 0 for the largest of the picture
  bool difference = true;  ///< a third panel: poisoned less clean
  int zoom = 0;      ///< pixels along each side of a frame's pixel; 0 for what makes it easily seen
  int gap = 2;       ///< grey pixels between panels and around all
  int columns = 12;  ///< frames in a row of a sheet
  double delay = 100.0;  ///< milliseconds that a frame is shown, if its time is not known
};

/// A PNG sheet, for each sample as many rows as its frames need: clean, below it poisoned, below
/// it their difference.
///
/// @returns the bytes of the file
/// @throws Error if there is no sample, the sizes disagree, the channels are none of 1 to 3, a
///         setting is out of range, or the picture exceeds 16,384 pixels a side
std::vector<std::byte> encode_sheet(const FramePair& pair, const FrameStyle& style = {});

/// An animated GIF, for ever, of one row for each sample: clean, beside it poisoned, beside it
/// their difference. Each frame is shown as long as it lasted, but at least 20 ms, as viewers skip
/// what is shorter.
///
/// @returns the bytes of the file
/// @throws Error as `encode_sheet`, or if all frames together exceed 2^28 pixels
std::vector<std::byte> encode_animation(const FramePair& pair, const FrameStyle& style = {});

/// Draws the first samples of a triggered set. Of images it writes a grid of them to `stem.png`, as
/// `write_png` does, and leaves the clean set alone; of samples of several frames, and of events,
/// the sheet `stem.png` and the animation `stem.gif`, beside the clean ones.
///
/// @param samples how many; as many as there are if the sets hold fewer
/// @returns the paths of the files, the PNG first
/// @throws Error if the sets differ in shape, frames or size, or a file cannot be written
std::vector<std::string> write_poisoned(const std::string& stem, data::DatasetView clean,
                                        data::DatasetView triggered, std::size_t samples,
                                        const FrameStyle& style = {});

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/recording_picture.ipp>
#endif

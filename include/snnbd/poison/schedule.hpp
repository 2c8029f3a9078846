#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/poison/area.hpp>
#include <snnbd/poison/pixel_patch.hpp>

/// The second part of a composed trigger: in which frames it shows, and where.
namespace snnbd::inline SNNBD_ISA::poison {

/// When a trigger shows. `at(start, shape, frame, frames)` gives the pixels that it covers in a
/// frame, of so many, or nothing where it does not show; `start` is what its mask covers. The same
/// arguments give the same area. `describe()` is what reports print, empty for always.
template <class Type>
concept Schedule = requires(const Type& schedule, const Area& start, Shape shape, int frame) {
  { schedule.at(start, shape, frame, frame) } -> std::same_as<std::optional<Area>>;
  { schedule.describe() } -> std::convertible_to<std::string>;
};

/// In each frame, in the same place.
struct Always {
  [[nodiscard]] static std::optional<Area> at(const Area& start, Shape /*shape*/, int /*frame*/,
                                              int /*frames*/) {
    return start;
  }
  [[nodiscard]] static std::string describe() { return {}; }
};

/// What a moving trigger does at the edge of a frame.
enum class Edge {
  wrap,   ///< comes in at the edge across, whole: places are counted around
  bounce  ///< turns back
};

namespace detail {

/// @throws Error if the area has no room to go in the direction of `step`
Area moved_area(const Area& start, Shape shape, Offset step, Edge edge, int frame);

/// @throws Error if one of the three places leaves the frame
std::optional<Area> toolkit_place(const Area& start, Shape shape, int frame, int frames);

/// `, from frame 2, 3 on, 1 off`.
std::string describe_strobe(int start, int gap, int on);

std::string describe_frames(const std::vector<int>& numbers);

void require_frame(std::string_view setting, int number, int lowest);

}  // namespace detail

/// In each frame, moving by a step from each to the next, whole within the frame.
template <Edge edge = Edge::wrap>
struct Moving {
  Offset step{.dx = 2};  ///< pixels a frame, to the right and down

  /// @throws Error if there is no room to move in the direction of the step
  [[nodiscard]] std::optional<Area> at(const Area& start, Shape shape, int frame,
                                       int /*frames*/) const {
    return detail::moved_area(start, shape, step, edge, frame);
  }

  /// `, moving by 2,0 a frame, wrapping`.
  [[nodiscard]] std::string describe() const {
    return ", moving by " + step.text() +
           (edge == Edge::wrap ? " a frame, wrapping" : " a frame, bouncing");
  }
};

/// Moving as the code of Abad et al. 2024 ("Sneaky Spikes") does it: of a block of side s, three
/// places in turns, s + 2 pixels apart from its own towards the middle; never in the last frame.
/// Their paper has it move by two pixels a frame instead, as `Moving` does.
struct ToolkitMoving {
  /// @throws Error if one of the places leaves the frame
  [[nodiscard]] static std::optional<Area> at(const Area& start, Shape shape, int frame,
                                              int frames) {
    return detail::toolkit_place(start, shape, frame, frames);
  }
  [[nodiscard]] static std::string describe() { return ", three places in turns"; }
};

/// On for some frames, off for some, and so on.
struct Strobe {
  int start = 0;  ///< its first frame, from 0
  int gap = 1;    ///< frames off
  int on = 1;     ///< frames on

  void check() const {
    detail::require_frame("start of a strobe", start, 0);
    detail::require_frame("gap of a strobe", gap, 0);
    detail::require_frame("frames that a strobe is on", on, 1);
  }
  [[nodiscard]] std::optional<Area> at(const Area& area, Shape /*shape*/, int frame,
                                       int /*frames*/) const {
    if (frame < start || (frame - start) % (on + gap) >= on) return std::nullopt;
    return area;
  }
  [[nodiscard]] std::string describe() const { return detail::describe_strobe(start, gap, on); }
};

/// One burst: some frames in a row.
struct Burst {
  int start = 0;   ///< its first frame, from 0
  int length = 1;  ///< in frames

  void check() const {
    detail::require_frame("start of a burst", start, 0);
    detail::require_frame("length of a burst", length, 1);
  }
  [[nodiscard]] std::optional<Area> at(const Area& area, Shape /*shape*/, int frame,
                                       int /*frames*/) const {
    if (frame < start || frame - start >= length) return std::nullopt;
    return area;
  }
  /// `, 1 frame from frame 0`.
  [[nodiscard]] std::string describe() const {
    return ", " + std::to_string(length) + (length == 1 ? " frame" : " frames") + " from frame " +
           std::to_string(start);
  }
};

/// In frames of certain numbers.
struct FixedFrames {
  std::vector<int> numbers{0};  ///< of frames, from 0

  void check() const {
    for (const int number : numbers) detail::require_frame("number of a frame", number, 0);
  }
  [[nodiscard]] std::optional<Area> at(const Area& area, Shape /*shape*/, int frame,
                                       int /*frames*/) const {
    if (std::ranges::find(numbers, frame) == numbers.end()) return std::nullopt;
    return area;
  }
  /// `, in frames 0, 3`.
  [[nodiscard]] std::string describe() const { return detail::describe_frames(numbers); }
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/schedule.ipp>
#endif

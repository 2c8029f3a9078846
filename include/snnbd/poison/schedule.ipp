#pragma once

#include <cstdint>
#include <limits>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/schedule.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

/// Where on a line of `room` + 1 places something is that would be at `place` of an endless one.
inline int place_on_line(std::int64_t place, int room, Edge edge) {
  if (room == 0) return 0;
  const std::int64_t period = edge == Edge::wrap ? std::int64_t{room} + 1 : 2 * std::int64_t{room};
  const std::int64_t rest = (place % period + period) % period;
  return static_cast<int>(rest <= room ? rest : period - rest);
}

SNNBD_INLINE Area moved_area(const Area& start, Shape shape, Offset step, Edge edge, int frame) {
  const auto along = [&](int place, int distance, int side, int whole) {
    if (distance != 0 && side >= whole)
      reject("moving trigger",
             "room to move by " + step.text() + " in a frame of " + to_string(shape),
             std::to_string(start.height) + " rows and " + std::to_string(start.width) +
                 " columns that it covers");
    return place_on_line(place + std::int64_t{distance} * frame, whole - side, edge);
  };
  return {along(start.top, step.dy, start.height, shape.height),
          along(start.left, step.dx, start.width, shape.width), start.height, start.width,
          start.rim};
}

SNNBD_INLINE std::optional<Area> toolkit_place(const Area& start, Shape shape, int frame,
                                               int frames) {
  const int way = 2 * start.left <= shape.width - start.width ? 1 : -1;
  const int farthest = start.left + way * (2 * start.width + 2);
  if (farthest < 0 || farthest + start.width > shape.width)
    reject("moving trigger", "three places inside a frame of " + to_string(shape),
           "one at column " + std::to_string(farthest));
  if (frame + 1 >= frames) return std::nullopt;
  const int turn = frame % 3;
  Area area = start;
  area.left += way * (turn == 0 ? 0 : turn * start.width + 2);
  return area;
}

SNNBD_INLINE std::string describe_strobe(int start, int gap, int on) {
  return ", strobing from frame " + std::to_string(start) + ", " + std::to_string(on) + " on, " +
         std::to_string(gap) + " off";
}

SNNBD_INLINE std::string describe_frames(const std::vector<int>& numbers) {
  std::string text = ", in frames ";
  for (std::size_t place = 0; place < numbers.size(); ++place)
    text.append(place == 0 ? "" : " ").append(std::to_string(numbers[place]));
  return text;
}

SNNBD_INLINE void require_frame(std::string_view setting, int number, int lowest) {
  // Sums of two of them must not overflow.
  constexpr int most = std::numeric_limits<int>::max() / 4;
  if (number < lowest || number > most)
    reject(setting, "a number of frames of at least " + std::to_string(lowest), number);
}

}  // namespace snnbd::inline SNNBD_ISA::poison::detail

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <snnbd/core/random.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd_tests {

/// Random events in the order of their times, the first and the last at the lower right pixel.
/// Frames are made by time, or by number.
template <bool by_time>
class EventSet {
 public:
  static constexpr snnbd::event::Sensor sensor{.width = 8, .height = 7};
  static constexpr snnbd::Shape shape{7, 8, 2};
  static constexpr int frames = 4;
  static constexpr int classes = 2;
  static constexpr std::string_view name = "event set";
  static constexpr snnbd::data::Range range{0.0F, 1000.0F};

  explicit EventSet(std::size_t count = 6) : count_{count} {}

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] static int label(std::size_t index) { return static_cast<int>(index % 2); }

  [[nodiscard]] static std::vector<snnbd::event::Event> events(std::size_t index) {
    using snnbd::random::Purpose;
    snnbd::random::Stream stream{7, Purpose::synthetic, index};
    std::vector<snnbd::event::Event> events(300 + 50 * (index % 6));
    std::int64_t time = 5000;
    for (auto& event : events) {
      event = {time, static_cast<std::uint16_t>(stream.below(8)),
               static_cast<std::uint16_t>(stream.below(7)),
               static_cast<std::uint8_t>(stream.below(2))};
      time += stream.below(40);
    }
    for (auto* end : {&events.front(), &events.back()}) end->x = 7, end->y = 6;
    return events;
  }

  static void integrate(std::span<const snnbd::event::Event> events, std::span<float> values) {
    std::ranges::fill(values, 0.0F);
    if (events.empty()) return;
    const auto time = [](const auto& left, const auto& right) { return left.time < right.time; };
    const auto [first, last] = std::minmax_element(events.begin(), events.end(), time);
    const std::int64_t share = std::max<std::int64_t>((last->time - first->time) / frames, 1);
    const std::size_t number = std::max<std::size_t>(events.size() / frames, 1);
    for (std::size_t place = 0; place < events.size(); ++place) {
      const auto& event = events[place];
      const auto frame = std::min<std::size_t>(
          by_time ? static_cast<std::size_t>((event.time - first->time) / share) : place / number,
          frames - 1);
      values[((frame * 7 + event.y) * 8 + event.x) * 2 + event.on] += 1.0F;
    }
  }

  void read(std::size_t index, std::span<float> values) const { integrate(events(index), values); }

 private:
  std::size_t count_;
};

template <class Set>
std::vector<float> read_sample(const Set& set, std::size_t index) {
  std::vector<float> values(snnbd::data::sample_size_of<Set>());
  set.read(index, values);
  return values;
}

}  // namespace snnbd_tests

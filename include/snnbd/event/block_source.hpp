#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/config.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/event/source.hpp>

/// What the readers of all formats share. A reader is a decoder, which makes events of bytes that
/// lie in memory, and a source, which brings the bytes.
namespace snnbd::inline SNNBD_ISA::event::detail {

static_assert(std::endian::native == std::endian::little && sizeof(Event) == 16 &&
                  offsetof(Event, x) == 8 && offsetof(Event, y) == 10 && offsetof(Event, on) == 12,
              "snnbd: events are written as two words, little-endian");

/// An event in two words, so that it is written at once: x, y from bit 16 on, `on` in bit 32.
struct EventWords {
  std::int64_t time;
  std::uint64_t place;
};

constexpr std::uint64_t place_word(std::uint64_t x, std::uint64_t y, std::uint64_t on) {
  return x | y << 16U | on << 32U;
}

inline void put(Event* to, std::int64_t time, std::uint64_t place) {
  const EventWords words{time, place};
  std::memcpy(static_cast<void*>(to), &words, sizeof words);
}

/// What lies within a sensor; everything that an event can name if it is not known.
struct Bounds {
  std::uint32_t width = 1U << 16U;
  std::uint32_t height = 1U << 16U;

  Bounds() = default;
  explicit Bounds(const Sensor& sensor) {
    if (!sensor.is_known()) return;
    width = static_cast<std::uint32_t>(sensor.width);
    height = static_cast<std::uint32_t>(sensor.height);
  }
};

/// How much of its bytes a decoder took, and how many events it made.
struct Decoded {
  std::size_t bytes = 0;
  std::size_t events = 0;
};

inline std::uint64_t load_word(const std::byte* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

inline std::uint32_t load_half(const std::byte* bytes) {
  std::uint32_t half = 0;
  std::memcpy(&half, bytes, sizeof half);
  return half;
}

/// Makes 64 bits of time stamps of 32. A stamp that is smaller than the last one by more than 2^31
/// is behind an overflow; one that is larger by as much, after an overflow, is from before it.
class Unwrapped {
 public:
  std::int64_t operator()(std::uint32_t stamp) {
    const std::int64_t step = std::int64_t{stamp} - std::int64_t{last_};
    if (static_cast<std::uint64_t>(step + half) > 2 * static_cast<std::uint64_t>(half)) [[unlikely]]
      turn(step);
    last_ = stamp;
    return base_ + stamp;
  }

  /// Overflows so far.
  [[nodiscard]] std::uint64_t overflows() const {
    return static_cast<std::uint64_t>(highest_) >> 32U;
  }

 private:
  static constexpr std::int64_t half = std::int64_t{1} << 31U;

  void turn(std::int64_t step) {
    if (step < 0)
      base_ += 2 * half;
    else if (base_ > 0)
      base_ -= 2 * half;
    highest_ = base_ > highest_ ? base_ : highest_;
  }

  std::int64_t base_ = 0;
  std::int64_t highest_ = 0;
  std::uint32_t last_ = 0;
};

/// A source that fills a block of its own and counts what is in it.
class BlockSource : public Source {
 public:
  /// As many events as the second cache holds beside the bytes that they are made of.
  static constexpr std::size_t block_size = 4096;

  /// @param sensor 0 x 0 if it is not known
  explicit BlockSource(const Sensor& sensor) : sensor_{sensor}, block_(block_size) {}

  [[nodiscard]] std::span<const Event> next() final;
  [[nodiscard]] Sensor sensor() const final { return sensor_; }

 protected:
  /// Writes the next events of the file, from the first place of the block on.
  ///
  /// @returns how many; 0 where the file went on without any
  virtual std::size_t fill(std::span<Event> block) = 0;

  /// The file is at its end.
  void finish() { finished_ = true; }

  Sensor sensor_;

 private:
  std::vector<Event> block_;
  Event last_;
  bool any_ = false;
  bool finished_ = false;
};

[[noreturn]] void reject_truncated(const ByteStream& stream, std::size_t record, std::size_t found);

/// A file that is one record of fixed size after another.
///
/// @tparam Decoder has `record`, the bytes of one, and is called with bytes, a block and findings
template <class Decoder>
class RecordSource final : public BlockSource {
 public:
  RecordSource(ByteStream stream, const Sensor& sensor, Decoder decoder)
      : BlockSource{sensor}, stream_{std::move(stream)}, decoder_{std::move(decoder)} {}

 protected:
  std::size_t fill(std::span<Event> block) override {
    const std::span<const std::byte> bytes = stream_.peek(Decoder::record);
    if (bytes.size() < Decoder::record) {
      if (!bytes.empty()) reject_truncated(stream_, Decoder::record, bytes.size());
      finish();
      return 0;
    }
    const Decoded decoded = decoder_(bytes, block, findings_);
    stream_.skip(decoded.bytes);
    return decoded.events;
  }

 private:
  ByteStream stream_;
  Decoder decoder_;
};

/// Follows the events of a block: how many are earlier than the one before, or equal to it.
///
/// @param last the event before the first one
void examine(std::span<const Event> events, Event last, Findings& findings);

/// The sensor that bounds the events: what was asked for, else what the file tells.
inline Sensor chosen_sensor(const Sensor& asked, const Sensor& told) {
  return asked.is_known() ? asked : told;
}

}  // namespace snnbd::inline SNNBD_ISA::event::detail

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/block_source.ipp>
#endif

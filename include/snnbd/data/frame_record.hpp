#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/event/frames.hpp>

/// Frames of events of one recording in few bytes: most counts are 0, nearly all others below 256.
namespace snnbd::inline SNNBD_ISA::data::detail {

/// What is known of one recording, or of several together.
struct RecordingFacts {
  event::Findings findings;
  event::Integration integration;

  RecordingFacts& operator+=(const RecordingFacts& other);
  friend bool operator==(const RecordingFacts&, const RecordingFacts&) = default;
};

/// How many frames a record has and how many values they have together.
struct RecordLayout {
  std::size_t frames = 1;
  std::size_t values = 1;

  friend bool operator==(const RecordLayout&, const RecordLayout&) = default;
};

/// Facts, times of the frames, one bit for each value that is not 0, and these values in one or two
/// bytes each.
std::vector<std::byte> pack_record(const RecordingFacts& facts, std::span<const event::Bin> bins,
                                   std::span<const std::uint16_t> counts);

/// Looks at a record.
class RecordView {
 public:
  /// @param bytes outlive the view; made by `pack_record` of that layout, or looked at by
  ///   `is_record`
  RecordView(std::span<const std::byte> bytes, const RecordLayout& layout)
      : bytes_{bytes}, layout_{layout} {}

  [[nodiscard]] RecordingFacts facts() const;

  /// When a frame is; without its events.
  [[nodiscard]] event::Bin bin(std::size_t frame) const;

  /// Writes all values.
  ///
  /// @param value what a count becomes
  template <class Value>
  void write(const Value& value, std::span<float> out) const {
    if (width() == 1)
      write_as<std::uint8_t>(value, out);
    else
      write_as<std::uint16_t>(value, out);
  }

  static constexpr std::size_t facts_size = sizeof(RecordingFacts);
  static constexpr std::size_t bin_size = 2 * sizeof(std::int64_t);

  /// Where the bits begin.
  [[nodiscard]] std::size_t bits_at() const {
    return facts_size + layout_.frames * bin_size + sizeof(std::uint64_t);
  }
  /// Where the counts begin.
  [[nodiscard]] std::size_t counts_at() const {
    return bits_at() + (layout_.values + 63) / 64 * sizeof(std::uint64_t);
  }
  /// The bytes of one count.
  [[nodiscard]] std::size_t width() const {
    return std::to_integer<std::size_t>(bytes_[bits_at() - sizeof(std::uint64_t)]);
  }

 private:
  template <class Count, class Value>
  void write_as(const Value& value, std::span<float> out) const {
    std::ranges::fill(out, 0.0F);
    const std::byte* word = bytes_.data() + bits_at();
    const std::byte* next = bytes_.data() + counts_at();
    for (std::size_t first = 0; first < out.size(); first += 64, word += sizeof(std::uint64_t)) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, word, sizeof(bits));
      for (; bits != 0; bits &= bits - 1, next += sizeof(Count)) {
        Count count{};
        std::memcpy(&count, next, sizeof(count));
        out[first + static_cast<std::size_t>(std::countr_zero(bits))] = value(count);
      }
    }
  }

  std::span<const std::byte> bytes_;
  RecordLayout layout_;
};

/// Appends a number as the machine has it.
template <class Number>
void append_bytes(std::vector<std::byte>& bytes, const Number& number) {
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof(number));
  std::memcpy(bytes.data() + at, &number, sizeof(number));
}

/// Whether bytes are a record of a layout: that a view of them stays within them, and that frames
/// end no earlier than they begin, at times whose differences are numbers of 64 bits.
bool is_record(std::span<const std::byte> bytes, const RecordLayout& layout);

}  // namespace snnbd::inline SNNBD_ISA::data::detail

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/frame_record.ipp>
#endif

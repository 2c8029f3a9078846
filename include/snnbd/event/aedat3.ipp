#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/event/aedat3.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

SNNBD_INLINE Decoded PolarityDecoder::operator()(std::span<const std::byte> bytes,
                                                 std::span<Event> block, Findings& findings) {
  const std::size_t count = std::min(bytes.size() / record, block.size());
  const Bounds within = bounds;
  const std::int64_t before = base;
  const std::uint32_t last_row = bottom;
  const std::uint32_t marked = all_valid;
  // -y - 1 + last_row + 1, or y: turned by a mask of all ones.
  const std::uint32_t mask = last_row == 0 ? 0 : ~std::uint32_t{0};
  const std::uint32_t shift = last_row == 0 ? 0 : last_row + 1;
  std::uint64_t outside = 0;
  std::uint64_t invalid = 0;
  std::uint32_t all = 0;
  Event* to = block.data();
  const std::byte* from = bytes.data();
  for (std::size_t i = 0; i < count; ++i, from += record) {
    const std::uint64_t word = load_word(from);
    const auto data = static_cast<std::uint32_t>(word);
    const auto stamp = static_cast<std::uint32_t>(word >> 32U);
    const std::uint32_t x = data >> 17U & 0x7FFFU;
    const std::uint32_t y = ((data >> 2U & 0x7FFFU) ^ mask) + shift;
    put(to, before + stamp, place_word(x, y & 0xFFFFU, data >> 1U & 1U));
    const std::uint64_t valid = (data | marked) & 1U;
    const std::uint64_t kept = valid & (x < within.width && y < within.height ? 1U : 0U);
    to += kept;
    invalid += valid ^ 1U;
    outside += kept ^ valid;
    all |= stamp;
  }
  stamps |= all;
  findings.outside += outside;
  findings.invalid += invalid;
  return {count * record, static_cast<std::size_t>(to - block.data())};
}

/// What the header tells.
struct Aedat3Header {
  bool rows_from_bottom = false;
  Sensor sensor;
};

/// The sensor of a camera as cAER names it.
inline Sensor aedat3_sensor(std::string_view name) {
  struct Camera {
    std::string_view name;
    Sensor sensor;
  };
  static constexpr std::array<Camera, 6> cameras{{{"DVS128", {128, 128}},
                                                  {"DAVIS240", {240, 180}},
                                                  {"DAVIS346", {346, 260}},
                                                  {"DAVIS640", {640, 480}},
                                                  {"DAVIS128", {128, 128}},
                                                  {"EDVS4337", {128, 128}}}};
  for (const Camera& camera : cameras)
    if (name.starts_with(camera.name)) return camera.sensor;
  return {};
}

/// Reads the header up to its last line, or, as version 3.0 need not have one, to the first byte
/// that begins no line.
inline Aedat3Header read_aedat3_header(ByteStream& stream) {
  constexpr std::size_t kept = 512;
  const auto shown = [](const std::string& line) {
    return line.empty() ? std::string{"its end"}
                        : snnbd::quoted(line.substr(0, line.find_last_not_of("\r\n") + 1));
  };
  const std::string first = stream.line(kept);
  Aedat3Header header;
  header.rows_from_bottom = first.starts_with("#!AER-DAT3.0");
  if (!header.rows_from_bottom && !first.starts_with("#!AER-DAT3.1"))
    reject(stream.subject(), "a file that begins with #!AER-DAT3.0 or #!AER-DAT3.1", shown(first));
  bool source = false;
  while (true) {
    const auto next = stream.peek(1);
    if (header.rows_from_bottom && (next.empty() || next.front() != std::byte{'#'})) break;
    const std::string line = stream.line(kept);
    if (line.starts_with("#!END-HEADER")) break;
    if (!line.starts_with('#'))
      reject(stream.subject() + ", header", "a line #!END-HEADER", shown(line));
    constexpr std::string_view format = "#Format: ";
    if (line.starts_with(format) && !line.starts_with("#Format: RAW"))
      reject(stream.subject() + ", header", "the format RAW", shown(line));
    const std::size_t colon = line.find(": ");
    if (source || !line.starts_with("#Source ") || colon == std::string::npos) continue;
    source = true;
    header.sensor = aedat3_sensor(std::string_view{line}.substr(colon + 2));
  }
  return header;
}

/// Reads one packet after another.
class Aedat3Source final : public BlockSource {
 public:
  Aedat3Source(ByteStream stream, const Sensor& sensor, const PolarityDecoder& decoder)
      : BlockSource{sensor}, stream_{std::move(stream)}, decoder_{decoder} {}

 protected:
  std::size_t fill(std::span<Event> block) override {
    if (left_ == 0) {
      begin_packet();
      return 0;
    }
    std::span<const std::byte> bytes = stream_.peek(PolarityDecoder::record);
    bytes = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left_)));
    if (bytes.size() < PolarityDecoder::record) refuse_end(left_, bytes.size());
    const Decoded decoded = decoder_(bytes, block, findings_);
    if (decoder_.stamps >> 31U != 0) reject(where(), "time stamps of 31 bits", "one with a sign");
    stream_.skip(decoded.bytes);
    left_ -= decoded.bytes;
    return decoded.events;
  }

 private:
  [[nodiscard]] std::string where() const {
    return stream_.subject() + ", packet at byte " + std::to_string(packet_);
  }

  [[noreturn]] void refuse_end(std::uint64_t wanted, std::uint64_t found) const {
    reject(where(), std::to_string(wanted) + " more bytes, as it says", found);
  }

  /// Reads the header of the next packet, and skips it if it holds no polarity events.
  void begin_packet() {
    constexpr std::size_t header = 28;
    const std::span<const std::byte> bytes = stream_.peek(header);
    packet_ = stream_.position();
    if (bytes.empty()) return finish();
    if (bytes.size() < header) refuse_end(header, bytes.size());
    const std::uint32_t type = load_half(bytes.data()) & 0xFFFFU;
    const std::uint32_t source = load_half(bytes.data()) >> 16U;
    const std::uint64_t size = load_half(bytes.data() + 4);
    const std::uint32_t offset = load_half(bytes.data() + 8);
    const std::uint64_t overflow = load_half(bytes.data() + 12);
    const std::uint64_t number = load_half(bytes.data() + 20);
    const std::uint64_t valid = load_half(bytes.data() + 24);
    constexpr std::uint64_t most = std::uint64_t{1} << 31U;
    for (const std::uint64_t field : {size, overflow, number, valid})
      if (field >= most) reject(where(), "sizes and numbers below 2^31", field);
    if (valid > number)
      reject(where(), "at most " + std::to_string(number) + " valid events", valid);
    stream_.skip(header);
    if (type != polarity) return skip_packet(number, size);
    if (size != PolarityDecoder::record || offset != 4)
      reject(where(), "polarity events of 8 bytes, the time stamp at byte 4",
             std::to_string(size) + " bytes, the time stamp at byte " + std::to_string(offset));
    if (source_.value_or(source) != source)
      reject(where(), "polarity events of one source, " + std::to_string(*source_), source);
    source_ = source;
    decoder_.base = static_cast<std::int64_t>(overflow << 31U);
    findings_.overflows = std::max(findings_.overflows, overflow);
    decoder_.all_valid = valid == number ? 1 : 0;
    left_ = number * size;
  }

  void skip_packet(std::uint64_t number, std::uint64_t size) {
    const std::uint64_t passed = stream_.pass(number * size);
    if (passed < number * size) refuse_end(number * size, passed);
    findings_.others += number;
  }

  static constexpr std::uint32_t polarity = 1;

  ByteStream stream_;
  PolarityDecoder decoder_;
  std::uint64_t left_ = 0;    ///< bytes of the packet that are not read yet
  std::uint64_t packet_ = 0;  ///< where it begins
  std::optional<std::uint32_t> source_;
};

}  // namespace detail

SNNBD_COLD std::unique_ptr<Source> open_aedat3(ByteStream stream, const ReadOptions& options) {
  const detail::Aedat3Header header = detail::read_aedat3_header(stream);
  const Sensor sensor = detail::chosen_sensor(options.sensor, header.sensor);
  detail::PolarityDecoder decoder;
  decoder.bounds = detail::Bounds{sensor};
  if (header.rows_from_bottom && options.convention == Convention::canonical) {
    if (!sensor.is_known())
      reject(stream.subject(),
             "a known camera in its line #Source, or a sensor in the options, as AEDAT 3.0 counts "
             "rows from the bottom",
             "neither");
    decoder.bottom = static_cast<std::uint32_t>(
        (header.sensor.is_known() ? header.sensor.height : sensor.height) - 1);
  }
  return std::make_unique<detail::Aedat3Source>(std::move(stream), sensor, decoder);
}

}  // namespace snnbd::inline SNNBD_ISA::event

#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/event/aedat4.hpp>
#include <snnbd/event/aedat4_streams.hpp>
#include <snnbd/format/flatbuffer.hpp>
#include <snnbd/format/lz4.hpp>
#include <snnbd/format/zstd.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

SNNBD_INLINE Decoded Aedat4Decoder::operator()(std::span<const std::byte> bytes,
                                               std::span<Event> block, Findings& findings) {
  // As numbers without a sign, negative places lie beyond all others.
  constexpr std::uint32_t most = std::numeric_limits<std::int16_t>::max() + 1;
  const std::uint32_t width = std::min(bounds.width, most);
  const std::uint32_t height = std::min(bounds.height, most);
  const std::size_t count = std::min(bytes.size() / record, block.size());
  Event* to = block.data();
  const std::byte* from = bytes.data();
  for (std::size_t i = 0; i < count; ++i, from += record) {
    const std::uint64_t word = load_word(from + 8);
    const std::uint64_t x = word & 0xFFFFU;
    const std::uint64_t y = word >> 16U & 0xFFFFU;
    put(to, static_cast<std::int64_t>(load_word(from)),
        place_word(x, y, (word >> 32U & 0xFFU) != 0 ? 1U : 0U));
    to += x < width && y < height ? 1 : 0;
  }
  const auto events = static_cast<std::size_t>(to - block.data());
  findings.outside += count - events;
  return {count * record, events};
}

namespace aedat4 {

/// Unpacks as the file says that it was packed.
class Unpacker {
 public:
  /// @param compression 0 none, 1 and 2 LZ4, 3 and 4 Zstandard; the second of two packs harder
  Unpacker(std::int32_t compression, const std::string& path) {
    if (compression == 1 || compression == 2) unpacker_ = lz4::make_unpacker(path);
    if (compression == 3 || compression == 4) unpacker_ = zstd::make_unpacker(path);
    if (compression < 0 || compression > 4)
      reject(path, "a compression from 0 to 4 (none, LZ4, Zstandard)", compression);
  }

  std::span<const std::byte> operator()(std::span<const std::byte> packed, std::uint64_t limit,
                                        std::string_view subject) {
    return unpacker_ ? unpacker_->unpack(packed, room_, limit, subject) : packed;
  }

 private:
  std::unique_ptr<packed::Unpacker> unpacker_;
  std::vector<std::byte> room_;
};

class Reader final : public BlockSource {
 public:
  Reader(ByteStream stream, const ReadOptions& options)
      : BlockSource{{}}, stream_{std::move(stream)}, limit_{options.packet_limit} {
    constexpr std::uint64_t most = std::uint64_t{1} << 40U;
    if (limit_ < 1 || limit_ > most)
      reject("largest packet of AEDAT 4", "a number of bytes from 1 to " + std::to_string(most),
             limit_);
    read_header(options);
    decode_.bounds = Bounds{sensor_};
  }

 protected:
  std::size_t fill(std::span<Event> block) override {
    if (left_.empty() && !read_packet()) {
      finish();
      return 0;
    }
    const Decoded decoded = decode_(left_, block, findings_);
    left_ = left_.subspan(decoded.bytes);
    return decoded.events;
  }

 private:
  static constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();

  void read_header(const ReadOptions& options);
  void choose_stream(std::string_view description, const ReadOptions& options);
  bool read_packet();
  std::span<const std::byte> take(std::size_t size, std::string_view what);
  [[noreturn]] void refuse_end(std::string_view what, std::size_t expected,
                               std::uint64_t found) const;

  ByteStream stream_;
  std::uint64_t limit_;
  std::unique_ptr<Unpacker> unpack_;
  std::vector<int> streams_;
  int chosen_ = 0;
  Aedat4Decoder decode_;
  std::uint64_t end_ = unknown;  ///< byte where the packets end
  std::uint64_t packets_ = 0;
  std::vector<std::byte> packed_;
  std::span<const std::byte> left_;  ///< events of the packet that are still to be given
};

SNNBD_COLD void Reader::refuse_end(std::string_view what, std::size_t expected,
                                   std::uint64_t found) const {
  reject(stream_.subject(), std::to_string(expected) + " bytes of " + std::string{what},
         std::to_string(found) + " before the end of the file");
}

/// The next bytes, where they lie in the stream or copied; memory grows with what is there.
SNNBD_INLINE std::span<const std::byte> Reader::take(std::size_t size, std::string_view what) {
  const auto near = stream_.peek(std::min(size, ByteStream::default_capacity));
  if (near.size() >= size) {
    stream_.skip(size);
    return near.first(size);
  }
  packed_.clear();
  while (packed_.size() < size) {
    auto piece = stream_.peek(1);
    if (piece.empty()) refuse_end(what, size, packed_.size());
    piece = piece.first(std::min(piece.size(), size - packed_.size()));
    packed_.insert(packed_.end(), piece.begin(), piece.end());
    stream_.skip(piece.size());
  }
  return packed_;
}

SNNBD_COLD void Reader::read_header(const ReadOptions& options) {
  constexpr std::string_view first_line = "#!AER-DAT4.0\r\n";
  constexpr std::size_t prefix_size = 4;
  constexpr std::uint32_t largest_header = std::uint32_t{1} << 22U;
  const std::string& path = stream_.subject();
  const auto line = std::as_bytes(std::span{first_line});
  const auto begin = stream_.peek(line.size());
  if (begin.size() < line.size() || !std::equal(line.begin(), line.end(), begin.begin()))
    reject(path, "a file of AEDAT 4, which begins with #!AER-DAT4.0", "something else");
  stream_.skip(line.size());
  // The size belongs to the table, and is looked at before.
  const auto prefix = stream_.peek(prefix_size);
  if (prefix.size() < prefix_size) refuse_end("the header's size", prefix_size, prefix.size());
  const auto size = flatbuffer::number_at<std::uint32_t>(prefix.data());
  if (size > largest_header)
    reject(path, "a header of at most " + std::to_string(largest_header) + " bytes", size);
  const auto header = take(prefix_size + size, "the header");

  const auto table = flatbuffer::Table::root(header, "IOHE", path);
  unpack_ = std::make_unique<Unpacker>(table.number<std::int32_t>(0, 0), path);
  // Negative as long as nobody knew.
  const auto end = table.number<std::int64_t>(1, -1);
  if (end >= 0) end_ = static_cast<std::uint64_t>(end);
  if (end_ < stream_.position())
    reject(path,
           "packets that end behind the header, at byte " + std::to_string(stream_.position()),
           end);
  const auto description = table.text(2);
  if (!description) reject(path, "a description of its streams", "none");
  choose_stream(*description, options);
}

SNNBD_COLD void Reader::choose_stream(std::string_view description, const ReadOptions& options) {
  const std::string& path = stream_.subject();
  const auto streams = aedat4_streams(description, path);
  const auto is_wanted = [&](const Aedat4Stream& stream) {
    return options.stream ? stream.number == *options.stream : stream.has_events();
  };
  const auto chosen = std::find_if(streams.begin(), streams.end(), is_wanted);
  const std::string name = options.stream
                               ? "stream " + std::to_string(*options.stream) + " of events"
                               : "a stream of events (EVTS)";
  if (chosen == streams.end())
    reject(path, name, "none among its " + std::to_string(streams.size()) + " streams");
  if (!chosen->has_events()) reject(path, name, "one of " + snnbd::quoted(chosen->kind));
  chosen_ = chosen->number;
  sensor_ = chosen_sensor(options.sensor, chosen->sensor(path));
  for (const Aedat4Stream& stream : streams) streams_.push_back(stream.number);
}

/// Goes to the next packet of the stream that has events; false at the end of the packets.
SNNBD_INLINE bool Reader::read_packet() {
  constexpr std::size_t head_size = 8;
  while (stream_.position() < end_) {
    const auto head = stream_.peek(head_size);
    if (head.empty() && end_ == unknown) return false;
    const std::string what = "packet " + std::to_string(packets_++);
    if (head.size() < head_size) refuse_end("the header of " + what, head_size, head.size());
    const auto number = flatbuffer::number_at<std::int32_t>(head.data());
    const auto size = flatbuffer::number_at<std::int32_t>(head.data() + 4);
    stream_.skip(head_size);
    const std::string subject = stream_.subject() + ", " + what;
    if (std::find(streams_.begin(), streams_.end(), number) == streams_.end())
      reject(subject, "the number of a stream that the file lists", number);
    if (size < 0 || static_cast<std::uint64_t>(size) > limit_)
      reject(subject, "at most " + std::to_string(limit_) + " bytes", size);
    const auto bytes = static_cast<std::size_t>(size);
    if (stream_.position() > end_ || bytes > end_ - stream_.position())
      reject(subject, "an end before byte " + std::to_string(end_) + ", where the packets end",
             stream_.position() + bytes);
    if (number != chosen_) {
      const std::uint64_t passed = stream_.pass(bytes);
      if (passed != bytes) refuse_end(what, bytes, passed);
      ++findings_.others;
      continue;
    }
    const auto unpacked = (*unpack_)(take(bytes, what), limit_, subject);
    const auto table = flatbuffer::Table::root(unpacked, "EVTS", subject);
    left_ = table.structs(0, Aedat4Decoder::record).value_or(std::span<const std::byte>{});
    if (!left_.empty()) return true;
  }
  return false;
}

}  // namespace aedat4

}  // namespace detail

SNNBD_COLD std::unique_ptr<Source> open_aedat4(ByteStream stream, const ReadOptions& options) {
  return std::make_unique<detail::aedat4::Reader>(std::move(stream), options);
}

}  // namespace snnbd::inline SNNBD_ISA::event

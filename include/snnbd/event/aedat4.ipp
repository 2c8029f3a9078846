#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file_operations.hpp>
#include <snnbd/event/aedat4.hpp>
#include <snnbd/event/aedat4_streams.hpp>
#include <snnbd/format/flatbuffer.hpp>
#include <snnbd/format/lz4.hpp>
#include <snnbd/format/zstd.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail::aedat4 {

inline constexpr std::string_view first_line = "#!AER-DAT4.0\r\n";
inline constexpr std::size_t event_size =
    16;  ///< in the file: time, x, y, on, three bytes of nothing

/// A regular file, read from its beginning to its end with few calls of the system.
class PacketFile {
 public:
  explicit PacketFile(std::string path) : path_{std::move(path)} {
    // A pipe or a device may never end, and must not be waited for.
    descriptor_ = call_.open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    struct stat status {};
    if (descriptor_ < 0 || call_.status(descriptor_, &status) != 0) {
      const int reason = errno;
      close();
      reject(path_, "a readable file", std::generic_category().message(reason));
    }
    if (!S_ISREG(status.st_mode)) {
      close();
      reject(path_, "a regular file", S_ISDIR(status.st_mode) ? "a folder" : "something else");
    }
  }
  PacketFile(const PacketFile&) = delete;
  PacketFile& operator=(const PacketFile&) = delete;
  ~PacketFile() { close(); }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint64_t position() const { return position_; }

  /// Reads up to `to.size()` bytes; fewer only at the end of the file.
  std::size_t read(std::span<std::byte> to) {
    std::size_t count = 0;
    while (count < to.size()) {
      if (next_ == filled_) {
        const std::span rest = to.subspan(count);
        // What is as long as the buffer goes to its place at once.
        const bool directly = rest.size() >= buffer_.size();
        const std::size_t got = system_read(directly ? rest : std::span{buffer_});
        if (got == 0) break;
        next_ = 0;
        filled_ = directly ? 0 : got;
        if (directly) count += got;
        continue;
      }
      const std::size_t copied = std::min(filled_ - next_, to.size() - count);
      std::copy_n(buffer_.data() + next_, copied, to.data() + count);
      next_ += copied;
      count += copied;
    }
    position_ += count;
    return count;
  }

  /// Reads exactly `size` bytes into the beginning of `room`, which grows with what is there.
  std::span<const std::byte> read(std::vector<std::byte>& room, std::size_t size,
                                  std::string_view what) {
    constexpr std::size_t piece = std::size_t{1} << 20U;
    std::size_t count = 0;
    while (count < size) {
      if (room.size() == count) room.resize(std::min(size, std::max(piece, 2 * count)));
      const std::size_t wanted = std::min(size, room.size()) - count;
      const std::size_t got = read(std::span{room}.subspan(count, wanted));
      count += got;
      if (got != wanted) refuse_end(what, size, count);
    }
    return std::span{room}.first(size);
  }

  void skip(std::size_t size, std::string_view what) {
    std::array<std::byte, 4096> nowhere{};
    std::size_t count = 0;
    while (count < size) {
      const std::size_t wanted = std::min(nowhere.size(), size - count);
      const std::size_t got = read(std::span{nowhere}.first(wanted));
      count += got;
      if (got != wanted) refuse_end(what, size, count);
    }
  }

  [[noreturn]] void refuse_end(std::string_view what, std::size_t expected,
                               std::size_t found) const {
    reject(path_, std::to_string(expected) + " bytes of " + std::string{what},
           std::to_string(found) + " before the end of the file");
  }

 private:
  std::size_t system_read(std::span<std::byte> to) {
    constexpr std::size_t largest_read = std::size_t{1} << 30U;
    while (true) {
      const auto got = call_.read(descriptor_, to.data(), std::min(to.size(), largest_read));
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) reject(path_, "a readable file", std::generic_category().message(errno));
    }
  }
  void close() {
    if (descriptor_ >= 0) call_.close(descriptor_);
    descriptor_ = -1;
  }

  const snnbd::detail::FileOperations& call_ = snnbd::detail::file_operations();
  std::string path_;
  int descriptor_ = -1;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(std::size_t{1} << 16U);
  std::size_t next_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t position_ = 0;
};

/// Unpacks as the file says that it was packed.
class Unpacker {
 public:
  /// @param compression 0 none, 1 and 2 LZ4, 3 and 4 Zstandard; the second of two packs harder
  Unpacker(std::int32_t compression, const std::string& path) {
    if (compression == 1 || compression == 2) lz4_ = std::make_unique<lz4::Unpacker>(path);
    if (compression == 3 || compression == 4) zstd_ = std::make_unique<zstd::Unpacker>(path);
    if (compression < 0 || compression > 4)
      reject(path, "a compression from 0 to 4 (none, LZ4, Zstandard)", compression);
  }

  std::span<const std::byte> operator()(std::span<const std::byte> packed, std::uint64_t limit,
                                        std::string_view subject) {
    if (lz4_) return lz4_->unpack(packed, room_, limit, subject);
    if (zstd_) return zstd_->unpack(packed, room_, limit, subject);
    return packed;
  }

 private:
  std::unique_ptr<lz4::Unpacker> lz4_;
  std::unique_ptr<zstd::Unpacker> zstd_;
  std::vector<std::byte> room_;
};

class Reader final : public Source {
 public:
  Reader(const std::string& path, const Aedat4Options& options)
      : file_{path}, limit_{options.largest_packet} {
    constexpr std::uint64_t most = std::uint64_t{1} << 40U;
    if (limit_ < 1 || limit_ > most)
      reject("largest packet of AEDAT 4", "a number of bytes from 1 to " + std::to_string(most),
             limit_);
    read_header(options.stream);
  }

  [[nodiscard]] std::span<const Event> next() override {
    // A packet may have no events, or none within the sensor.
    while (true) {
      if (left_.empty() && !read_packet()) return {};
      constexpr std::size_t most_events = std::size_t{1} << 16U;
      const std::size_t count = std::min(left_.size() / event_size, most_events);
      const auto events = convert(left_.first(count * event_size));
      left_ = left_.subspan(count * event_size);
      if (!events.empty()) return events;
    }
  }

  [[nodiscard]] Sensor sensor() const override { return sensor_; }

 private:
  void read_header(std::optional<int> wanted);
  bool read_packet();
  std::span<const Event> convert(std::span<const std::byte> packed);

  PacketFile file_;
  std::uint64_t limit_;
  std::unique_ptr<Unpacker> unpack_;
  std::vector<int> streams_;
  int stream_ = 0;
  Sensor sensor_;
  std::uint64_t end_ = std::numeric_limits<std::uint64_t>::max();  ///< of the packets, if known
  std::uint64_t packets_ = 0;
  std::vector<std::byte> packed_;
  std::span<const std::byte> left_;  ///< events of the packet that are still to be given
  std::vector<Event> events_;
  /// Time and place of the event before, as one number each. None is earlier or lies there.
  struct Before {
    std::int64_t time = std::numeric_limits<std::int64_t>::min();
    std::uint64_t place = std::numeric_limits<std::uint64_t>::max();
  } before_;
};

SNNBD_COLD void Reader::read_header(std::optional<int> wanted) {
  constexpr std::uint32_t largest_header = std::uint32_t{1} << 22U;
  const std::string& path = file_.path();
  std::vector<std::byte> room(first_line.size());
  if (file_.read(std::span{room}) != room.size() || !is_aedat4(room))
    reject(path, "a file of AEDAT 4, which begins with #!AER-DAT4.0", "something else");
  const auto prefix = file_.read(room, 4, "the header's size");
  const auto size = flatbuffer::number_at<std::uint32_t>(prefix.data());
  if (size > largest_header)
    reject(path, "a header of at most " + std::to_string(largest_header) + " bytes", size);
  std::vector<std::byte> header(prefix.begin(), prefix.end());
  const auto content = file_.read(room, size, "the header");
  header.insert(header.end(), content.begin(), content.end());

  const auto table = flatbuffer::Table::root(header, "IOHE", path);
  unpack_ = std::make_unique<Unpacker>(table.number<std::int32_t>(0, 0), path);
  const auto end = table.number<std::int64_t>(1, -1);
  // Negative as long as nobody knew.
  if (end >= 0) end_ = static_cast<std::uint64_t>(end);
  if (end_ < file_.position())
    reject(path, "packets that end behind the header, at byte " + std::to_string(file_.position()),
           end);
  const auto description = table.text(2);
  if (!description) reject(path, "a description of its streams", "none");
  const auto streams = event::detail::aedat4_streams(*description, path);
  const auto is_wanted = [&](const event::detail::Aedat4Stream& stream) {
    return wanted ? stream.number == *wanted : stream.has_events();
  };
  const auto chosen = std::find_if(streams.begin(), streams.end(), is_wanted);
  const std::string name =
      wanted ? "stream " + std::to_string(*wanted) + " of events" : "a stream of events (EVTS)";
  if (chosen == streams.end())
    reject(path, name, "none among its " + std::to_string(streams.size()) + " streams");
  if (!chosen->has_events()) reject(path, name, "one of " + snnbd::quoted(chosen->kind));
  stream_ = chosen->number;
  sensor_ = chosen->sensor(path);
  for (const auto& stream : streams) streams_.push_back(stream.number);
}

/// Goes to the next packet of the stream; false at the end of the packets.
SNNBD_INLINE bool Reader::read_packet() {
  constexpr std::size_t head_size = 8;
  while (file_.position() < end_) {
    std::array<std::byte, head_size> head{};
    const std::size_t got = file_.read(std::span{head});
    if (got == 0 && end_ == std::numeric_limits<std::uint64_t>::max()) return false;
    const std::string what = "packet " + std::to_string(packets_++);
    if (got != head_size) file_.refuse_end("the header of " + what, head_size, got);
    const auto stream = flatbuffer::number_at<std::int32_t>(head.data());
    const auto size = flatbuffer::number_at<std::int32_t>(head.data() + 4);
    if (std::find(streams_.begin(), streams_.end(), stream) == streams_.end())
      reject(file_.path() + ", " + what, "the number of a stream that the file lists", stream);
    if (size < 0 || static_cast<std::uint64_t>(size) > limit_)
      reject(file_.path() + ", " + what, "at most " + std::to_string(limit_) + " bytes", size);
    const auto bytes = static_cast<std::size_t>(size);
    if (file_.position() > end_ || bytes > end_ - file_.position())
      reject(file_.path() + ", " + what,
             "an end before byte " + std::to_string(end_) + ", where the packets end",
             file_.position() + bytes);
    if (stream != stream_) {
      file_.skip(bytes, what);
      ++findings_.others;
      continue;
    }
    const std::string subject = file_.path() + ", " + what;
    const auto unpacked = (*unpack_)(file_.read(packed_, bytes, what), limit_, subject);
    const auto table = flatbuffer::Table::root(unpacked, "EVTS", subject);
    left_ = table.structs(0, event_size).value_or(std::span<const std::byte>{});
    if (!left_.empty()) return true;
  }
  return false;
}

/// Events as we keep them, without those outside of the sensor.
SNNBD_INLINE std::span<const Event> Reader::convert(std::span<const std::byte> packed) {
  // As numbers without a sign, negative coordinates lie beyond all others.
  constexpr int most = std::numeric_limits<std::int16_t>::max() + 1;
  const int width = sensor_.is_known() ? sensor_.width : most;
  const int height = sensor_.is_known() ? sensor_.height : most;
  const std::size_t count = packed.size() / event_size;
  if (events_.size() < count) events_.resize(count);
  std::size_t given = 0;
  // Numbers in registers: a whole event would be put together in memory to be read back at once.
  std::int64_t time_before = before_.time;
  std::uint64_t place_before = before_.place;
  std::uint64_t backwards = 0;
  std::uint64_t repeated = 0;
  for (const std::byte* stored = packed.data(); stored != packed.data() + packed.size();
       stored += event_size) {
    const auto time = flatbuffer::number_at<std::int64_t>(stored);
    const auto x = flatbuffer::number_at<std::uint16_t>(stored + 8);
    const auto y = flatbuffer::number_at<std::uint16_t>(stored + 10);
    const unsigned on = stored[12] != std::byte{0} ? 1U : 0U;
    if (x >= width || y >= height) continue;
    Event& event = events_[given++];
    event.time = time;
    event.x = x;
    event.y = y;
    event.on = static_cast<std::uint8_t>(on);
    const std::uint64_t place = std::uint64_t{x} << 32U | std::uint64_t{y} << 16U | on;
    backwards += time < time_before ? 1U : 0U;
    repeated += time == time_before && place == place_before ? 1U : 0U;
    time_before = time;
    place_before = place;
  }
  before_ = {time_before, place_before};
  findings_.events += given;
  findings_.outside += count - given;
  findings_.backwards += backwards;
  findings_.repeated += repeated;
  return std::span{events_}.first(given);
}

}  // namespace detail::aedat4

SNNBD_COLD bool is_aedat4(std::span<const std::byte> beginning) {
  const auto line = std::as_bytes(std::span{detail::aedat4::first_line});
  return beginning.size() >= line.size() && std::equal(line.begin(), line.end(), beginning.begin());
}

SNNBD_COLD std::unique_ptr<Source> open_aedat4(const std::string& path,
                                               const Aedat4Options& options) {
  return std::make_unique<detail::aedat4::Reader>(path, options);
}

}  // namespace snnbd::inline SNNBD_ISA::event

#pragma once

#include <algorithm>
#include <iterator>
#include <new>
#include <string_view>

#include <zlib.h>

#include <snnbd/core/error.hpp>
#include <snnbd/format/gzip.hpp>

namespace snnbd::inline SNNBD_ISA::gzip {

struct Inflater::State {
  State(const std::string& name, std::span<const std::byte> packed)
      : path{name}, size{std::ssize(packed)} {
    // zlib never writes there; it only leaves the qualifier out.
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    constexpr int only_gzip = 16 + MAX_WBITS;
    check(::inflateInit2(&stream, only_gzip));
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { ::inflateEnd(&stream); }

  /// Whether there is more to unpack; steps over the border of two streams.
  bool goes_on() {
    if (!ended) return true;
    const std::span rest{stream.next_in, stream.avail_in};
    if (is_packed(std::as_bytes(rest))) {
      ended = false;
      check(::inflateReset(&stream));
      return true;
    }
    const auto other = std::find_if(rest.begin(), rest.end(), [](Bytef byte) { return byte != 0; });
    if (other != rest.end())
      reject(path, "nothing but gzip streams, and zero bytes behind the last",
             "something else from byte " + std::to_string(size - (rest.end() - other)) + " on");
    stream.avail_in = 0;
    return false;
  }

  void check(int result) const {
    if (result == Z_OK) return;
    if (result == Z_MEM_ERROR) throw std::bad_alloc{};
    const bool starved = result == Z_BUF_ERROR;
    const std::string_view found = starved                 ? "a truncated one"
                                   : stream.msg != nullptr ? stream.msg
                                                           : "a damaged one";
    reject(path, "an intact gzip stream", found);
  }

  const std::string& path;
  std::ptrdiff_t size;
  z_stream stream{};
  bool ended = false;
};

SNNBD_COLD Inflater::Inflater(const std::string& path, std::span<const std::byte> packed)
    : state_{std::make_unique<State>(path, packed)} {}

SNNBD_COLD Inflater::~Inflater() = default;

SNNBD_COLD void Inflater::extend(std::vector<std::byte>& bytes, std::size_t wanted) {
  // A file may be nothing but empty streams: the room is made once and not for each of them.
  constexpr std::size_t piece = std::size_t{1} << 20U;
  std::size_t used = bytes.size();
  while (used < wanted && state_->goes_on()) {
    if (used == bytes.size()) bytes.resize(used + std::min(piece, wanted - used));
    z_stream& stream = state_->stream;
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + used);
    stream.avail_out = static_cast<uInt>(std::min(piece, bytes.size() - used));
    const Bytef* before = stream.next_out;
    const int result = ::inflate(&stream, Z_NO_FLUSH);
    used += static_cast<std::size_t>(stream.next_out - before);
    state_->ended = result == Z_STREAM_END;
    if (!state_->ended) state_->check(result);
  }
  bytes.resize(used);
}

}  // namespace snnbd::inline SNNBD_ISA::gzip

// How many events a second each reader gives, from memory and from a file, beside what memory could
// do.
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <program.hpp>
#include <unistd.h>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/event/arrays.hpp>
#include <snnbd/event/atis.hpp>
#include <snnbd/event/read.hpp>

namespace {

using namespace snnbd;
using Bytes = std::vector<std::byte>;

/// More than the caches hold.
constexpr std::size_t count = std::size_t{1} << 24;

/// Draws like a recording: times that grow, pixels anywhere.
struct Draw {
  std::minstd_rand engine{1};
  std::uint32_t time = 0;

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(engine()) % bound; }
  std::uint32_t next_time() { return time += below(4); }
};

void add(Bytes& bytes, std::uint64_t value, unsigned size, bool big_endian) {
  for (unsigned i = 0; i < size; ++i)
    bytes.push_back(static_cast<std::byte>(value >> 8U * (big_endian ? size - 1 - i : i) & 0xFFU));
}

void add(Bytes& bytes, const std::string& text) {
  for (const char letter : text) bytes.push_back(static_cast<std::byte>(letter));
}

Bytes atis() {
  Bytes bytes;
  Draw draw;
  for (std::size_t i = 0; i < count; ++i) {
    add(bytes, draw.below(34), 1, true);
    add(bytes, draw.below(34), 1, true);
    add(bytes, (draw.next_time() & 0x7F'FFFFU) | draw.below(2) << 23U, 3, true);
  }
  return bytes;
}

Bytes aedat2(const std::string& chip, std::uint32_t shift_x, std::uint32_t shift_y,
             std::uint32_t side, std::uint32_t polarity) {
  Bytes bytes;
  add(bytes, "#!AER-DAT2.0\r\n# AEChip: " + chip + "\r\n#End Of ASCII Header\r\n");
  Draw draw;
  for (std::size_t i = 0; i < count; ++i) {
    add(bytes,
        draw.below(side) << shift_x | draw.below(side) << shift_y | draw.below(2) << polarity, 4,
        true);
    add(bytes, draw.next_time(), 4, true);
  }
  return bytes;
}

Bytes aedat3() {
  constexpr std::size_t packet = 4096;
  Bytes bytes;
  add(bytes, "#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n");
  Draw draw;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % packet == 0) {
      add(bytes, 1U | 1U << 16U, 4, false);
      for (const std::size_t field :
           {std::size_t{8}, std::size_t{4}, std::size_t{0}, packet, packet, packet})
        add(bytes, field, 4, false);
    }
    add(bytes, draw.below(128) << 17U | draw.below(128) << 2U | draw.below(2) << 1U | 1U, 4, false);
    add(bytes, draw.next_time(), 4, false);
  }
  return bytes;
}

Bytes prophesee() {
  Bytes bytes;
  add(bytes, "% Version 2\n% Width 304\n% Height 240\n");
  add(bytes, 12U | 8U << 8U, 2, false);
  Draw draw;
  for (std::size_t i = 0; i < count; ++i) {
    add(bytes, draw.next_time(), 4, false);
    add(bytes, draw.below(304) | draw.below(240) << 14U | draw.below(2) << 28U, 4, false);
  }
  return bytes;
}

Bytes npy(std::size_t events) {
  std::vector<double> values;
  Draw draw;
  for (std::size_t i = 0; i < events; ++i) {
    values.push_back(draw.below(128));
    values.push_back(draw.below(128));
    values.push_back(draw.below(2));
    values.push_back(draw.next_time() / 1000.0);
  }
  return snnbd::npy::encode(snnbd::npy::make_array<double>({static_cast<std::int64_t>(events), 4},
                                                           std::span<const double>{values}));
}

struct Case {
  std::string name;  ///< with the ending that tells the format
  std::function<Bytes()> make;
  std::size_t events = count;
};

const std::vector<Case> cases{
    {"atis.bin", atis},
    {"aedat2_dvs128.aedat", [] { return aedat2("DVS128", 1, 8, 128, 0); }},
    {"aedat2_davis240.aedat", [] { return aedat2("DAVIS240C", 12, 22, 180, 11); }},
    {"aedat3.aedat", aedat3},
    {"prophesee.dat", prophesee},
    {"columns.npy", [] { return npy(count / 8); }, count / 8},
};

/// Reads to the end, looking at nothing.
void drain(event::Source& source) {
  while (true) {
    const auto block = source.next();
    if (block.empty()) break;
    benchmark::DoNotOptimize(block.data());
  }
}

/// A file that goes with the program.
struct TemporaryFile {
  std::string path;
  explicit TemporaryFile(const std::string& name)
      : path{(std::filesystem::temp_directory_path() /
              ("snnbd-bench-" + std::to_string(::getpid()) + '-' + name))
                 .string()} {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { ::unlink(path.c_str()); }
};

void set_counters(benchmark::State& state, const Case& one, std::size_t bytes) {
  constexpr double event_size = sizeof(event::Event);
  state.counters["events/s"] = bench::each(static_cast<double>(one.events));
  state.counters["file B/s"] = bench::each(static_cast<double>(bytes));
  // What is read and what is written: blocks stay in cache, so that memory sees the first alone.
  state.counters["in+out B/s"] =
      bench::each(static_cast<double>(bytes) + event_size * static_cast<double>(one.events));
}

void from_memory(benchmark::State& state, const Case& one) {
  const Bytes bytes = one.make();
  for ([[maybe_unused]] auto unused : state) drain(*event::open(ByteStream{bytes, one.name}));
  set_counters(state, one, bytes.size());
}

void from_file(benchmark::State& state, const Case& one) {
  const TemporaryFile file{one.name};
  const Bytes bytes = one.make();
  write_file_atomically(file.path, std::span<const std::byte>{bytes});
  for ([[maybe_unused]] auto unused : state) drain(*event::open(file.path));
  set_counters(state, one, bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(
      argc, argv,
      [] {
        for (const Case& one : cases) {
          benchmark::RegisterBenchmark(("memory/" + one.name).c_str(), from_memory, one)
              ->Unit(benchmark::kMillisecond)
              ->UseRealTime();
          benchmark::RegisterBenchmark(("file/" + one.name).c_str(), from_file, one)
              ->Unit(benchmark::kMillisecond)
              ->UseRealTime();
        }
      },
      [](const bench::Medians& /*medians*/) {});
}

// How many recordings like those of N-MNIST a second become frames: from files, from a cache on
// disk, from memory, and from nothing but digits that a camera sees.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <program.hpp>
#include <unistd.h>

#include <snnbd/core/file.hpp>
#include <snnbd/data/event_frames.hpp>
#include <snnbd/data/moving_digits.hpp>
#include <snnbd/data/nmnist.hpp>

namespace {

using namespace snnbd;
using Files = data::EventFrames<data::NMnist, 10>;

constexpr std::size_t recordings = 500;

/// Digits that move, in the files of N-MNIST; removed at the end of the program.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("snnbd-bench-frames-" + std::to_string(::getpid()));

  Folder() {
    const data::MovingDigits digits{data::Part::train};
    for (std::size_t index = 0; index < recordings; ++index) {
      std::vector<std::byte> bytes;
      for (const event::Event& event : digits.events(index)) {
        const auto stamp = static_cast<std::uint32_t>(event.time) | std::uint32_t{event.on} << 23U;
        for (const std::uint32_t byte :
             {std::uint32_t{event.x}, std::uint32_t{event.y}, stamp >> 16U, stamp >> 8U, stamp})
          bytes.push_back(static_cast<std::byte>(byte & 255U));
      }
      write_file_atomically(path.string() + "/Train/" + std::to_string(digits.label(index)) + '/' +
                                std::to_string(index) + ".bin",
                            std::span<const std::byte>{bytes});
    }
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
};

const Folder& folder() {
  static const Folder made;
  return made;
}

/// Reads all samples, one after another, on one thread.
void read_all(benchmark::State& state, const Files& set) {
  std::vector<float> values(data::sample_size_of<Files>());
  for ([[maybe_unused]] auto unused : state)
    for (std::size_t index = 0; index < set.size(); ++index) {
      set.read(index, values);
      benchmark::DoNotOptimize(values.data());
    }
  state.counters["recordings/s"] = bench::each(static_cast<double>(set.size()));
}

Files open(const data::CacheOptions& cache) {
  return Files{data::Part::train, folder().path.string(), cache};
}

void from_files(benchmark::State& state) {
  read_all(state, open({.folder = {}, .memory = 0}));
}

void from_disk_cache(benchmark::State& state) {
  read_all(state, open({.folder = (folder().path / "cache").string(), .memory = 0}));
}

void from_memory(benchmark::State& state) {
  const Files set = open({});
  static_cast<void>(set.checksum());
  read_all(state, set);
}

void integrate(benchmark::State& state) {
  const Files set = open({});
  const std::vector<event::Event> events = set.events(0);
  std::vector<float> values(data::sample_size_of<Files>());
  for ([[maybe_unused]] auto unused : state) {
    set.integrate(events, values);
    benchmark::DoNotOptimize(values.data());
  }
  state.counters["recordings/s"] = bench::each(1.0);
  state.counters["events/s"] = bench::each(static_cast<double>(events.size()));
}

void render(benchmark::State& state) {
  const data::MovingDigits digits{data::Part::train};
  for ([[maybe_unused]] auto unused : state)
    for (std::size_t index = 0; index < 100; ++index)
      benchmark::DoNotOptimize(digits.events(index).data());
  state.counters["recordings/s"] = bench::each(100.0);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(
      argc, argv,
      [] {
        using Benchmark = void (*)(benchmark::State&);
        for (const auto& [name, one] : std::initializer_list<std::pair<const char*, Benchmark>>{
                 {"files", from_files},
                 {"cache_on_disk", from_disk_cache},
                 {"memory", from_memory},
                 {"integrate", integrate},
                 {"render", render}})
          benchmark::RegisterBenchmark(name, one)->Unit(benchmark::kMillisecond)->UseRealTime();
      },
      [](const bench::Medians& /*medians*/) {});
}

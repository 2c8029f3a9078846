#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <snnbd/core/file.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/data/event_frames.hpp>

using namespace snnbd;
using event::Event;

namespace {

namespace fs = std::filesystem;

/// A folder of its own, removed at the end.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "snnbd-frames-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }

  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> all{fs::directory_iterator{path}, fs::directory_iterator{}};
    std::ranges::sort(all);
    return all;
  }
};

/// Recordings drawn from a seed; tells how often one was read.
struct Drawn {
  static constexpr event::Sensor sensor{7, 5};
  static constexpr int classes = 3;
  static constexpr std::string_view name = "drawn";
  std::size_t count = 300;
  std::string version = "1";
  std::shared_ptr<std::atomic<int>> reads = std::make_shared<std::atomic<int>>(0);

  [[nodiscard]] std::size_t size() const { return count; }
  [[nodiscard]] int label(std::size_t index) const { return static_cast<int>(index % 3); }
  [[nodiscard]] std::string identity() const { return version; }
  [[nodiscard]] std::vector<Event> events(std::size_t index) const {
    ++*reads;
    random::Stream stream{4, random::Purpose::synthetic, index};
    std::vector<Event> events(stream.below(60));
    for (Event& event : events)
      event = {stream.below(1000), static_cast<std::uint16_t>(stream.below(7)),
               static_cast<std::uint16_t>(stream.below(5)),
               static_cast<std::uint8_t>(stream.below(2))};
    // Some counts need two bytes.
    if (index % 100 == 7) events.resize(700, Event{500, 3, 2, 1});
    return events;
  }
};

using Frames = data::EventFrames<Drawn, 4, event::ByTime>;

std::vector<float> all_values(const Frames& set) {
  constexpr auto size = data::sample_size_of<Frames>();
  std::vector<float> values(set.size() * size);
  for (std::size_t i = 0; i < set.size(); ++i)
    set.read(i, std::span{values}.subspan(i * size, size));
  return values;
}

std::vector<float> straight(const Drawn& set) {
  constexpr auto size = data::sample_size_of<Frames>();
  std::vector<float> values(set.size() * size);
  for (std::size_t i = 0; i < set.size(); ++i)
    event::integrate(set.events(i), Drawn::sensor, 4, event::ByTime{}, event::Counts{},
                     event::Whole{}, std::span{values}.subspan(i * size, size));
  return values;
}

void flip(const fs::path& file, std::streamoff place) {
  std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
  stream.seekg(place);
  const char byte = static_cast<char>(stream.get() ^ 16);
  stream.seekp(place);
  stream.put(byte);
}

}  // namespace

TEST_CASE("Records of frames give back what was packed", "[data]") {
  const data::detail::RecordLayout layout{3, 3 * 70};
  const std::vector<event::Bin> bins{{0, 1, 0, 5}, {1, 2, 5, 9}, {2, 2, 9, 1'000'000'000'000}};
  std::vector<std::uint16_t> counts(layout.values);
  counts[0] = 3;
  counts[63] = 255;
  counts[64] = 7;
  counts[209] = 1;
  data::detail::RecordingFacts facts;
  facts.findings.events = 11;
  facts.integration.unsorted = 12;
  for (const std::uint16_t largest : {std::uint16_t{255}, std::uint16_t{256}}) {
    counts[63] = largest;
    const auto bytes = data::detail::pack_record(facts, bins, counts);
    CHECK(data::detail::is_record(bytes, layout));
    const data::detail::RecordView view{bytes, layout};
    CHECK(view.facts() == facts);
    CHECK(view.bin(2).start == 9);
    CHECK(view.bin(2).finish == 1'000'000'000'000);
    CHECK(view.width() == (largest < 256 ? 1 : 2));
    std::vector<float> values(layout.values, -1.0F);
    view.write([](auto count) { return static_cast<float>(count); }, values);
    CHECK(std::ranges::equal(values, counts));

    auto short_one = bytes;
    short_one.pop_back();
    CHECK_FALSE(data::detail::is_record(short_one, layout));
    auto wrong = bytes;
    wrong[view.bits_at()] = std::byte{0xFF};
    CHECK_FALSE(data::detail::is_record(wrong, layout));
    CHECK_FALSE(data::detail::is_record({}, layout));
    // The last frame ends before it begins, or so late that its length is no number of 64 bits.
    for (const std::int64_t finish : {std::int64_t{8}, std::int64_t{1} << 62U}) {
      auto odd = bytes;
      std::memcpy(odd.data() + data::detail::RecordView::facts_size + 5 * sizeof(finish), &finish,
                  sizeof(finish));
      CHECK_FALSE(data::detail::is_record(odd, layout));
    }
  }
}

TEST_CASE("Frames are the same wherever they are kept", "[data]") {
  const Drawn drawn;
  const auto expected = straight(drawn);
  const Frames in_memory{drawn, {}};
  CHECK(all_values(in_memory) == expected);
  *drawn.reads = 0;
  CHECK(all_values(in_memory) == expected);
  CHECK(*drawn.reads == 0);
  CHECK(all_values(Frames{drawn, {}}) == expected);
  CHECK(*drawn.reads == 0);
  const Frames nowhere{drawn, {.folder = {}, .memory = 0}};
  CHECK(all_values(nowhere) == expected);
  CHECK(all_values(nowhere) == expected);
  CHECK(*drawn.reads == 600);

  const Folder folder;
  const data::CacheOptions on_disk{.folder = folder.path / "new", .memory = 2'000};
  CHECK(all_values(Frames{drawn, on_disk}) == expected);
  *drawn.reads = 0;
  const Frames again{drawn, on_disk};
  CHECK(all_values(again) == expected);
  CHECK(*drawn.reads == 0);
  CHECK(again.checksum() == in_memory.checksum());
  CHECK(again.facts() == in_memory.facts());
  CHECK(again.frame_times(7) == in_memory.frame_times(7));
  CHECK(*drawn.reads == 0);
  CHECK(fs::exists(folder.path / "new"));
}

TEST_CASE("A cache of frames is of one content and of all settings", "[data]") {
  const Folder folder;
  const data::CacheOptions cache{.folder = folder.path};
  const auto files_after = [&](const auto& set) {
    static_cast<void>(set);
    return folder.files().size();
  };
  CHECK(files_after(Frames{Drawn{}, cache}) == 2);
  CHECK(files_after(Frames{Drawn{}, cache}) == 2);
  CHECK(files_after(Frames{Drawn{.version = "2"}, cache}) == 4);
  CHECK(files_after(data::EventFrames<Drawn, 4>{Drawn{}, cache}) == 6);
  CHECK(files_after(data::EventFrames<Drawn, 5, event::ByTime>{Drawn{}, cache}) == 8);
  using Short = event::With<event::ByDuration{.microseconds = 10}>;
  using Long = event::With<event::ByDuration{.microseconds = 20}>;
  CHECK(files_after(data::EventFrames<Drawn, 4, Short>{Drawn{}, cache}) == 10);
  CHECK(files_after(data::EventFrames<Drawn, 4, Long>{Drawn{}, cache}) == 12);
  // Values are made of the same counts.
  CHECK(files_after(data::EventFrames<Drawn, 4, event::ByTime, event::Binary>{Drawn{}, cache}) ==
        12);
}

TEST_CASE("A damaged cache of frames is made again", "[data]") {
  const Drawn drawn;
  const auto expected = straight(drawn);
  const Folder folder;
  const data::CacheOptions cache{.folder = folder.path, .memory = 0};
  static_cast<void>(Frames{drawn, cache});
  const auto files = folder.files();
  REQUIRE(files.size() == 2);
  const auto size = static_cast<std::streamoff>(fs::file_size(files[0]));

  for (const std::streamoff place : {std::streamoff{0}, std::streamoff{9}, std::streamoff{100},
                                     std::streamoff{900}, size / 2, size - 1}) {
    flip(files[0], place);
    const Frames set{drawn, cache};
    CHECK(all_values(set) == expected);
    REQUIRE(set.facts().find("damaged_cache_files_made_again") != nullptr);
    CHECK(*set.facts().find("damaged_cache_files_made_again") == "1");
    CHECK(Frames{drawn, cache}.facts().find("damaged_cache_files_made_again") == nullptr);
  }
  for (const std::uintmax_t length :
       {std::uintmax_t{0}, std::uintmax_t{50}, static_cast<std::uintmax_t>(size - 1),
        static_cast<std::uintmax_t>(size + 1)}) {
    fs::resize_file(files[0], length);
    CHECK(all_values(Frames{drawn, cache}) == expected);
    CHECK(fs::file_size(files[0]) == static_cast<std::uintmax_t>(size));
  }
  // While a program runs.
  const Frames running{drawn, cache};
  fs::remove(files[0]);
  fs::resize_file(files[1], 3);
  CHECK(all_values(running) == expected);
  CHECK(fs::exists(files[0]));
}

TEST_CASE("Programs that keep the same frames at once, or are killed, do no harm", "[data]") {
  const Drawn drawn;
  const Folder folder;
  const data::CacheOptions cache{.folder = folder.path};
  std::vector<pid_t> children;
  for (int child = 0; child < 4; ++child) {
    const pid_t id = ::fork();
    if (id == 0) {
      set_thread_count(1);  // a process that was forked has no other threads
      do {
        const Frames set{drawn, cache};
        // The last two make their files again and again until they are killed.
        if (child >= 2)
          for (const fs::path& file : folder.files())
            if (file.extension() == ".frames") fs::remove(file);
      } while (child >= 2);
      ::_exit(0);
    }
    children.push_back(id);
  }
  for (int child = 0; child < 4; ++child) {
    const pid_t id = children[static_cast<std::size_t>(child)];
    if (child >= 2) ::kill(id, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(id, &status, 0) == id);
    CHECK(WIFSIGNALED(status) == (child >= 2));
  }
  static_cast<void>(Frames{drawn, cache});
  *drawn.reads = 0;
  CHECK(all_values(Frames{drawn, cache}) == straight(drawn));
  CHECK(*drawn.reads == 300);  // by the reference alone
}

TEST_CASE("A folder that cannot be written is told", "[data]") {
  const Folder folder;
  const std::string file = folder.path / "file";
  write_file_atomically(file, std::string_view{"no folder"});
  CHECK_THROWS_WITH((Frames{Drawn{}, {.folder = file}}), Catch::Contains(file));
}

TEST_CASE("The environment names the folder of frames", "[data]") {
  ::setenv("SNNBD_CACHE", "/somewhere", 1);
  CHECK(data::CacheOptions::from_environment().folder == "/somewhere");
  ::unsetenv("SNNBD_CACHE");
  CHECK(data::CacheOptions::from_environment().folder.empty());
}

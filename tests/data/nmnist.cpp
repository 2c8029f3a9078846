#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/event_frames.hpp>
#include <snnbd/data/nmnist.hpp>

#include "event_files.hpp"
#include "real_data.hpp"

using namespace snnbd;
using event::Event;
using event_files::Folder;

namespace {

void write_digits(const Folder& folder, const std::string& below) {
  for (int digit = 0; digit < 10; ++digit) {
    const auto x = static_cast<std::uint16_t>(digit);
    for (const std::string part : {"Train/", "Test/"})
      folder.write(below + part + std::to_string(digit) + "/00002.bin",
                   event_files::atis({{100, x, 33, 1}, {200, x, 0, 0}}));
    folder.write(below + "Train/" + std::to_string(digit) + "/00010.bin",
                 event_files::atis({{5, x, 1, 0}, {6, 40, 1, 0}}));
  }
}

}  // namespace

TEST_CASE("N-MNIST is read from the folders of its archives", "[data]") {
  for (const std::string below : {"NMNIST/", ""}) {
    const Folder folder;
    write_digits(folder, below);
    const data::NMnist train{data::Part::train, folder.string()};
    const data::NMnist test{data::Part::test, folder.string()};
    REQUIRE(train.size() == 20);
    REQUIRE(test.size() == 10);
    CHECK(train.label(0) == 0);
    CHECK(train.label(7) == 3);
    CHECK(train.file(6) == "Train/3/00002.bin");
    CHECK(train.file(7) == "Train/3/00010.bin");
    CHECK(train.events(6) == std::vector<Event>{{100, 3, 33, 1}, {200, 3, 0, 0}});
    // What lies outside of the sensor is left out and told.
    CHECK(train.events(7) == std::vector<Event>{{5, 3, 1, 0}});
    CHECK(train.recording(7).findings.outside == 1);
    const data::EventFrames<data::NMnist, 2> frames{train, {}};
    CHECK(*frames.facts().find("events") == "30");
    CHECK(*frames.facts().find("outside_of_sensor") == "10");
    CHECK(*frames.facts().find("orientation") == "canonical");
    CHECK(*frames.facts().find("recordings") == "20");
    CHECK_THROWS_WITH(train.events(20), Catch::Contains("a number below 20, found 20"));
  }
}

TEST_CASE("N-MNIST tells its files from others and from changed ones", "[data]") {
  const Folder folder;
  write_digits(folder, "");
  const auto identity = [&] { return data::NMnist{data::Part::train, folder.string()}.identity(); };
  const std::string before = identity();
  CHECK(identity() == before);
  folder.write("Train/4/00011.bin", "");
  CHECK(identity() != before);
  std::filesystem::remove(folder.path / "Train/4/00011.bin");
  CHECK(identity() == before);
  // The same size and time, another byte.
  const auto file = folder.path / "Train/4/00010.bin";
  const auto time = std::filesystem::last_write_time(file);
  folder.write("Train/4/00010.bin", event_files::atis({{5, 4, 1, 0}, {6, 41, 1, 0}}));
  std::filesystem::last_write_time(file, time);
  CHECK(identity() != before);
  folder.write("Train/4/00010.bin", event_files::atis({{5, 4, 1, 0}, {6, 40, 1, 0}}));
  std::filesystem::last_write_time(file, time);
  CHECK(identity() == before);
}

TEST_CASE("N-MNIST refuses folders that are not its own", "[data]") {
  const auto open = [](const Folder& folder) {
    return data::NMnist{data::Part::train, folder.string()};
  };
  const Folder folder;
  CHECK_THROWS_WITH(open(folder), folder.string() + ": expected a folder Train, found none");
  write_digits(folder, "");
  folder.write("Train/5/notes.txt", "x");
  CHECK_THROWS_WITH(open(folder), Catch::Contains("expected a file named .bin, found another"));
  std::filesystem::remove_all(folder.path / "Train/5");
  CHECK_THROWS_WITH(open(folder), Catch::Contains("Train/5: expected a folder that can be read"));
  std::filesystem::create_directory(folder.path / "Train/5");
  CHECK_THROWS_WITH(open(folder), Catch::Contains("expected at least one recording, found none"));
  CHECK_THROWS_WITH((data::NMnist{data::Part::train, ""}),
                    Catch::Contains("expected the folder that holds the recordings, found none"));
}

TEST_CASE("Real recordings of N-MNIST become frames", "[data]") {
  const auto folder = snnbd_tests::real_data();
  if (folder.empty()) return;
  const data::NMnist train{data::Part::train, folder};
  const data::NMnist test{data::Part::test, folder};
  CHECK(train.size() == 1000);
  CHECK(test.size() == 100);
  const data::EventFrames<data::NMnist, 10> frames{test, {}};
  std::vector<float> values(data::sample_size_of<decltype(frames)>());
  std::uint64_t counted = 0;
  std::uint64_t events = 0;
  for (std::size_t i = 0; i < test.size(); ++i) {
    frames.read(i, values);
    for (const float value : values) counted += static_cast<std::uint64_t>(value);
    events += test.events(i).size();
    CHECK(frames.frame_time(i, 9).start + frames.frame_time(i, 9).duration ==
          Approx(300).margin(25));
  }
  CHECK(counted == events);
  CHECK(events / test.size() > 3'500);
  CHECK(events / test.size() < 4'700);
}

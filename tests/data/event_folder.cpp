#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/event_folder.hpp>
#include <snnbd/data/event_frames.hpp>

#include "event_files.hpp"
#include "real_data.hpp"

using namespace snnbd;
using data::Part;
using event::Event;
using Pairs = data::EventFolder<event::Sensor{128, 128}, 2>;

static_assert(data::Recordings<Pairs>);

TEST_CASE("Folders of recordings of any format are a set", "[data]") {
  const event_files::Folder folder;
  const std::vector<Event> events{{10, 5, 6, 1}, {25, 120, 6, 0}};
  folder.write("train/mug/b.aedat", event_files::aedat2(events));
  folder.write("train/mug/a.bin", event_files::atis(events));
  folder.write("train/box/c.aedat", event_files::aedat31(events));
  folder.write("train/box/.hidden", "");
  folder.write("Test/box/c.bin", event_files::atis({}));
  folder.write("Test/mug/c.bin", event_files::atis(events));
  const Pairs train{Part::train, folder.string()};
  REQUIRE(train.size() == 3);
  CHECK(train.class_names() == std::vector<std::string>{"box", "mug"});
  CHECK(train.label(0) == 0);
  CHECK(train.label(2) == 1);
  CHECK(train.file(1) == "train/mug/a.bin");
  for (std::size_t i = 0; i < 3; ++i) CHECK(train.events(i) == events);
  // A recording without events is frames of zeros.
  const data::EventFrames<Pairs, 2> frames{Part::test, folder.string(), data::CacheOptions{}};
  std::vector<float> values(2 * 128 * 128 * 2, 1.0F);
  frames.read(0, values);
  CHECK(values == std::vector<float>(values.size()));

  folder.write("train/mug/b.aedat", event_files::aedat2(events).substr(0, 44));
  CHECK_THROWS_WITH(train.events(2), Catch::Contains("b.aedat"));
}

TEST_CASE("Folders of recordings refuse other classes", "[data]") {
  const event_files::Folder folder;
  const auto open = [&] { return Pairs{Part::train, folder.string()}; };
  CHECK_THROWS_WITH(open(), folder.string() + ": expected a folder train, found none");
  folder.write("train/a/x.bin", "");
  CHECK_THROWS_WITH(open(), Catch::Contains("expected 2 folders, one for each class, found 1"));
  folder.write("train/b/x.bin", "");
  folder.write("test/a/x.bin", "");
  folder.write("test/c/x.bin", "");
  CHECK_THROWS_WITH(open(), Catch::Contains("expected folders of the same names in both parts"));
  folder.write("train/notes.txt", "");
  CHECK_THROWS_WITH(open(), Catch::Contains("found the file 'notes.txt'"));
}

TEST_CASE("Real recordings of objects become frames", "[data]") {
  const auto folder = snnbd_tests::real_data();
  if (folder.empty()) return;
  using Objects = data::EventFolder<event::Sensor{128, 128}, 5>;
  const std::string place = folder + "/DVS128_objects";
  const Objects train{Part::train, place};
  CHECK(train.size() == 60);
  CHECK(train.class_names() ==
        std::vector<std::string>{"box", "mechanical_pencil", "mug", "scissors", "utility_knife"});
  using Frames = data::EventFrames<Objects, 8, event::ByTime, event::Counts,
                                   event::With<event::Downsample{.width = 48, .height = 48}>>;
  const Frames test{Part::test, place, data::CacheOptions{}};
  CHECK(test.size() == 40);
  CHECK(*test.facts().find("events") == *test.facts().find("events_in_frames"));
  for (std::size_t i = 0; i < test.size(); i += 7) {
    const auto last = test.frame_time(i, 7);
    CHECK(last.start + last.duration == Approx(1280).margin(20));
  }
}

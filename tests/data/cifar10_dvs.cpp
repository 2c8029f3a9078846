#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/cifar10_dvs.hpp>
#include <snnbd/data/recordings.hpp>

#include "../event/aedat4_files.hpp"
#include "event_files.hpp"

using namespace snnbd;
using data::Cifar10DvsSplit;
using data::Part;
using event::Event;

static_assert(data::Recordings<data::Cifar10Dvs<>>);

namespace {

std::vector<std::size_t> split(std::size_t files, Part part, Cifar10DvsSplit kind,
                               std::uint64_t seed = 1, int label = 0) {
  return data::detail::cifar10_dvs_split(files, label, part, {kind, seed, {}});
}

std::vector<std::size_t> numbers(std::size_t first, std::size_t end) {
  std::vector<std::size_t> all(end - first);
  std::iota(all.begin(), all.end(), first);
  return all;
}

constexpr std::array names{"airplane", "automobile", "bird",  "cat",  "deer",
                           "dog",      "frog",       "horse", "ship", "truck"};

}  // namespace

TEST_CASE("CIFAR10-DVS is split as its users split it", "[data]") {
  CHECK(split(1000, Part::train, Cifar10DvsSplit::last_tenth) == numbers(0, 900));
  CHECK(split(1000, Part::test, Cifar10DvsSplit::last_tenth) == numbers(900, 1000));
  CHECK(split(15, Part::train, Cifar10DvsSplit::last_tenth) == numbers(0, 13));
  CHECK(split(1000, Part::test, Cifar10DvsSplit::first_hundred_test) == numbers(0, 100));
  CHECK(split(1000, Part::train, Cifar10DvsSplit::first_hundred_test) == numbers(100, 1000));
  for (const std::uint64_t seed : {1U, 2U}) {
    auto all = split(1000, Part::train, Cifar10DvsSplit::random, seed);
    const auto test = split(1000, Part::test, Cifar10DvsSplit::random, seed);
    CHECK(all.size() == 900);
    CHECK(test != numbers(900, 1000));
    all.insert(all.end(), test.begin(), test.end());
    std::ranges::sort(all);
    CHECK(all == numbers(0, 1000));
  }
  const auto one = split(1000, Part::test, Cifar10DvsSplit::random, 1);
  CHECK(one == split(1000, Part::test, Cifar10DvsSplit::random, 1));
  CHECK(one != split(1000, Part::test, Cifar10DvsSplit::random, 2));
  CHECK(one != split(1000, Part::test, Cifar10DvsSplit::random, 1, 3));
}

TEST_CASE("CIFAR10-DVS is read from the folders of its archives", "[data]") {
  const event_files::Folder folder;
  for (std::size_t label = 0; label < names.size(); ++label)
    for (int number = 0; number < 10; ++number) {
      const auto y = static_cast<std::uint16_t>(label * 10 + static_cast<std::size_t>(number));
      const std::string name = names[label];
      folder.write(
          "CIFAR10DVS/" + name + "/cifar10_" + name + '_' + std::to_string(number) + ".aedat",
          event_files::aedat2({{7, 3, y, 1}, {9, 127, 0, 0}}));
    }
  const data::Cifar10Dvs<> train{Part::train, folder.string()};
  const data::Cifar10Dvs<> test{Part::test, folder.string()};
  REQUIRE(train.size() == 90);
  REQUIRE(test.size() == 10);
  CHECK(test.label(4) == 4);
  CHECK(test.file(4) == "deer/cifar10_deer_9.aedat");
  CHECK(test.events(4) == std::vector<Event>{{7, 3, 49, 1}, {9, 127, 0, 0}});
  CHECK(*test.facts().find("split") == "last_tenth");
  CHECK(train.identity() != test.identity());

  // As SpikingJelly has it: rows and columns exchanged.
  using Exchanged =
      data::Cifar10Dvs<Cifar10DvsSplit::last_tenth, 1, event::Convention::spikingjelly>;
  const Exchanged exchanged{Part::test, folder.string()};
  CHECK(exchanged.events(4) == std::vector<Event>{{7, 49, 3, 1}, {9, 0, 127, 0}});
  CHECK(*exchanged.facts().find("orientation") == "spikingjelly");
  CHECK(exchanged.identity() != test.identity());

  using Random = data::Cifar10Dvs<Cifar10DvsSplit::random, 5>;
  CHECK(*Random{Part::test, folder.string()}.facts().find("split_seed") == "5");
  // Ten of each class are all for testing.
  using First = data::Cifar10Dvs<Cifar10DvsSplit::first_hundred_test>;
  CHECK_THROWS_WITH((First{Part::train, folder.string()}),
                    Catch::Contains("airplane: expected enough recordings for both parts"));
  std::filesystem::remove_all(folder.path / "CIFAR10DVS/ship");
  CHECK_THROWS_WITH((data::Cifar10Dvs<>{Part::train, folder.string()}), Catch::Contains("ship"));
}

TEST_CASE("CIFAR10-DVS is read from an archive in AEDAT 4, however it is packed", "[data]") {
  // tonic's archive: Unix times, the sensor in the description, polarity as a truth value.
  constexpr std::int64_t start = 1'600'000'000'000'000;
  const std::vector<Event> expected{{start + 7, 3, 49, 1}, {start + 9, 127, 0, 0}};
  const auto packings = snnbd_tests::packings();
  const event_files::Folder folder;
  for (std::size_t label = 0; label < names.size(); ++label)
    for (int number = 0; number < 2; ++number) {
      const auto directory = folder.path / "CIFAR10DVS" / names[label];
      std::filesystem::create_directories(directory);
      snnbd_tests::Aedat4Writer writer{snnbd_tests::stream_node(0, "EVTS", 128, 128),
                                       packings[label % packings.size()]};
      writer.packet(0, {{start + 7, 3, static_cast<int>(label * 10 + 9), 1}})
          .packet(0, {{start + 9, 127, 0, 0}});
      snnbd_tests::write_bytes((directory / (std::to_string(number) + ".aedat4")).string(),
                               writer.file(label % 2 == 1));
    }
  const data::Cifar10Dvs<> test{Part::test, folder.string()};
  REQUIRE(test.size() == 10);
  CHECK(data::Cifar10Dvs<>{Part::train, folder.string()}.size() == 10);
  for (std::size_t label = 0; label < 10; ++label) {
    INFO(names[label]);
    auto events = expected;
    events[0].y = static_cast<std::uint16_t>(label * 10 + 9);
    CHECK(test.label(label) == static_cast<int>(label));
    CHECK(test.file(label) == std::string{names[label]} + "/1.aedat4");
    CHECK(test.events(label) == events);
    CHECK(test.recording(label).findings.events == 2);
  }

  // Toolkits differ about AEDAT 2.0, not about AEDAT 4.
  using Exchanged =
      data::Cifar10Dvs<Cifar10DvsSplit::last_tenth, 1, event::Convention::spikingjelly>;
  CHECK(Exchanged{Part::test, folder.string()}.events(4) == expected);

  // Cut within a packet.
  const auto victim = folder.path / "CIFAR10DVS/deer/1.aedat4";
  std::filesystem::resize_file(victim, std::filesystem::file_size(victim) - 5);
  CHECK_THROWS_WITH(test.events(4), Catch::Contains("deer/1.aedat4"));
}

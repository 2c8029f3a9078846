#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/dvs128_gesture.hpp>
#include <snnbd/data/event_frames.hpp>

#include "event_files.hpp"
#include "real_data.hpp"

using namespace snnbd;
using data::Part;
using data::detail::GestureRow;
using event::Event;

static_assert(data::Recordings<data::Dvs128Gesture<>>);

namespace {

const std::string title = "class,startTime_usec,endTime_usec\n";

std::vector<GestureRow> rows(const std::string& text) {
  return data::detail::parse_gesture_rows(title + text, "labels.csv");
}

/// The tiny artificial file of the format, as it is known.
const std::vector<Event> twelve{
    {10, 0, 0, 1},        {25, 10, 20, 0},          {38, 120, 59, 1},      {48, 5, 9, 0},
    {59, 9, 5, 1},        {102'865, 15, 19, 1},     {102'898, 28, 36, 0},  {119'579, 32, 44, 1},
    {126'562, 45, 59, 1}, {2'068'981, 127, 127, 0}, {2'157'619, 0, 15, 1}, {2'178'812, 1, 1, 1}};

}  // namespace

TEST_CASE("Label files of gestures may be out of order, overlap and repeat labels", "[data]") {
  const auto read = rows("9,100,300\r\n8,200,250\n8,50, 60\n\n8,200,250\n");
  CHECK(read == std::vector<GestureRow>{{8, 100, 300}, {7, 200, 250}, {7, 50, 60}, {7, 200, 250}});
  CHECK(data::detail::choose_gesture_rows(read, data::rows_twelve) == read);
  CHECK(data::detail::choose_gesture_rows(read, data::labels_eleven) ==
        std::vector<GestureRow>{{8, 100, 300}, {7, 200, 250}});
}

TEST_CASE("Malformed label files of gestures are one sentence", "[data]") {
  CHECK_THROWS_WITH(rows("1,2\n"),
                    "labels.csv, line 2: expected a class, a start and an end in microseconds, "
                    "with commas between, found '1,2'");
  CHECK_THROWS_WITH(rows("1,2,3\n1,2,3,4\n"), Catch::Contains("labels.csv, line 3"));
  CHECK_THROWS_WITH(rows("1,2,3.5\n"), Catch::Contains("found '1,2,3.5'"));
  CHECK_THROWS_WITH(rows("1,2,99999999999999999999\n"), Catch::Contains("line 2"));
  CHECK_THROWS_WITH(rows("12,2,3\n"),
                    "labels.csv, line 2: expected a class from 1 to 11, found 12");
  CHECK_THROWS_WITH(rows("0,2,3\n"), Catch::Contains("found 0"));
  CHECK_THROWS_WITH(rows("1,3,3\n"), Catch::Contains("expected a start before the end"));
  CHECK_THROWS_WITH(rows(""), "labels.csv: expected at least one row of labels, found none");
  CHECK_THROWS_WITH(data::detail::parse_gesture_rows("", "labels.csv"),
                    Catch::Contains("found nothing"));
  CHECK_THROWS_WITH(data::detail::parse_gesture_rows("1,2,3\n", "labels.csv"),
                    Catch::Contains("found '1,2,3'"));
}

TEST_CASE("Gestures are cut from recordings as their label files say", "[data]") {
  const event_files::Folder folder;
  const std::string below = "DvsGesture/";
  folder.write(below + "user01_led.aedat", event_files::aedat31(twelve));
  folder.write(below + "user01_led_labels.csv", title + "5,102865,126562\n1,24,50\n1,48,102866\n");
  folder.write(below + "user24_lab.aedat", event_files::aedat31(twelve));
  folder.write(below + "user24_lab_labels.csv", title + "11,2157620,2178812\n");
  folder.write(below + "trials_to_train.txt", "user01_led.aedat\n");
  folder.write(below + "trials_to_test.txt", "user24_lab.aedat\r\n\r\n");
  const data::Dvs128Gesture<> train{Part::train, folder.string()};
  REQUIRE(train.size() == 3);
  CHECK(train.label(0) == 4);
  CHECK(train.events(0) == std::vector<Event>(twelve.begin() + 5, twelve.begin() + 8));
  CHECK(train.events(1) == std::vector<Event>(twelve.begin() + 1, twelve.begin() + 4));
  // A window that overlaps: start <= t < end.
  CHECK(train.events(2) == std::vector<Event>(twelve.begin() + 3, twelve.begin() + 6));
  CHECK(train.recording(2).findings.events == 3);
  const data::Dvs128Gesture<> test{Part::test, folder.string()};
  REQUIRE(test.size() == 1);
  CHECK(test.label(0) == 10);
  CHECK(test.events(0).empty());
  const data::Dvs128Gesture<data::labels_eleven> eleven{Part::train, folder.string()};
  CHECK(eleven.size() == 2);
  CHECK(*eleven.facts().find("rows") == "labels_eleven");
  CHECK(eleven.identity() != train.identity());
  using All = data::Dvs128Gesture<data::rows_twelve, data::GestureTrials::all>;
  CHECK(All{Part::train, folder.string()}.size() == 4);
  CHECK(All{Part::test, folder.string()}.size() == 4);

  const auto open = [&](const std::string& list) {
    folder.write(below + "trials_to_train.txt", list);
    return data::Dvs128Gesture<>{Part::train, folder.string()};
  };
  CHECK_THROWS_WITH(open("user02_led.aedat\n"), Catch::Contains("found no such file"));
  CHECK_THROWS_WITH(open("../user01_led.aedat\n"), Catch::Contains("line 1"));
  CHECK_THROWS_WITH(open("user01_led.aedat\nuser01_led.aedat\n"), Catch::Contains("twice"));
  CHECK_THROWS_WITH(open(""), Catch::Contains("expected at least one recording, found none"));
}

TEST_CASE("Real gestures are cut from their recording", "[data]") {
  const auto folder = snnbd_tests::real_data();
  if (folder.empty()) return;
  using Some = data::Dvs128Gesture<data::rows_twelve, data::GestureTrials::all>;
  const data::EventFrames<Some, 4> set{Part::train, folder, data::CacheOptions{}};
  REQUIRE(set.size() == 10);
  for (std::size_t i = 0; i < set.size(); ++i) {
    CHECK(set.label(i) == static_cast<int>(i));
    const auto last = set.frame_time(i, 3);
    CHECK(last.start + last.duration < 1450);
    CHECK(last.start + last.duration > 1400);
  }
}

TEST_CASE("The known file of gestures' format is cut as its labels say", "[data]") {
  const auto folder = snnbd_tests::real_data();
  if (folder.empty()) return;
  using Some = data::Dvs128Gesture<data::rows_twelve, data::GestureTrials::all>;
  const Some set{Part::train, folder + "/aedat31"};
  REQUIRE(set.size() == 3);
  CHECK(set.events(0) == std::vector<Event>(twelve.begin() + 1, twelve.begin() + 4));
  CHECK(set.events(1) == std::vector<Event>(twelve.begin() + 5, twelve.begin() + 8));
  CHECK(set.events(2).empty());
  CHECK(set.label(2) == 10);
}

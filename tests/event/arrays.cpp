#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/event/arrays.hpp>
#include <snnbd/format/npy.hpp>

#include "../core/failures.hpp"
#include "event_bytes.hpp"

using namespace snnbd_tests;
namespace event = snnbd::event;
namespace npy = snnbd::npy;

namespace {

EventBytes bytes_of(const std::vector<std::byte>& bytes) {
  EventBytes file;
  return file.text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// An `.npy` of version 1.0 with any header.
EventBytes with_header(const std::string& dictionary) {
  EventBytes file;
  return file.text("\x93NUMPY")
      .little(1, 1)
      .little(0, 1)
      .little(dictionary.size(), 2)
      .text(dictionary);
}

template <class Value>
EventBytes table(const std::vector<Value>& values) {
  return bytes_of(npy::encode(npy::make_array<Value>(
      {static_cast<std::int64_t>(values.size() / 4), 4}, std::span<const Value>{values})));
}

template <class Value>
npy::NamedArray column(const std::string& name, const std::vector<Value>& values) {
  return {name, npy::make_array(values)};
}

std::vector<npy::NamedArray> columns() {
  return {column<std::int64_t>("t", {-5, 1'000'000'000'000, 7}),
          column<std::int64_t>("x", {1, 2, 65'535}), column<std::int16_t>("y", {4, -1, 6}),
          column<std::uint8_t>("p", {1, 0, 1})};
}

}  // namespace

TEST_CASE("Columns x, y, p, t of any type are read, in milliseconds as tonic has them", "[event]") {
  const Events expected{{1'234, 3, 120, 1}, {2'000, 127, 0, 0}};
  CHECK(recording_of(table<double>({3, 120, 1, 1.234, 127, 0, 0, 2.0}), "a.npy").events ==
        expected);
  CHECK(recording_of(table<float>({3, 120, 1, 1.234F, 127, 0, 0, 2.0F}), "a.npy").events ==
        expected);
  event::ReadOptions micro;
  micro.time_unit = 1;
  CHECK(recording_of(table<std::int16_t>({3, 120, 1, 1'234, 127, 0, 0, 2'000}), "a.npy", micro)
            .events == expected);
  CHECK(recording_of(table<std::uint64_t>({3, 120, 1, 4, 127, 0, 0, 5}), "a.npy").events ==
        Events{{4'000, 3, 120, 1}, {5'000, 127, 0, 0}});
  check_any_buffer(table<double>({3, 120, 1, 1.234, 127, 0, 0, 2.0}), "a.npy");
  CHECK(recording_of(table<float>({}), "a.npy").events.empty());
}

TEST_CASE("Tables in Fortran's order and the other byte order are read", "[event]") {
  EventBytes fortran = with_header("{'descr': '>i4', 'fortran_order': True, 'shape': (3, 4), }");
  for (const std::uint64_t value : {1U, 2U, 3U, 10U, 20U, 30U, 1U, 0U, 1U, 7U, 8U, 9U})
    fortran.big(value, 4);
  const Events expected{{7'000, 1, 10, 1}, {8'000, 2, 20, 0}, {9'000, 3, 30, 1}};
  CHECK(recording_of(fortran, "a.npy").events == expected);
  check_any_buffer(fortran, "a.npy");
  event::ReadOptions small;
  small.array_limit = 47;
  CHECK(refusal(fortran, "a.npy", small) == "a.npy: expected at most 47 bytes, found more");
  CHECK_THAT(refusal(fortran.cut(1), "a.npy"), Catch::Contains("3 events, as its shape says"));
}

TEST_CASE("Arrays with fields are read, in any order and with others between", "[event]") {
  EventBytes file = with_header(
      "{'descr': [('t', '<i8'), ('extra', '<f4'), ('y', '>u2'), ('x', '<i2'), ('p', '|b1')], "
      "'fortran_order': False, 'shape': (2,), }");
  file.little(5'000'000'000, 8).little(0, 4).big(300, 2).little(12, 2).little(1, 1);
  file.little(std::uint64_t(-3), 8).little(0, 4).big(1, 2).little(0xFFFF, 2).little(0, 1);
  const auto found = recording_of(file, "a.npy");
  CHECK(found.events == Events{{5'000'000'000, 12, 300, 1}});
  CHECK(found.findings.outside == 1);  // a column of -1
  check_any_buffer(file, "a.npy");
  const auto refused = [](const std::string& fields) {
    return refusal(
        with_header("{'descr': " + fields + ", 'fortran_order': False, 'shape': (0,), }"), "a.npy");
  };
  CHECK(refused("[('x', '<i2'), ('y', '<i2'), ('p', '|b1'), ('t', '<i8')]") == "accepted");
  CHECK_THAT(refused("[('x', '<i2'), ('y', '<i2'), ('t', '<i8')]"), Catch::Contains("found no p"));
  CHECK_THAT(refused("[('x', '<i2'), ('x', '<i2')]"), Catch::Contains("each field once"));
  CHECK_THAT(refused("[]"), Catch::Contains("at least one field"));
  CHECK_THAT(refused("[('x', '<U2')]"), Catch::Contains("a dtype of"));
  CHECK_THAT(refused("[('x', '<i2', (2,))]"), Catch::Contains("expected ')'"));
  // Whoever reads arrays of numbers is told as before.
  CHECK_THROWS_WITH(npy::decode(file.view(), "a.npy"),
                    Catch::Contains("a dtype of several fields is not read"));
}

TEST_CASE("Numbers that are no event are refused by their place", "[event]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refused = [](const std::vector<double>& event) {
    std::vector<double> values{0, 0, 0, 0};
    values.insert(values.end(), event.begin(), event.end());
    return refusal(table<double>(values), "a.npy");
  };
  CHECK(refused({1.5, 0, 0, 0}) == "a.npy, event 1, x: expected a whole number, found 1.5");
  CHECK(refused({0, nan, 0, 0}) == "a.npy, event 1, y: expected a whole number, found nan");
  CHECK(refused({0, 1e300, 0, 0}) == "a.npy, event 1, y: expected a whole number, found 1e+300");
  CHECK(refused({0, 0, 2, 0}) == "a.npy, event 1, p: expected 0 or 1, found 2");
  CHECK(refused({0, 0, -1, 0}) == "a.npy, event 1, p: expected 0 or 1, found -1");
  CHECK(refused({0, 0, 0, nan}) ==
        "a.npy, event 1, t: expected a time whose microseconds fit 64 bits, found nan");
  CHECK(refused({0, 0, 0, 1e16}) ==
        "a.npy, event 1, t: expected a time whose microseconds fit 64 bits, found 1e+16");
  CHECK_THAT(refusal(table<std::int64_t>({0, 0, 0, std::int64_t{1} << 60U}), "a.npy"),
             Catch::Contains("event 0, t: expected a time"));
  CHECK(recording_of(table<double>({-1, 0, 0, 0, 65'536, 0, 0, 0}), "a.npy").findings.outside == 2);
  event::ReadOptions negative;
  negative.time_unit = -1;
  CHECK_THAT(refusal(table<double>({}), "a.npy", negative), Catch::StartsWith("time_unit"));
}

TEST_CASE("Tables of other shapes, cut short or with more behind are refused", "[event]") {
  EventBytes file = table<float>({1, 2, 0, 3, 4, 5, 1, 6});
  EventBytes cut = file;
  CHECK(refusal(cut.cut(1), "a.npy") ==
        "a.npy: expected 1 more events, as its shape says, found its end");
  CHECK_THAT(refusal(file.little(0, 1), "a.npy"), Catch::Contains("nothing behind its events"));
  const auto shaped = [](const std::string& shape) {
    return refusal(
        with_header("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }"), "a.npy");
  };
  CHECK_THAT(shaped("(4,)"), Catch::Contains("a table of n x 4"));
  CHECK_THAT(shaped("(2, 5)"), Catch::Contains("a table of n x 4"));
  CHECK_THAT(shaped("()"), Catch::Contains("a table of n x 4"));
  CHECK_THAT(shaped("(9223372036854775807, 4)"),
             Catch::Contains("9223372036854775807 more events"));
  EventBytes claims;
  claims.text("\x93NUMPY").little(2, 1).little(0, 1).little(0xFFFF'FFFF, 4).text("{}");
  CHECK_THAT(refusal(claims, "a.npy"), Catch::Contains("a header of at most"));
  EventBytes magic;
  CHECK_THAT(refusal(magic.text("\x93NUMPY"), "a.npy"), Catch::Contains("an npy file"));
}

TEST_CASE("SpikingJelly's arrays are read, whatever their types", "[event]") {
  const EventBytes file = bytes_of(npy::encode_npz(columns()));
  const auto found = recording_of(file, "a.npz");
  CHECK(found.events == Events{{-5, 1, 4, 1}, {7, 65'535, 6, 1}});
  CHECK(found.findings.outside == 1);
  check_any_buffer(file, "a.npz");
  event::ReadOptions small;
  small.array_limit = file.size() - 1;
  CHECK_THAT(refusal(file, "a.npz", small), Catch::Contains("found more"));
}

TEST_CASE("Archives without the four arrays, or with others than numbers, are refused", "[event]") {
  auto missing = columns();
  missing.erase(missing.begin());
  CHECK(refusal(bytes_of(npy::encode_npz(missing)), "a.npz") ==
        "a.npz: expected the arrays t, x, y and p, found no t");
  auto shorter = columns();
  shorter[2] = column<std::int16_t>("y", {1, 2});
  CHECK_THAT(refusal(bytes_of(npy::encode_npz(shorter)), "a.npz"), Catch::Contains("one length"));
  auto square = columns();
  square[1].array.shape = {3, 1};
  CHECK_THAT(refusal(bytes_of(npy::encode_npz(square)), "a.npz"), Catch::Contains("one index"));
  EventBytes cut = bytes_of(npy::encode_npz(columns()));
  CHECK_THAT(refusal(cut.cut(5), "a.npz"), Catch::Contains("a zip archive"));
}

TEST_CASE("Events that were written as SpikingJelly has them are read as they were", "[event]") {
  const Folder folder;
  const std::string path = folder.at("poisoned.npz");
  const Events events{{-1, 0, 0, 0},
                      {std::numeric_limits<std::int64_t>::max(), 65'535, 65'535, 1},
                      {5, 1, 2, 1},
                      {5, 1, 2, 1}};
  event::write_npz(path, events);
  const auto found = event::read(path);
  CHECK(found.events == events);
  CHECK(found.findings.backwards == 1);
  CHECK(found.findings.repeated == 1);
  const auto arrays = npy::read_npz(path);
  REQUIRE(npy::find(arrays, "p") != nullptr);
  CHECK(npy::whole_numbers(*npy::find(arrays, "p"), "p") == std::vector<std::int64_t>{0, 1, 1, 1});
  event::write_npz(path, {});
  CHECK(event::read(path).events.empty());
}

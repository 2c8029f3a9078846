#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/format/zip.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;
using Bytes = std::vector<std::byte>;
using std::string_literals::operator""s;

namespace {

Bytes bytes_of(std::string_view text) {
  const auto view = std::as_bytes(std::span{text.data(), text.size()});
  return {view.begin(), view.end()};
}

/// What Python's zipfile.ZipFile.open(name, 'w', force_zip64=True) writes, as numpy.savez does: 20
/// times the letter a, whose sizes stand in the local header in the way of zip64.
const std::string stored =
    "PK\x03\x04\x2D\x00\x00\x00\x00\x00\x00\x00\x21\x00\xCE\x8B\x6F\x26\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
    "\xFF\x05\x00\x14\x00\x61.npy\x01\x00\x10\x00\x14\x00\x00\x00\x00\x00\x00\x00\x14\x00\x00\x00"
    "\x00\x00\x00\x00"
    "aaaaaaaaaaaaaaaaaaaa"
    "PK\x01\x02\x2D\x03\x2D\x00\x00\x00\x00\x00\x00\x00\x21\x00\xCE\x8B\x6F\x26\x14\x00\x00\x00\x14"
    "\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x01\x00\x00\x00\x00\x61.npy"
    "PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x33\x00\x00\x00\x4B\x00\x00\x00\x00\x00"s;
const std::string deflated =
    "PK\x03\x04\x2D\x00\x00\x00\x08\x00\x00\x00\x21\x00\xCE\x8B\x6F\x26\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
    "\xFF\x05\x00\x14\x00\x61.npy\x01\x00\x10\x00\x14\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00"
    "\x00\x00\x00\x00\x4B\x4C\xC4\x04\x00"
    "PK\x01\x02\x2D\x03\x2D\x00\x00\x00\x08\x00\x00\x00\x21\x00\xCE\x8B\x6F\x26\x05\x00\x00\x00\x14"
    "\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x01\x00\x00\x00\x00\x61.npy"
    "PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x33\x00\x00\x00\x3C\x00\x00\x00\x00\x00"s;

std::string refusal(std::string_view bytes, std::uint64_t limit = 1000) {
  try {
    zip::decode(bytes_of(bytes), "a.npz", limit);
  } catch (const Error& error) {
    CHECK_THAT(error.what(), Contains("a.npz") && Contains("expected") && Contains("found"));
    return error.what();
  }
  FAIL("was read");
  return {};
}

std::string changed(std::string text, std::size_t place, std::string_view with) {
  return text.replace(place, with.size(), with);
}

}  // namespace

TEST_CASE("A zip archive gives the members that were put into it", "[format]") {
  const std::vector<zip::Member> members{
      {"a", bytes_of("content")}, {"folder/\u00e4", {}}, {"b", Bytes(70'000, std::byte{7})}};
  const Bytes bytes = zip::encode(members);
  CHECK(zip::decode(bytes, "a.zip") == members);
  CHECK(zip::encode(members) == bytes);
  CHECK(zip::decode(zip::encode({}), "none").empty());
}

TEST_CASE("zip archives of Python are read, stored and deflated", "[format]") {
  const std::vector<zip::Member> expected{{"a.npy", bytes_of("aaaaaaaaaaaaaaaaaaaa")}};
  CHECK(zip::decode(bytes_of(stored), "stored") == expected);
  CHECK(zip::decode(bytes_of(deflated), "deflated") == expected);
  // A comment of the archive.
  CHECK(zip::decode(bytes_of(changed(deflated, 131, "\x03"s) + "abc"), "comment") == expected);
}

TEST_CASE("A zip archive is written in the one way that its fields allow", "[format]") {
  const Bytes bytes =
      zip::encode(std::vector<zip::Member>{{"a.npy", bytes_of("aaaaaaaaaaaaaaaaaaaa")}});
  const Bytes expected = bytes_of(
      "PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00\x21\x00\xCE\x8B\x6F\x26\x14\x00\x00\x00\x14\x00"
      "\x00"
      "\x00\x05\x00\x00\x00\x61.npy"
      "aaaaaaaaaaaaaaaaaaaa"
      "PK\x01\x02\x14\x00\x14\x00\x00\x00\x00\x00\x00\x00\x21\x00\xCE\x8B\x6F\x26\x14\x00\x00\x00"
      "\x14"
      "\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x61.npy"
      "PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x33\x00\x00\x00\x37\x00\x00\x00\x00\x00"s);
  CHECK(bytes == expected);
}

TEST_CASE("A zip archive that is damaged, or needs what is not read, is refused", "[format]") {
  constexpr std::size_t directory = 60;  // of `deflated`
  constexpr std::size_t end = 111;
  CHECK_THAT(refusal(""), Contains("ends with a directory"));
  CHECK_THAT(refusal(std::string_view{deflated}.substr(0, 120)), Contains("ends with a directory"));
  CHECK_THAT(refusal(changed(deflated, 14, "\xCF") + "x"), Contains("ends with a directory"));
  CHECK_THAT(refusal(changed(deflated, directory + 16, "\xCF")),
             Contains("member 'a.npy'") && Contains("checksum crc32:266f8bcf") &&
                 Contains("found crc32:266f8bce"));
  CHECK_THAT(refusal(changed(deflated, directory + 8, "\x01")), Contains("encrypted"));
  // Its name counts as something extra.
  CHECK_THAT(refusal(changed(deflated, directory + 28, "\x00\x00\x05\x00"s)),
             Contains("member ''") && Contains("a name of 1 to 65535 bytes, found none"));
  CHECK_THAT(refusal(changed(deflated, directory + 10, "\x0C")), Contains("method 12"));
  CHECK_THAT(refusal(changed(deflated, directory + 24, "\x13")),
             Contains("19 bytes unpacked, found more"));
  CHECK_THAT(refusal(changed(deflated, directory + 24, "\x15")),
             Contains("21 bytes unpacked, found 20"));
  CHECK_THAT(refusal(changed(deflated, directory + 20, "\x03")), Contains("a truncated one"));
  CHECK_THAT(refusal(changed(deflated, directory + 20, "\xFE")), Contains("as the directory says"));
  CHECK_THAT(refusal(changed(deflated, 55, "\xFF\xFF")), Contains("intact deflate stream"));
  CHECK_THAT(refusal(changed(stored, 75 + 24, "\x15")), Contains("a stored member of 21 bytes"));
  CHECK_THAT(refusal(changed(deflated, directory + 42, "\x01")), Contains("its header at byte 1"));
  CHECK_THAT(refusal(changed(deflated, directory + 42, "\xFF\xFF\xFF\x7F")),
             Contains("its header"));
  CHECK_THAT(refusal(changed(deflated, directory + 24, "\xFF\xFF\xFF\xFF")), Contains("zip64"));
  CHECK_THAT(refusal(changed(deflated, end + 16, "\xFF\xFF\xFF\xFF")), Contains("zip64"));
  CHECK_THAT(refusal(changed(deflated, end + 8, "\xFF\xFF\xFF\xFF")), Contains("zip64"));
  CHECK_THAT(refusal(changed(deflated, end + 4, "\x01")), Contains("one part"));
  CHECK_THAT(refusal(changed(deflated, end + 16, "\x3D")), Contains("ends at byte 111"));
  CHECK_THAT(refusal(changed(deflated, end + 8, "\x02\x00\x02\x00"s)), Contains("2 members"));
  CHECK_THAT(refusal(changed(deflated, directory + 28, "\x04")), Contains("nothing between"));
  CHECK_THAT(refusal(changed(deflated, directory + 28, "\x06")), Contains("a whole directory"));
  CHECK_THAT(refusal(deflated, 19), Contains("at most 19 bytes unpacked"));
}

TEST_CASE("Members of a zip archive that share bytes or a name are refused", "[format]") {
  const std::string content = stored.substr(0, 75);
  const std::string entry = stored.substr(75, 51);
  const std::string end =
      changed(changed(stored.substr(126), 8, "\x02\x00\x02\x00\x66"s), 16, "\x4B");
  CHECK_THAT(refusal(content + entry + changed(entry, 46, "b") + end),
             Contains("two that share bytes"));
  const std::string twice = changed(end, 16, "\x96");
  CHECK_THAT(refusal(content + content + entry + changed(entry, 42, "\x4B") + twice),
             Contains("'a.npy' twice"));
  CHECK_THROWS_WITH(zip::encode(std::vector<zip::Member>{{"a", {}}, {"a", {}}}),
                    Contains("'a' twice"));
  CHECK_THROWS_WITH(zip::encode(std::vector<zip::Member>{{"", {}}}), Contains("a name"));
}

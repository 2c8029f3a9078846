#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <snnbd/core/file.hpp>
#include <snnbd/format/safetensors.hpp>

namespace {

namespace st = snnbd::safetensors;
using Catch::Matchers::Contains;
using Bytes = std::vector<std::byte>;

st::TensorEntry floats(const std::string& name, std::vector<std::int64_t> shape,
                       const std::vector<float>& values) {
  return st::make_entry<float>(name, std::move(shape), values);
}

std::vector<st::TensorEntry> some_entries() {
  const std::vector<double> doubles{0.5, -0.0, std::numeric_limits<double>::quiet_NaN()};
  const std::vector<std::int64_t> counts{7};
  const std::vector<std::uint8_t> bytes{1, 2, 3};
  return {floats("conv.weight", {2, 3}, {1, 2, 3, 4, 5, 6}),
          st::make_entry<std::uint8_t>("mask", {3}, bytes),
          st::make_entry<double>("grad \"\\ \xC3\xBC", {3, 1}, doubles),
          st::make_entry<std::int64_t>("batches", {}, counts), floats("empty", {0, 4}, {})};
}

/// A file with any header, true or not.
Bytes raw(const std::string& header, std::size_t values, std::uint64_t length) {
  std::string text(8, '\0');
  for (std::size_t at = 0; at < 8; ++at) text[at] = static_cast<char>((length >> (8 * at)) & 0xFFU);
  text += header + std::string(values, '\0');
  const auto bytes = std::as_bytes(std::span{text});
  return {bytes.begin(), bytes.end()};
}
Bytes raw(const std::string& header, std::size_t values) {
  return raw(header, values, header.size());
}

std::string refusal(const Bytes& bytes) {
  try {
    st::decode(bytes, "hostile");
  } catch (const snnbd::Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("Tensors and metadata come back as they were written", "[network]") {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("snnbd-" + std::to_string(::getpid()) + ".st"))
          .string();
  const auto entries = some_entries();
  const st::Metadata metadata{{"z", "last letter first"}, {"a", "line\nbreak"}, {"", ""}};
  st::write(path, entries, metadata);
  const st::File file = st::read(path);
  std::filesystem::remove(path);

  REQUIRE(file.tensors.size() == entries.size());
  for (const auto& entry : entries) {
    REQUIRE(file.find(entry.name) != nullptr);
    CHECK(*file.find(entry.name) == entry);
  }
  CHECK(file.find("none") == nullptr);
  REQUIRE(file.metadata.size() == metadata.size() + 2);
  for (std::size_t at = 0; at < metadata.size(); ++at) CHECK(file.metadata[at] == metadata[at]);
  CHECK(file.find_metadata("a") != nullptr);
  CHECK(st::values_of<float>(*file.find("conv.weight")) == std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK(st::values_of<std::int64_t>(*file.find("batches")) == std::vector<std::int64_t>{7});
  CHECK_THROWS_WITH(st::values_of<double>(*file.find("conv.weight")), Contains("conv.weight"));
}

TEST_CASE("Writing what was read gives the same bytes", "[network]") {
  const Bytes once = st::encode(some_entries(), {{"step", "3"}});
  const st::File file = st::decode(once, "bytes");
  CHECK(st::encode(file.tensors, file.metadata) == once);
}

TEST_CASE("A tiny file has these bytes", "[network]") {
  // 1.0F and -2.0F; the checksum is that of what docs/formats.md lists, by Python's zlib.
  std::string golden =
      R"({"__metadata__":{"by":"hand","snnbd":"2","checksum":"content-crc32:60728a74"},)"
      R"("w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  golden.resize((golden.size() + 7) / 8 * 8, ' ');
  Bytes expected = raw(golden, 0);
  for (const unsigned value : {0x00U, 0x00U, 0x80U, 0x3FU, 0x00U, 0x00U, 0x00U, 0xC0U})
    expected.push_back(static_cast<std::byte>(value));

  const std::array entries{floats("w", {2}, {1.0F, -2.0F})};
  CHECK(st::encode(entries, {{"by", "hand"}}) == expected);
  CHECK(st::decode(expected, "golden").tensors.front() == entries.front());
}

TEST_CASE("Every tensor lies on a multiple of its value size", "[network]") {
  const Bytes bytes = st::encode(some_entries());
  const st::File file = st::decode(bytes, "bytes");
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  CHECK(header % 8 == 0);
  std::size_t at = 0;
  for (const auto& tensor : file.tensors) {
    const std::size_t size = tensor.dtype == "U8" ? 1 : tensor.dtype == "F32" ? 4 : 8;
    CHECK(at % size == 0);
    at += tensor.bytes.size();
  }
}

TEST_CASE("A file of another program is read without metadata and without padding", "[network]") {
  const auto file = st::decode(raw(R"({ "b":{"shape":[1],"data_offsets":[4,8],"dtype":"F32"},)"
                                   R"("a":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]}})",
                                   8),
                               "foreign");
  REQUIRE(file.tensors.size() == 2);
  CHECK(file.tensors[0].name == "a");
  CHECK(file.tensors[1].shape == std::vector<std::int64_t>{1});
  CHECK(st::decode(raw("{}", 0), "empty").tensors.empty());
}

TEST_CASE("Entries that contradict themselves are not written", "[network]") {
  const auto refused = [](std::vector<st::TensorEntry> entries, st::Metadata metadata = {}) {
    CHECK_THROWS_AS(st::encode(entries, metadata), snnbd::Error);
  };
  refused({floats("w", {3}, {1, 2})});
  refused({floats("w", {-1}, {})});
  refused({floats("", {1}, {1})});
  refused({floats("__metadata__", {1}, {1})});
  refused({floats("w", {1}, {1}), floats("w", {1}, {2})});
  refused({floats("\xFF", {1}, {1})});
  refused({{"w", "F3", {1}, Bytes(4)}});
  refused({}, {{"name", "\xC3"}});
  refused({}, {{"name", "a"}, {"name", "b"}});
}

TEST_CASE("A hostile header is refused by one sentence that names the file", "[network]") {
  const auto tensor = [](const std::string& shape, const std::string& offsets,
                         const std::string& dtype = R"("F32")") {
    return R"({"w":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets +
           "}}";
  };
  REQUIRE(refusal(raw(tensor("[2]", "[0,8]"), 8)).empty());

  const std::string deep(5'000'000, '[');
  const std::string many_sizes = [] {
    std::string sizes = "[1";
    for (int size = 0; size < 40; ++size) sizes += ",1";
    return sizes + "]";
  }();
  const std::string two_to_62 = "4611686018427387904";
  struct Case {
    const char* why;
    Bytes bytes;
  };
  const std::vector<Case> cases{
      {"nothing", {}},
      {"seven bytes", Bytes(7)},
      {"an empty header", raw("", 8)},
      {"a length beyond the file", raw("{}", 0, 3)},
      {"a length of 2^64 - 1", raw("{}", 0, ~std::uint64_t{0})},
      {"a length above the limit", raw("{}", 0, 100'000'001)},
      {"no JSON", raw("{nonsense}", 0)},
      {"JSON that ends early", raw(R"({"w":{"dtype":"F32")", 0)},
      {"text after the JSON", raw("{} {}", 0)},
      {"zeros as padding", raw(std::string{"{}\0\0", 4}, 0)},
      {"a blank before the JSON", raw(" {}", 0)},
      {"a list", raw("[]", 0)},
      {"deep lists", raw(deep, 0)},
      {"deep lists below a tensor", raw(R"({"w":{"shape":)" + deep, 0)},
      {"a tensor that is a number", raw(R"({"w":1})", 0)},
      {"a tensor that is null", raw(R"({"w":null})", 0)},
      {"a tensor without fields", raw(R"({"w":{}})", 0)},
      {"no offsets", raw(R"({"w":{"dtype":"F32","shape":[0]}})", 0)},
      {"one offset", raw(tensor("[2]", "[0]"), 8)},
      {"three offsets", raw(tensor("[2]", "[0,8,8]"), 8)},
      {"an unknown field",
       raw(R"({"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":1}})", 0)},
      {"a field twice",
       raw(R"({"w":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}})", 0)},
      {"an unknown type", raw(tensor("[2]", "[0,8]", R"("F31")"), 8)},
      {"a type that is a number", raw(tensor("[2]", "[0,8]", "4"), 8)},
      {"a name twice", raw(R"({"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                           R"("w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
                           0)},
      {"a negative size", raw(tensor("[-2]", "[0,8]"), 8)},
      {"a broken size", raw(tensor("[2.0]", "[0,8]"), 8)},
      {"a size above 2^63", raw(tensor("[9223372036854775808]", "[0,8]"), 8)},
      {"a size above 2^64", raw(tensor("[99999999999999999999]", "[0,8]"), 8)},
      {"too many sizes", raw(tensor(many_sizes, "[0,4]"), 4)},
      {"sizes whose product wraps to 8", raw(tensor("[" + two_to_62 + ",4,2]", "[0,8]"), 8)},
      {"sizes whose product wraps to 0", raw(tensor("[" + two_to_62 + ",1]", "[0,0]"), 0)},
      {"fewer bytes than the shape", raw(tensor("[3]", "[0,8]"), 8)},
      {"more bytes than the shape", raw(tensor("[1]", "[0,8]"), 8)},
      {"values that are cut off", raw(tensor("[2]", "[0,8]"), 7)},
      {"values that are left over", raw(tensor("[2]", "[0,8]"), 9)},
      {"values without a tensor", raw("{}", 1)},
      {"offsets that go back", raw(tensor("[2]", "[8,0]"), 8)},
      {"offsets beyond the file", raw(tensor("[2]", "[8,16]"), 8)},
      {"a negative offset", raw(tensor("[2]", "[-8,0]"), 8)},
      {"a gap before the first", raw(tensor("[1]", "[4,8]"), 8)},
      {"a gap between two", raw(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                                R"("b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
                                3)},
      {"two that overlap", raw(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                               R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                               3)},
      {"two at the same place", raw(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                                    R"("b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})",
                                    2)},
      {"metadata that is a list", raw(R"({"__metadata__":[]})", 0)},
      {"metadata with a number", raw(R"({"__metadata__":{"a":1}})", 0)},
      {"metadata with NaN", raw(R"({"__metadata__":{"a":NaN}})", 0)},
      {"metadata with an object", raw(R"({"__metadata__":{"a":{}}})", 0)},
      {"metadata twice", raw(R"({"__metadata__":{},"__metadata__":{}})", 0)},
      {"a text of the metadata twice", raw(R"({"__metadata__":{"a":"1","a":"2"}})", 0)},
      {"text that is not UTF-8", raw("{\"__metadata__\":{\"a\":\"\xFF\"}}", 0)},
      {"a wrong checksum", raw(R"({"__metadata__":{"checksum":"crc32:00000001"}})", 0)},
      {"a checksum of another kind", raw(R"({"__metadata__":{"checksum":"md5"}})", 0)},
  };
  for (const Case& one : cases) {
    INFO(one.why);
    const std::string sentence = refusal(one.bytes);
    CHECK_THAT(sentence, Contains("hostile") && Contains("expected") && Contains("found"));
    CHECK(sentence.size() < 400);
  }
}

TEST_CASE("A file that is cut off anywhere is refused", "[network]") {
  const Bytes whole = st::encode(some_entries(), {{"a", "b"}});
  REQUIRE(refusal(whole).empty());
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(
        refusal({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}).empty());
}

TEST_CASE("Every bit of a file that changes what it holds is noticed", "[network]") {
  const Bytes whole = st::encode(some_entries(), {{"a", "b"}});
  const st::File content = st::decode(whole, "whole");
  std::size_t accepted = 0;
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes damaged = whole;
      damaged[at] ^= static_cast<std::byte>(1U << bit);
      try {
        const st::File found = st::decode(damaged, "damaged");
        ++accepted;
        CHECK(found.tensors == content.tensors);
        CHECK(found.metadata == content.metadata);
      } catch (const snnbd::Error&) {
      }
    }
  CHECK(accepted <= 8);
}

TEST_CASE("Files of version 1 are read by the checksum of their values", "[network]") {
  const auto file = [](const std::string& metadata) {
    Bytes bytes = raw(R"({"__metadata__":{)" + metadata +
                          R"(},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                      0);
    for (const unsigned value : {0x00U, 0x00U, 0x80U, 0x3FU, 0x00U, 0x00U, 0x00U, 0xC0U})
      bytes.push_back(static_cast<std::byte>(value));
    return bytes;
  };
  CHECK(refusal(file(R"("checksum":"crc32:c3872656")")).empty());
  CHECK_THAT(refusal(file(R"("checksum":"crc32:c3872657")")), Contains("crc32:c3872656"));
  CHECK(refusal(file(R"("by":"hand")")).empty());
  // What says that it is of version 2 must have that version's checksum.
  CHECK_THAT(refusal(file(R"("snnbd":"2","checksum":"crc32:c3872656")")),
             Contains("a checksum of all that it holds"));
  CHECK_THAT(refusal(file(R"("snnbd":"2")")), Contains("found none"));
  CHECK_THAT(refusal(file(R"("snnbd":"3","checksum":"crc32:c3872656")")), Contains("version '3'"));
}

TEST_CASE("A checksum does not depend on the order in a file", "[network]") {
  const Bytes bytes = st::encode(some_entries(), {{"a", "b"}});
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t at = text.find(R"("a":"b",)");
  REQUIRE(at != std::string::npos);
  text.erase(at, 8);
  text.insert(text.find("}", at), R"(,"a":"b")");
  const auto moved = std::as_bytes(std::span{text});
  const st::File file = st::decode(moved, "moved");
  CHECK(file.metadata.back().first == "a");
}

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>
#include <xtensor/xnpy.hpp>
#include <xtensor/xtensor.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/core/tensor.hpp>
#include <snnbd/format/npy.hpp>
#include <snnbd/format/zip.hpp>

#include "../data/idx_files.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using snnbd_tests::TemporaryFolder;
using Bytes = std::vector<std::byte>;

namespace {

Bytes bytes_of(std::string_view text) {
  const auto view = std::as_bytes(std::span{text.data(), text.size()});
  return {view.begin(), view.end()};
}

/// A file with a header that is padded as NumPy pads it.
Bytes file(std::string header, std::string_view values, int major = 1) {
  const std::size_t fixed = major == 1 ? 10 : 12;
  header.resize((fixed + header.size() + 1 + 63) / 64 * 64 - fixed - 1, ' ');
  header += '\n';
  std::string text{"\x93NUMPY"};
  text += static_cast<char>(major);
  text += '\0';
  for (std::size_t place = 0; place < fixed - 8; ++place)
    text += static_cast<char>(header.size() >> 8 * place & 0xFFU);
  return bytes_of(text + header + std::string{values});
}

Bytes header(const std::string& descr, const std::string& shape, std::string_view values,
             const std::string& fortran = "False", int major = 1) {
  return file(
      "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }",
      values, major);
}

std::string refusal(const Bytes& bytes) {
  try {
    npy::decode(bytes, "a.npy");
  } catch (const Error& error) {
    CHECK_THAT(error.what(), Contains("a.npy") && Contains("expected") && Contains("found"));
    return error.what();
  }
  FAIL("was read");
  return {};
}

using std::string_literals::operator""s;

}  // namespace

TEST_CASE("An npy file as NumPy writes it is read and written byte by byte", "[format]") {
  // numpy.save of numpy.array([[1, 2, 3], [4, 5, -6]], dtype='<i2')
  const Bytes golden = bytes_of(
      "\x93NUMPY\x01\x00v\x00{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }"s +
      std::string(58, ' ') + "\n\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\xFA\xFF"s);
  const npy::Array array = npy::decode(golden, "golden");
  CHECK(array.dtype == "i2");
  CHECK(array.shape == std::vector<std::int64_t>{2, 3});
  CHECK(npy::values_of<std::int16_t>(array, "golden") ==
        std::vector<std::int16_t>{1, 2, 3, 4, 5, -6});
  CHECK(npy::encode(array) == golden);
}

TEST_CASE("npy files of all types, both byte orders and all versions give their values",
          "[format]") {
  for (const int major : {1, 2, 3}) {
    CAPTURE(major);
    const auto read = [&](const std::string& descr, const std::string& values) {
      return npy::decode(header(descr, "(2,)", values, "False", major), "a.npy");
    };
    CHECK(npy::whole_numbers(read("|u1", "\x01\xFF"s), "a") == std::vector<std::int64_t>{1, 255});
    CHECK(npy::whole_numbers(read("|i1", "\x01\xFF"s), "a") == std::vector<std::int64_t>{1, -1});
    CHECK(npy::whole_numbers(read(">u2", "\x01\x02\xFF\xFE"s), "a") ==
          std::vector<std::int64_t>{0x0102, 0xFFFE});
    CHECK(npy::whole_numbers(read("<i4", "\xFE\xFF\xFF\xFF\x04\x03\x02\x01"s), "a") ==
          std::vector<std::int64_t>{-2, 0x01020304});
    CHECK(npy::whole_numbers(read(">u4", "\xFE\xFF\xFF\xFF\x04\x03\x02\x01"s), "a") ==
          std::vector<std::int64_t>{0xFEFFFFFF, 0x04030201});
    CHECK(npy::whole_numbers(
              read(">i8", std::string(7, '\xFF') + "\xFD" + std::string(7, '\0') + "\x07"), "a") ==
          std::vector<std::int64_t>{-3, 7});
    CHECK(npy::values_of<float>(read(">f4", "\x3F\xC0\x00\x00\xC0\x00\x00\x00"s), "a") ==
          std::vector<float>{1.5F, -2.0F});
    CHECK(npy::values_of<double>(
              read("<f8", "\x00\x00\x00\x00\x00\x00\xF8\x3F\x00\x00\x00\x00\x00\x00\x00\xC0"s),
              "a") == std::vector<double>{1.5, -2.0});
    CHECK(npy::values_of<std::uint8_t>(read("|b1", "\x00\x01"s), "a") ==
          std::vector<std::uint8_t>{0, 1});
  }
  CHECK_THROWS_WITH(
      npy::whole_numbers(npy::decode(header("<u8", "(1,)", std::string(8, '\xFF')), "a"), "a"),
      Contains("below 2^63"));
  CHECK_THROWS_WITH(npy::whole_numbers(npy::make_array(std::vector{1.0F}), "a"),
                    Contains("found f4"));
  CHECK_THROWS_WITH(npy::values_of<double>(npy::make_array(std::vector{1.0F}), "a"),
                    Contains("a: expected values of type f8, found f4"));
}

TEST_CASE("npy files in Fortran order come out with the last index fastest", "[format]") {
  std::string values;
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) {
        values += static_cast<char>(i * 100 + j * 10 + k);
        values += '\0';
      }
  const npy::Array array = npy::decode(header("<u2", "(2, 3, 4)", values, "True"), "a");
  std::vector<std::uint16_t> expected;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k)
        expected.push_back(static_cast<std::uint16_t>(i * 100 + j * 10 + k));
  CHECK(npy::values_of<std::uint16_t>(array, "a") == expected);
  CHECK(npy::decode(header("<u2", "(2, 0, 4)", "", "True"), "a").bytes.empty());
}

TEST_CASE("npy headers of other writers are read: other orders, quotes and spaces", "[format]") {
  const auto reads = [](const std::string& text) {
    return npy::decode(file(text, "\x07"), "a").shape;
  };
  CHECK(reads("{'shape':(1,1),'fortran_order':False,'descr':'|u1'}") ==
        std::vector<std::int64_t>{1, 1});
  CHECK(reads("  { \"descr\" : \"<u1\" , \"shape\" : ( 1L , ) , \"fortran_order\" : True , } ") ==
        std::vector<std::int64_t>{1});
  CHECK(reads("{'descr': '|i1', 'fortran_order': False, 'shape': (), }").empty());
}

TEST_CASE("npy files that contradict themselves are refused in one sentence", "[format]") {
  const std::string four(4, '\0');
  CHECK_THAT(refusal({}), Contains("found nothing"));
  CHECK_THAT(refusal(bytes_of("PK\x03\x04 and more")), Contains("begins with"));
  CHECK_THAT(refusal(file("{}", "", 4)), Contains("version 1.0, 2.0 or 3.0"));
  CHECK_THAT(refusal(bytes_of("\x93NUMPY\x01\x00\xFF\xFF{}"s)),
             Contains("a header of at most 2 bytes"));
  CHECK_THAT(refusal(bytes_of("\x93NUMPY\x02\x00\xFF\xFF\xFF\xFF"s)), Contains("found 4294967295"));
  CHECK_THAT(refusal(bytes_of("\x93NUMPY\x02\x00\xFF"s)), Contains("the length of a header"));
  CHECK_THAT(refusal(header("<f4", "(2,)", four)),
             Contains("8 bytes of values") && Contains("found 4"));
  CHECK_THAT(refusal(header("<f4", "(0,)", four)), Contains("0 bytes of values"));
  CHECK_THAT(refusal(header("<f4", "(4294967296, 4294967296, 4)", "")), Contains("fit any memory"));
  CHECK_THAT(refusal(header("<f4", "(0, 9223372036854775807, 9223372036854775807)", "")),
             Contains("fit any memory"));
  CHECK_THAT(refusal(header("<f4", "(99999999999999999999,)", "")), Contains("fits 64 bits"));
  CHECK_THAT(refusal(header("<f4", "(-1,)", "")), Contains("at least 0"));
  CHECK_THAT(refusal(header("<f4", "(1)", four)), Contains("a tuple"));
  CHECK_THAT(refusal(header("<f4", "(1 1)", four)), Contains("between sizes"));
  std::string ones;
  for (int i = 0; i < 33; ++i) ones += "1,";
  CHECK_THAT(refusal(header("<f4", "(" + ones + ")", four)), Contains("at most 32 sizes"));
  CHECK_THAT(refusal(header("<c8", "(1,)", four)), Contains("a dtype of b1"));
  CHECK_THAT(refusal(header("<f2", "(2,)", four)), Contains("found '<f2'"));
  CHECK_THAT(refusal(header("|f4", "(1,)", four)), Contains("byte order"));
  CHECK_THAT(refusal(header("|O", "(1,)", four)), Contains("found '|O'"));
  CHECK_THAT(refusal(header("|b1", "(4,)", "\x00\x01\x02\x00"s)), Contains("booleans of 0 or 1"));
  CHECK_THAT(
      refusal(file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", four)),
      Contains("several fields"));
  CHECK_THAT(refusal(file("{'descr': '<f4', 'shape': (1,)}", four)), Contains("no fortran_order"));
  CHECK_THAT(refusal(file("{'descr': '<f4', 'descr': '<f4'}", four)), Contains("each once"));
  CHECK_THAT(refusal(file("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}", four)),
             Contains("True or False"));
  CHECK_THAT(refusal(file("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", four)),
             Contains("nothing after its dictionary"));
  CHECK_THAT(refusal(file("{'descr", four)), Contains("a text in quotes"));
  CHECK_THROWS_WITH(npy::encode({"f4", {2}, Bytes(4)}), Contains("8 bytes"));
  CHECK_THROWS_WITH(npy::encode({"f2", {2}, Bytes(4)}), Contains("'f2'"));
  CHECK_THROWS_WITH(npy::encode({"u1", {-4}, Bytes(4)}), Contains("a shape that fits"));
  CHECK_THROWS_WITH(npy::read("/nowhere/a.npy"), Contains("/nowhere/a.npy"));
}

TEST_CASE("Eigen tensors, xtensor arrays, spans and vectors are saved with their shapes",
          "[format]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("some/a.npy");
  std::vector<float> counting(24);
  std::iota(counting.begin(), counting.end(), 0.0F);
  const std::vector<std::int64_t> shape{2, 3, 4};
  const npy::Array expected = npy::make_array<float>(shape, counting);

  Tensor<float, 3> tensor{2, 3, 4};
  std::copy(counting.begin(), counting.end(), tensor.data());
  npy::save(path, tensor);
  CHECK(npy::read(path) == expected);
  npy::save(path, ConstTensorView<float, 3>{counting.data(), 2, 3, 4});
  CHECK(npy::read(path) == expected);
  Eigen::Tensor<float, 3> columns{2, 3, 4};
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k) columns(i, j, k) = tensor(i, j, k);
  npy::save(path, columns);
  CHECK(npy::read(path) == expected);

  xt::xtensor<float, 3> array{std::array<std::size_t, 3>{2, 3, 4}};
  std::copy(counting.begin(), counting.end(), array.begin());
  npy::save(path, array);
  CHECK(npy::read(path) == expected);
  const xt::xtensor<float, 3, xt::layout_type::column_major> other = array;
  npy::save(path, other);
  CHECK(npy::read(path) == expected);

  npy::save(path, shape, std::span<const float>{counting});
  CHECK(npy::read(path) == expected);
  npy::save(path, counting);
  CHECK(npy::read(path).shape == std::vector<std::int64_t>{24});
  npy::save(path, std::span{counting}.first(5));
  CHECK(npy::read(path).shape == std::vector<std::int64_t>{5});
  npy::save(path, std::vector<std::int64_t>{-1, 5});
  CHECK(npy::whole_numbers(npy::read(path), path) == std::vector<std::int64_t>{-1, 5});
  npy::save(path, std::array<bool, 3>{true, false, true});
  CHECK(npy::values_of<std::uint8_t>(npy::read(path), path) == std::vector<std::uint8_t>{1, 0, 1});
  CHECK_THROWS_WITH(npy::save(path, {5}, std::span<const float>{counting}), Contains("20 bytes"));
}

TEST_CASE("xtensor reads the npy files that are written, and writes what is read", "[format]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npy");
  const xt::xtensor<double, 2> array{{1.5, -2.0, 3.25}, {0.0, 1e300, -0.5}};
  npy::save(path, array);
  const auto loaded = xt::load_npy<double>(path);
  CHECK(std::equal(array.begin(), array.end(), loaded.begin(), loaded.end()));
  xt::dump_npy(path, array);
  const npy::Array read = npy::read(path);
  CHECK(read.shape == std::vector<std::int64_t>{2, 3});
  CHECK(npy::values_of<double>(read, path) == std::vector<double>(array.begin(), array.end()));
}

TEST_CASE("An npz file gives the arrays that were put into it", "[format]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("all.npz");
  const std::vector<npy::NamedArray> arrays{
      {"images", npy::make_array<float>({1, 2}, std::vector{0.5F, 1.0F})},
      {"labels", npy::make_array(std::vector<std::uint8_t>{3})},
      {"none", npy::make_array<double>({0, 7}, {})}};
  npy::write_npz(path, arrays);
  const auto read = npy::read_npz(path);
  CHECK(read == arrays);
  REQUIRE(npy::find(read, "labels") != nullptr);
  CHECK(*npy::find(read, "labels") == arrays[1].array);
  CHECK(npy::find(read, "label") == nullptr);
  CHECK_THROWS_WITH(npy::encode_npz(std::vector<npy::NamedArray>{{"", arrays[1].array}}),
                    Contains("a name"));
  const Bytes other = zip::encode(std::vector<zip::Member>{{"read.me", Bytes(3)}});
  CHECK_THROWS_WITH(npy::decode_npz(other, "x.npz"),
                    Contains("x.npz, member 'read.me'") && Contains("ends with .npy"));
  const Bytes broken = zip::encode(std::vector<zip::Member>{{"a.npy", Bytes(3)}});
  CHECK_THROWS_WITH(npy::decode_npz(broken, "x.npz"), Contains("x.npz, member 'a.npy'"));
}

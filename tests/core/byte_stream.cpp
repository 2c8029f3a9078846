#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/file.hpp>

#include "failures.hpp"

using namespace snnbd_tests;
using snnbd::ByteStream;

namespace {

std::vector<std::byte> some_bytes(std::size_t count) {
  std::minstd_rand engine{7};
  std::vector<std::byte> bytes(count);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(engine() & 0xFFU);
  return bytes;
}

/// Takes a stream in pieces of changing sizes.
std::vector<std::byte> taken(ByteStream stream) {
  std::vector<std::byte> all;
  for (std::size_t round = 1;; ++round) {
    const std::size_t least = round % 7 + 1;
    const auto bytes = stream.peek(least);
    const std::size_t count = std::min(bytes.size(), round % 5 + 1);
    if (count == 0) break;
    all.insert(all.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    stream.skip(count);
    REQUIRE(stream.position() == all.size());
    // A stream that is moved goes on.
    ByteStream other = std::move(stream);
    stream = std::move(other);
  }
  return all;
}

}  // namespace

TEST_CASE("A stream gives the bytes of a file or of memory, whatever its buffer", "[core]") {
  const Folder folder;
  const std::string path = folder.at("file");
  for (const std::size_t size : {0U, 1U, 7U, 1000U}) {
    const auto bytes = some_bytes(size);
    snnbd::write_file_atomically(path, std::span<const std::byte>{bytes});
    for (const std::size_t capacity : {0U, 1U, 2U, 3U, 8U, 999U, 1000U, 1001U, 1U << 18U}) {
      CHECK(taken(ByteStream{path, capacity}) == bytes);
      CHECK(taken(ByteStream{bytes, "memory", capacity}) == bytes);
    }
  }
}

TEST_CASE("A stream gives at least what is asked for, and at most its buffer", "[core]") {
  const auto bytes = some_bytes(100);
  ByteStream stream{bytes, "memory", 10};
  CHECK(stream.peek(1).size() == 10);
  CHECK(stream.peek(10).size() == 10);
  CHECK(stream.peek(25).size() == 25);
  CHECK(stream.peek(200).size() == 100);
  stream.skip(95);
  CHECK(stream.peek(10).size() == 5);
  CHECK(stream.subject() == "memory");
}

TEST_CASE("Bytes are passed over as far as they go", "[core]") {
  const Folder folder;
  const std::string path = folder.at("file");
  const auto bytes = some_bytes(100);
  snnbd::write_file_atomically(path, std::span<const std::byte>{bytes});
  ByteStream stream{path, 8};
  CHECK(stream.pass(0) == 0);
  CHECK(stream.pass(50) == 50);
  CHECK(stream.peek(1).front() == bytes[50]);
  CHECK(stream.pass(std::uint64_t{1} << 63U) == 50);
  CHECK(stream.position() == 100);
}

TEST_CASE("Lines have their break, and long ones are cut", "[core]") {
  const std::string text = "one\r\n\nthree, which is longer\nno break";
  for (const std::size_t capacity : {1U, 3U, 100U}) {
    ByteStream stream{std::as_bytes(std::span{text}), "memory", capacity};
    CHECK(stream.line(10) == "one\r\n");
    CHECK(stream.line(10) == "\n");
    CHECK(stream.line(10) == "three, whi");
    CHECK(stream.line(10) == "no break");
    CHECK(stream.line(10).empty());
    CHECK(stream.position() == text.size());
  }
}

TEST_CASE("What is no regular file is not streamed", "[core]") {
  const Folder folder;
  CHECK_THROWS_WITH(ByteStream{folder.at("absent")},
                    Catch::Contains("absent: expected a readable"));
  CHECK_THROWS_WITH(ByteStream{folder.path.string()},
                    Catch::Contains("a regular file, found a folder"));
  CHECK_THROWS_WITH(ByteStream{"/dev/null"}, Catch::Contains("a regular file"));
}

TEST_CASE("Whatever fails while a file is streamed, it comes whole or is refused", "[core]") {
  const Folder folder;
  const std::string path = folder.at("file");
  const auto bytes = some_bytes(300);
  snnbd::write_file_atomically(path, std::span<const std::byte>{bytes});
  check_reader([&] { return taken(ByteStream{path, 64}); });
}

TEST_CASE("Reads that give a part or are interrupted are made again", "[core]") {
  const Folder folder;
  const std::string path = folder.at("file");
  const auto bytes = some_bytes(300);
  snnbd::write_file_atomically(path, std::span<const std::byte>{bytes});
  static int turn = 0;
  auto halting = snnbd::detail::system_file_operations();
  halting.read = [](int descriptor, void* to, std::size_t count) -> ssize_t {
    errno = EINTR;
    return turn++ % 3 == 0 ? -1
                           : snnbd::detail::system_file_operations().read(
                                 descriptor, to, std::min<std::size_t>(count, 3));
  };
  const Replaced replaced{halting};
  CHECK(taken(ByteStream{path, 64}) == bytes);
}

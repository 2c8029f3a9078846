#include <cstdint>
#include <limits>

#include <catch2/catch.hpp>

#include <snnbd/core/arena.hpp>

using namespace snnbd;

TEST_CASE("An arena counts first what it then hands out", "[core]") {
  const auto take_all = [](Arena& arena) {
    arena.take<float>(3);
    arena.take<double>(0);
    const auto words = arena.take<std::uint64_t>(9);
    return words.data();
  };
  Arena counter;
  CHECK(take_all(counter) == nullptr);
  CHECK(counter.used() == 64 + 0 + 128);
  Arena arena{counter.used()};
  CHECK(reinterpret_cast<std::uintptr_t>(take_all(arena)) % cache_line == 0);
  CHECK(arena.used() == counter.used());
  CHECK_THROWS_AS(arena.take<char>(1), Error);
}

TEST_CASE("A rewound arena hands the same memory out again", "[core]") {
  Arena arena{256};
  const auto mark = arena.used();
  float* const first = arena.take<float>(10).data();
  arena.rewind(mark);
  CHECK(arena.take<float>(20).data() == first);
}

TEST_CASE("An arena that begins again keeps what lies in it until it has to grow", "[core]") {
  Arena arena;
  arena.restart(256);
  CHECK_FALSE(arena.counting());
  float* const first = arena.take<float>(10).data();
  first[9] = 3.0F;
  arena.restart(128);
  CHECK(arena.used() == 0);
  CHECK(arena.take<float>(10).data() == first);
  CHECK(first[9] == 3.0F);
  arena.restart(512);
  CHECK(arena.take<float>(128).size() == 128);
  CHECK_THROWS_AS(arena.take<char>(1), Error);
}

TEST_CASE("An arena refuses sizes that no memory has", "[core]") {
  Arena counter;
  CHECK_THROWS_AS(counter.take<double>(-1), Error);
  CHECK_THROWS_AS(counter.take<double>(std::numeric_limits<Index>::max()), Error);
}

namespace {
struct Plane;
struct Padded;
}  // namespace

TEST_CASE("A scratch buffer keeps its memory until more is asked of it", "[core]") {
  Scratch scratch;
  const auto small = scratch.get<Plane, float>(100);
  CHECK(small.size() == 100);
  const std::size_t held = scratch.size();
  CHECK(scratch.get<Plane, float>(50).data() == small.data());
  CHECK(scratch.size() == held);
  scratch.get<Padded, float>(100);
  CHECK(scratch.size() == 2 * held);
  CHECK(scratch.get<Plane, float>(10000).size() == 10000);
}

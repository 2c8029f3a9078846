#include <cstdint>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/data/content.hpp>
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/raw_block.hpp>
#include <snnbd/poison/retimed.hpp>
#include <snnbd/poison/triggered.hpp>
#include <snnbd/poison/warped.hpp>

#include "event_set.hpp"

using namespace snnbd;
using poison::OnEvents;

namespace {

using Set = snnbd_tests::EventSet<true>;

/// Whether a set with the trigger has the same bytes from one thread and from several, and others
/// than without it.
template <class Mark>
void check_threads(const Mark& mark) {
  const Set set{70};
  const poison::Triggered<Set, Mark> triggered{set, mark};
  const int threads = thread_count();
  set_thread_count(1);
  const std::uint32_t one = data::content_checksum(triggered);
  set_thread_count(4);
  CHECK(data::content_checksum(triggered) == one);
  set_thread_count(threads);
  CHECK(data::content_checksum(set) != one);
}

}  // namespace

TEST_CASE("Triggers give the same bytes from any thread", "[poison]") {
  check_threads(poison::StaticAnywhere<poison::Draw::each_sample>{.mask = {.size = 2}});
  check_threads(
      poison::MovingBlock<Corner::top_left, poison::Edge::bounce, OnEvents>{.mask = {.size = 2}});
  check_threads(poison::Composed<poison::WholeFrame, poison::Always, poison::Drop, OnEvents>{
      .polarity = poison::Polarity::both});
  check_threads(poison::Retimed<>{});
  check_threads(poison::RawBlock<>{.size = 3});
  check_threads(poison::Warped{.noise = 1.0F});
}

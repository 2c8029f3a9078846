#include <catch2/catch.hpp>

#include <snnbd/experiment/watcher.hpp>
#include <snnbd/learn/training/interrupt.hpp>

using namespace snnbd;

TEST_CASE("Measuring ends with what it was about when somebody interrupts it", "[experiment]") {
  const experiment::Watcher watcher{report::ProgressMode::silent};
  const NetworkView::Observer observer = watcher.measuring("measuring LR_B", 100);
  CHECK_NOTHROW(observer(10));
  learn::interrupt_requested().store(true);
  CHECK_THROWS_AS(observer(20), learn::Interrupted);
  CHECK_THROWS_WITH(observer(20), "interrupted while measuring LR_B");
  learn::interrupt_requested().store(false);
  CHECK_NOTHROW(observer(100));
}

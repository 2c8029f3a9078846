#include <csignal>

#include <catch2/catch.hpp>

#include <snnbd/learn/training/interrupt.hpp>

using namespace snnbd;

TEST_CASE("The first Ctrl-C asks for an end, the second one is the system's", "[learn]") {
  const auto before = std::signal(SIGINT, SIG_DFL);
  learn::stop_on_interrupt();
  CHECK_FALSE(learn::interrupt_requested().load());
  std::raise(SIGINT);
  CHECK(learn::interrupt_requested().load());
  CHECK(std::signal(SIGINT, before) == SIG_DFL);
  learn::interrupt_requested().store(false);
}

// expect: snnbd: run_over_rates() takes settings, rates, experiments and then sinks
#include "study.hpp"

int main() {
  const Study study{};
  report::Console console;
#if defined(SNNBD_FIXED)
  run_over_rates(Settings{}, {0.1}, study, console);
#else
  run_over_rates(study, Settings{}, std::vector{0.1}, console);
#endif
}

// expect: snnbd: run() takes settings, experiments and then sinks, in this order
#include "study.hpp"

int main() {
  const Study study{};
  report::Console console;
#if defined(SNNBD_FIXED)
  run(Settings{}, study, console);
#else
  run(study, Settings{}, console);
#endif
}

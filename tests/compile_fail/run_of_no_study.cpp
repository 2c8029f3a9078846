// expect: snnbd: run() takes at least one experiment: run(settings, study, sinks...), or
#include "study.hpp"

int main() {
  const Study study{};
  report::Console console;
#if defined(SNNBD_FIXED)
  run({}, study, console);
#else
  static_cast<void>(study);
  run({}, console);
#endif
}

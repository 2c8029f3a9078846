// expect: snnbd: what run() takes behind settings and experiments is a sink, such as
#include "study.hpp"

int main() {
  const Study study{};
  report::Console console;
#if defined(SNNBD_FIXED)
  run({}, study, console);
#else
  run<Study>({}, study, console);
#endif
}

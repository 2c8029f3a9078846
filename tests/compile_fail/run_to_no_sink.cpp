// expect: snnbd: what run() takes behind settings and experiments is a sink, such as
#include "study.hpp"

struct Diary {
  void note(const report::Report& /*report*/) const {}
};

int main() {
  const Study study{};
  report::Console console;
#if defined(SNNBD_FIXED)
  run({}, study, console);
#else
  run({}, study, console, Diary{});
#endif
}

// expect: snnbd: an experiment begins with a poison::Poisoned<Set, Trigger, Relabel>
#include "study.hpp"

#if defined(SNNBD_FIXED)
using Set = Dirty;
#else
using Set = data::Mnist;
#endif

int main() {
  run<Experiment<Set, encode::Direct, Net, learn::Bptt<>>>({}, report::Console{});
}

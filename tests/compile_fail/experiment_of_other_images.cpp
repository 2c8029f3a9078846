// expect: snnbd: the network of an experiment takes images of the data set's shape
#include "study.hpp"

#if defined(SNNBD_FIXED)
using Victim = NetOf<Shape{28, 28, 1}, 10>;
#else
using Victim = NetOf<Shape{32, 32, 3}, 10>;
#endif

int main() {
  run<Experiment<Dirty, encode::Direct, Victim, learn::Bptt<>>>({}, report::Console{});
}

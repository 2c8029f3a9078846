// expect: snnbd: the network of an experiment takes images of the data set's shape
#include "study.hpp"

#if defined(SNNBD_FIXED)
using Trained = NetOf<Shape{28, 28, 1}, 10>;
#else
using Trained = NetOf<Shape{32, 32, 3}, 10>;
#endif

int main() {
  run<Experiment<Dirty, encode::Direct, Trained, learn::Bptt<>>>({}, report::Console{});
}

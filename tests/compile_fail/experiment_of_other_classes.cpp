// expect: snnbd: the network of an experiment has an output for each class of the data set
#include "study.hpp"

#if defined(SNNBD_FIXED)
using Victim = NetOf<data::Mnist::shape, 10>;
#else
using Victim = NetOf<data::Mnist::shape, 7>;
#endif

int main() {
  run<Experiment<Dirty, encode::Direct, Victim, learn::Bptt<>>>({}, report::Console{});
}

// expect: snnbd: the network of an experiment has an output for each class of the data set
#include "study.hpp"

#if defined(SNNBD_FIXED)
using Trained = NetOf<data::Mnist::shape, 10>;
#else
using Trained = NetOf<data::Mnist::shape, 7>;
#endif

int main() {
  run<Experiment<Dirty, encode::Direct, Trained, learn::Bptt<>>>({}, report::Console{});
}

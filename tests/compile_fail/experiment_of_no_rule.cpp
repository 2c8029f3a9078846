// expect: snnbd: the rule of an experiment has fit, probe, estimate and label, or else
#include "study.hpp"

#if defined(SNNBD_FIXED)
using Rule = learn::Bptt<>;
#else
struct Rule {
  learn::Adam optimizer{};
};
#endif

int main() {
  run<Experiment<Dirty, encode::Direct, Net, Rule>>({}, report::Console{});
}

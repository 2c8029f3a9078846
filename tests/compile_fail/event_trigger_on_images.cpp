// expect: snnbd: a trigger on events needs a set that offers its events, see data::EventDataset
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/triggered.hpp>

#include "study.hpp"

#if defined(SNNBD_FIXED)
using Domain = poison::OnFrames;
#else
using Domain = poison::OnEvents;
#endif

int main() {
  const poison::Triggered<data::Mnist, poison::Framed<Domain>> set{
      data::Mnist{data::Part::test}, {.polarity = poison::Polarity::both}};
}

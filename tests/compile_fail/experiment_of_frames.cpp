// expect: snnbd: the encoder of an experiment whose samples have several frames passes frames on
#include <snnbd/data/moving_bars.hpp>
#include <snnbd/encode/frames.hpp>

#include "study.hpp"

#if defined(SNNBD_FIXED)
using Encoding = encode::Frames;
#else
using Encoding = encode::Direct;
#endif

using Bars = data::MovingBars<Shape{6, 6, 1}, 5, 2>;
using Moving = poison::Poisoned<Bars, poison::PixelPatch<>>;

int main() {
  run<Experiment<Moving, Encoding, NetOf<Bars::shape, 2>, learn::Bptt<>>>({}, report::Console{});
}

// Which triggers on event data put a backdoor into a spiking network, and how visible are they? All
// triggers of the field, one by one, on what a simulated camera sees of digits, beside one clean
// control.
#include <cstdio>

#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

using namespace snnbd;

namespace {

// By time: there a trigger on frames and the same on events are one.
using Set = data::EventFrames<data::MovingDigits, 10, event::ByTime>;
using Net = model::EventNet<Set::shape, Set::classes, neuron::Lif<>>;

template <class Mark>
using Study = Experiment<poison::Poisoned<Set, Mark, poison::AllToOne>, encode::Frames, Net,
                         learn::Bptt<>, stage::AccAsr, stage::Stealth, stage::Pictures>;

template <class Mark>
Study<Mark> with(const interop::CommandLine& line, Mark trigger) {
  auto study = line.study<Study<Mark>>();
  study.trigger = std::move(trigger);
  return study;
}

using Still = poison::StaticBlock<>;
using StillOnEvents = poison::StaticBlock<Corner::top_left, poison::OnEvents>;
using Moving = poison::MovingBlock<>;
using Strobing = poison::StrobingBlock<>;
using Late = poison::Retimed<poison::Delay, poison::Block<Corner::center>>;
using Dynamic = learn::DynamicTrigger<model::TriggerAutoencoder<Set::shape>, Net>;

}  // namespace

int main(int argc, char** argv) {
  const Settings quick{.samples = 2000,
                       .test_samples = 500,
                       .epochs = 6,
                       .batch_size = 16,
                       .learning_rate = 4e-3,
                       .poisoning_rate = 0.1};
  const Settings smoke{.samples = 64, .test_samples = 32, .epochs = 1, .batch_size = 32};
  return interop::run_program(
      argc, argv, "triggers_on_events", "All triggers on event data, on simulated recordings.",
      {{"quick", quick}, {"smoke", smoke}}, {}, [](const interop::CommandLine& line) {
        report::Console console;
        report::Json json{line.settings.result("results.json")};
        report::Csv csv{line.settings.result("results.csv")};
        run(line.settings, with(line, Still{}),
            with(line, Still{.polarity = poison::Polarity::off}),
            with(line, Still{.polarity = poison::Polarity::none}),
            with(line, Still{.polarity = poison::Polarity::both}), with(line, StillOnEvents{}),
            with(line, Moving{}), with(line, poison::SmartBlock<>{}),
            with(line, Strobing{.schedule = {.gap = 2}}), with(line, poison::Framed<>{}),
            with(line, poison::Flash<>{}), with(line, poison::RawBlock<>{}),
            with(line, Late{.mask = {.size = 16}, .shift = {.time = 60'000}}),
            with(line, poison::Warped{}), with(line, Dynamic{}), console, json, csv);
        std::printf("\nresults: %s\n", json.path().c_str());
      });
}

// How do ACC and ASR of the three learning rules compare on one network and one data set? LR_B has
// its own run of training; LR_C and LR_H begin with the same artificial network. (The paper's
// Fig. 9.)
#include "hybrid_victims.hpp"

using namespace hybrid;

int main(int argc, char** argv) {
  return interop::run_program(
      argc, argv, "figure9_rules", "A backdoor in networks of each learning rule.",
      presets({learn::com1, learn::com4}), {data_set_option()},
      [](const interop::CommandLine& line) {
        with_victim(line, [&]<class Victim>(std::type_identity<Victim>) {
          report::Console console;
          report::Json json{line.settings.out + "/results.json"};
          report::Csv csv{line.settings.out + "/results.csv"};
          run<typename Victim::template Study<learn::Bptt<>>, typename Victim::template Study<LrH>>(
              line.settings, console, json, csv);
          std::printf("\nresults: %s\n", json.path().c_str());
        });
      });
}

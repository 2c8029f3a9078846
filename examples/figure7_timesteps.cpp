// How do ACC and ASR of converted networks grow with the number of time steps, for each way to find
// their thresholds? (The paper's Fig. 7.) One pass gives the whole curve.
#include <cstdio>

#include "convertible_digits.hpp"

using namespace convertible;

using LrC =
    learn::Conversion<learn::MaxNorm, learn::RobustNorm, learn::HalfStart<learn::RobustNorm>,
                      learn::ScaledMax, learn::SpikeNorm>;

int main(int argc, char** argv) {
  const Settings quick{.converted_timesteps = 64,
                       .epochs = 5,
                       .also_after = {1, 2, 4, 8, 16, 32},
                       .clean_control = false};
  const Settings smoke{.samples = 500,
                       .test_samples = 200,
                       .converted_timesteps = 16,
                       .epochs = 1,
                       .batch_size = 32,
                       .also_after = {1, 4},
                       .calibration_samples = 50};
  const Settings paper{.converted_timesteps = 400,
                       .epochs = 200,
                       .learning_rate = 1e-3,
                       .also_after = {1, 2, 4, 8, 16, 32, 64, 100, 200, 300},
                       .calibration_samples = 0};
  return interop::run_program(argc, argv, "figure7_timesteps",
                              "Accuracy and attack success of converted networks by time.",
                              {{"quick", quick}, {"smoke", smoke}, {"paper", paper}},
                              {model_option()}, [](const interop::CommandLine& line) {
                                with_model(line, [&]<class Net>(std::type_identity<Net>) {
                                  report::Console console;
                                  report::Json json{line.settings.out + "/results.json"};
                                  report::Csv csv{line.settings.out + "/results.csv"};
                                  run<Study<Net, LrC>>(line.settings, console, json, csv);
                                  std::printf("\nresults: %s\n", json.path().c_str());
                                });
                              });
}

// How much of the backdoor of an artificial network migrates into the spiking ones that it is
// converted to, for growing poisoning rates? (The paper's Table 2, column LR_C, and Table 9.)
#include "subjects.hpp"

using namespace subjects;

using LrC =
    learn::Conversion<learn::MaxNorm, learn::RobustNorm, learn::ScaledMax, learn::SpikeNorm>;

namespace {

std::vector<double> poisoning_rates(const std::string& preset) {
  if (preset == "smoke") return {0.1};
  if (preset == "quick") return {0.02, 0.1, 0.2};
  return paper_poisoning_rates();
}

}  // namespace

int main(int argc, char** argv) {
  const interop::Preset quick{"quick", {.epochs = 5}, {{.timesteps = 64}}};
  const interop::Preset smoke{"smoke",
                              {.samples = 500, .test_samples = 200, .epochs = 1, .batch_size = 32},
                              {{.timesteps = 16, .calibration_samples = 50}}};
  const interop::Preset paper{"paper",
                              {.epochs = 200, .learning_rate = 1e-3},
                              {{.timesteps = 400, .calibration_samples = 0}}};
  return interop::run_program(
      argc, argv, "table2_migration", "How backdoors migrate from artificial to spiking networks.",
      {quick, smoke, paper}, {model_option({"convnet", "vgg11", "vgg11_quarter"})},
      [](const interop::CommandLine& line) {
        const auto rates = poisoning_rates(line.settings.preset);
        const std::string& model = line.extra("model");
        if (model == "vgg11")
          study<Vgg::Study<LrC>>(line, rates);
        else if (model == "vgg11_quarter")
          study<NarrowVgg::Study<LrC>>(line, rates);
        else
          study<ConvNet::Study<LrC>>(line, rates);
      });
}

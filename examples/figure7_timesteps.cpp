// How do ACC and ASR of converted networks grow with the number of time steps, for each way to find
// their thresholds? (The paper's Fig. 7.) One pass gives the whole curve.
#include "subjects.hpp"

using namespace subjects;

using LrC =
    learn::Conversion<learn::MaxNorm, learn::RobustNorm, learn::HalfStart<learn::RobustNorm>,
                      learn::HalfStart<learn::PerChannel<learn::MmseNorm>>, learn::ScaledMax,
                      learn::SpikeNorm>;
// Folded batch norms leave biases, which can be calibrated.
using LrCWithBiases =
    learn::Conversion<learn::MaxNorm, learn::RobustNorm, learn::HalfStart<learn::RobustNorm>,
                      learn::HalfStart<learn::PerChannel<learn::MmseNorm>>, learn::ScaledMax,
                      learn::BiasCalibrated<learn::HalfStart<learn::RobustNorm>>>;

// Twins that clip and round as neurons do in 8 steps, at limits that are trained from 2.
using LrCWithLevels = learn::QcfsConversion<8, 2, learn::LearnedNorm>;

template <class Subject, class Rule>
using Reported = typename Subject::template Study<Rule, stage::AccAsr, stage::ConversionReports>;

template <class Subject, class Rectified>
void study_twin(const interop::CommandLine& line) {
  const std::vector rates{line.settings.poisoning_rate};
  if (line.extra("twin") == "qcfs")
    study<Reported<Subject, LrCWithLevels>>(line, rates);
  else
    study<Reported<Subject, Rectified>>(line, rates);
}

int main(int argc, char** argv) {
  const interop::Preset quick{
      .name = "quick",
      .settings = {.epochs = 5, .also_after = {1, 2, 4, 8, 16, 32}, .clean_control = false},
      .conversion = {{.timesteps = 64}},
      .report_samples = 500};
  const interop::Preset quick_cifar10{
      .name = "quick_cifar10",
      .settings = {.samples = 20000,
                   .test_samples = 1000,
                   .epochs = 10,
                   .also_after = {2, 4, 8, 16, 32, 64},
                   .clean_control = false},
      .conversion = {{.timesteps = 100, .calibration_samples = 200}},
      .report_samples = 100};
  const interop::Preset smoke{.name = "smoke",
                              .settings = {.samples = 500,
                                           .test_samples = 200,
                                           .epochs = 1,
                                           .batch_size = 32,
                                           .also_after = {1, 4}},
                              .conversion = {{.timesteps = 16, .calibration_samples = 50}},
                              .report_samples = 50};
  const interop::Preset paper{.name = "paper",
                              .settings = {.epochs = 200,
                                           .learning_rate = 1e-3,
                                           .also_after = {1, 2, 4, 8, 16, 32, 64, 100, 200, 300}},
                              .conversion = {{.timesteps = 400, .calibration_samples = 0}}};
  return interop::run_program(
      argc, argv, "figure7_timesteps", "Accuracy and attack success of converted networks by time.",
      {quick, quick_cifar10, smoke, paper},
      {model_option({"convnet", "convnet_max", "vgg11", "vgg11_quarter", "cifar10_vgg11"}),
       {"--twin", "relu or, with levels and trained limits, qcfs", {"relu", "qcfs"}, "relu"}},
      [](const interop::CommandLine& line) {
        const std::string& model = line.extra("model");
        if (model == "cifar10_vgg11")
          study_twin<ColourVgg, LrCWithBiases>(line);
        else if (model == "vgg11")
          study_twin<Vgg, LrC>(line);
        else if (model == "vgg11_quarter")
          study_twin<NarrowVgg, LrC>(line);
        else if (model == "convnet_max")
          study_twin<GatedNet, LrC>(line);
        else
          study_twin<ConvNet, LrC>(line);
      });
}

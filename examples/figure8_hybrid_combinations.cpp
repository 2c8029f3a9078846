// Which steps of hybrid learning must see poison for a backdoor to take: training of the artificial
// network, calibration of the conversion, training of what it gave? (The paper's Fig. 8 and Table 8
// have four combinations; this runs all eight.)
#include "hybrid_presets.hpp"

using namespace subjects;

namespace {

std::vector<double> poisoning_rates(const std::string& preset) {
  if (preset == "smoke" || preset == "quick_cifar10") return {0.1};
  if (preset == "quick") return {0.01, 0.1};
  return paper_poisoning_rates();
}

}  // namespace

int main(int argc, char** argv) {
  return interop::run_program(
      argc, argv, "figure8_hybrid_combinations",
      "All eight ways to poison the three steps of hybrid learning.",
      presets({learn::every_combination.begin(), learn::every_combination.end()}),
      {model_option({"convnet", "cifar10_vgg11"})}, [](const interop::CommandLine& line) {
        with_subject(line, [&]<class Subject>(std::type_identity<Subject>) {
          study<typename Subject::template Study<LrH<Subject>>>(
              line, poisoning_rates(line.settings.preset));
        });
      });
}

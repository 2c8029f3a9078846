// How do ACC and ASR of the three learning rules compare on one network and one data set? LR_B has
// its own run of training; LR_C and LR_H begin with the same artificial network. (The paper's
// Fig. 9.)
#include "hybrid_presets.hpp"

using namespace subjects;

int main(int argc, char** argv) {
  return interop::run_program(
      argc, argv, "figure9_rules", "A backdoor in networks of each learning rule.",
      presets({learn::com1, learn::com4}), {model_option({"convnet", "cifar10_vgg11"})},
      [](const interop::CommandLine& line) {
        with_subject(line, [&]<class Subject>(std::type_identity<Subject>) {
          study<typename Subject::template Study<learn::Bptt<>>,
                typename Subject::template Study<LrH<Subject>>>(line,
                                                                {line.settings.poisoning_rate});
        });
      });
}

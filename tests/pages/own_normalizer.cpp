// Does a backdoor survive a normalizer of one's own better than a share of the largest activation?
// Both see 200 clean digits: one takes 3 times the root mean square, the other 0.7 of the largest.
#include <snnbd/snnbd.hpp>

using namespace snnbd;

struct RootMeanSquare {
  static constexpr std::string_view name = "root_mean_square";
  double factor = 2.0;

  template <class Set>
  std::vector<double> scales(const Set& calibration) const {
    std::vector<double> squares(Set::activations), counts(Set::activations);
    calibration.for_each_activation([&](int layer, const RealView<const float>& values) {
      const auto at = static_cast<std::size_t>(layer);
      for (Index i = 0; i < values.size(); ++i)
        squares[at] += double(values.data[i]) * double(values.data[i]);
      counts[at] += static_cast<double>(values.size());
    });
    for (std::size_t i = 0; i < squares.size(); ++i)
      squares[i] = factor * std::sqrt(squares[i] / counts[i]);
    return squares;
  }
};
static_assert(learn::Normalizer<RootMeanSquare>);

using Net =
    Network<data::Mnist::shape, layer::Dense<64>, layer::Spiking<neuron::If<neuron::SoftReset>>,
            layer::Dense<data::Mnist::classes>, layer::MeanOverTime>;
using Study = Experiment<poison::Poisoned<data::Mnist, poison::PixelPatch<>>, encode::Direct, Net,
                         learn::Conversion<RootMeanSquare, learn::ScaledMax>>;

int main() {
  Study study{.rule = {.normalizers = {{.factor = 3.0}, {.factor = 0.7}}}};
  study.rule.conversion = {
      .timesteps = 32, .calibration = learn::CalibrationSet::clean, .calibration_samples = 200};
  run({.samples = 500, .test_samples = 200, .epochs = 2, .batch_size = 16}, study,
      report::Console{}, report::Json{"results.json"});
}

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/random.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/network/probe.hpp>

namespace snnbd_tests {

/// Up to eight numbers as a sample, whose label is given. The network of `fake_probe` shows them as
/// what its neurons did.
struct Points {
  static constexpr snnbd::Shape shape{1, 1, 8};
  static constexpr int classes = 4;
  static constexpr std::string_view name = "points";
  static constexpr snnbd::data::Range range{-1000.0F, 1000.0F};

  std::vector<std::vector<float>> values;
  std::vector<int> labels;
  std::vector<bool> poisoned{};

  [[nodiscard]] std::size_t size() const { return values.size(); }
  [[nodiscard]] int label(std::size_t index) const { return labels.at(index); }
  [[nodiscard]] bool is_poisoned(std::size_t index) const {
    return !poisoned.empty() && poisoned.at(index);
  }
  void read(std::size_t index, std::span<float> to) const {
    std::fill(to.begin(), to.end(), 0.0F);
    std::copy(values.at(index).begin(), values.at(index).end(), to.begin());
  }
  void add(std::vector<float> point, int label) {
    values.push_back(std::move(point));
    labels.push_back(label);
  }
};

/// A network of one layer of neurons, of shape [1, positions, channels], which does at each of
/// `steps` steps what the sample's values say: value [step, unit], or if there are not as many, the
/// same at each step.
class FakeNetwork : public snnbd::network::detail::Probed {
 public:
  using Samples = std::span<const float>;
  using Ids = std::span<const std::uint64_t>;

  snnbd::Index steps = 1;
  std::size_t units = 8;
  snnbd::Index channels = 8;
  /// Fills the outputs of one sample.
  std::function<void(Samples sample, std::span<float> outputs)> give;
  /// The same with other constants of the neurons.
  std::function<void(const snnbd::network::NeuronFactors&, Samples, std::span<float>)> give_with;

  void run(Samples samples, Ids ids, std::span<const snnbd::Index> /*step_counts*/,
           std::span<float> outputs) override {
    passes.forward += ids.size();
    const std::size_t each = outputs.size() / ids.size();
    for (std::size_t i = 0; i < ids.size(); ++i)
      give(samples.subspan(i * 8, 8), outputs.subspan(i * each, each));
  }
  const std::vector<snnbd::network::ProbedLayer>& layers() override {
    layers_ = {{3,
                {1, static_cast<int>(static_cast<snnbd::Index>(units) / channels),
                 static_cast<int>(channels)},
                true}};
    return layers_;
  }
  snnbd::Index most_samples(int /*place*/) override { return 16; }
  void look(Samples samples, Ids ids, int /*place*/, snnbd::network::Quantity quantity,
            bool over_time, std::span<float> values) override {
    passes.forward += ids.size();
    const auto length = static_cast<std::size_t>(steps);
    for (std::size_t sample = 0; sample < ids.size(); ++sample) {
      for (std::size_t unit = 0; unit < units; ++unit) {
        float sum = 0.0F;
        for (std::size_t step = 0; step < length; ++step) {
          const std::size_t at = length * units <= 8 ? step * units + unit : unit;
          const float value = samples[sample * 8 + at];
          sum += value;
          if (over_time) values[(sample * length + step) * units + unit] = value;
        }
        const bool mean = quantity == snnbd::network::Quantity::spikes;
        if (!over_time)
          values[sample * units + unit] = mean ? sum / static_cast<float>(length) : sum;
      }
    }
  }
  void differentiate(Samples /*samples*/, std::size_t /*first*/,
                     const snnbd::network::OutputSlopes& /*slopes*/,
                     std::span<float> /*gradient*/) override {}
  void run_with(const snnbd::network::NeuronFactors& factors, Samples samples, Ids ids,
                std::span<float> outputs) override {
    passes.forward += ids.size();
    const std::size_t each = outputs.size() / ids.size();
    for (std::size_t i = 0; i < ids.size(); ++i)
      give_with(factors, samples.subspan(i * 8, 8), outputs.subspan(i * each, each));
  }

 private:
  std::vector<snnbd::network::ProbedLayer> layers_;
};

/// Opens it.
inline snnbd::NetworkProbe fake_probe(std::shared_ptr<FakeNetwork> inside, int classes = 4) {
  return {
      snnbd::NetworkView{Points::shape,
                         classes,
                         inside->steps,
                         16,
                         {},
                         [inside](FakeNetwork::Samples samples, FakeNetwork::Ids ids,
                                  std::span<const snnbd::Index> counts, std::span<float> outputs) {
                           inside->run(samples, ids, counts, outputs);
                         }},
      inside};
}

/// Gives the class whose number is the last value of a sample.
inline void give_last_value(FakeNetwork::Samples sample, std::span<float> outputs) {
  std::fill(outputs.begin(), outputs.end(), 0.0F);
  outputs[static_cast<std::size_t>(sample[7])] = 1.0F;
}

/// A network of seven units, each a channel, that gives the class whose number is the last value.
inline snnbd::NetworkProbe seven_units() {
  const auto inside = std::make_shared<FakeNetwork>();
  inside->units = 7;
  inside->channels = 7;
  inside->give = give_last_value;
  return fake_probe(inside);
}

/// Normal values, the last of which is the label.
inline Points normal_points(std::size_t count, std::uint64_t seed, int classes = 4) {
  Points points;
  snnbd::random::Stream random{seed, snnbd::random::Purpose::synthetic};
  for (std::size_t i = 0; i < count; ++i) {
    const int label = static_cast<int>(i) % classes;
    std::vector<float> point(8);
    for (float& value : point) value = static_cast<float>(random.normal());
    point[7] = static_cast<float>(label);
    points.add(std::move(point), label);
  }
  return points;
}

}  // namespace snnbd_tests

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/in_memory.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/format/npy.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/conversion/conversion.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/stage/stage.hpp>

#include "../data/idx_files.hpp"
#include "../experiment/toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

/// A set of one's own in memory, made the way the pages tell.
struct Mine : data::InMemory<Shape{8, 8, 1}, 3> {
  static constexpr std::string_view name = "mine";
  static inline std::function<InMemory(data::Part)> load;
  Mine(data::Part part, const std::string& /*directory*/) : InMemory{load(part)} {}
};

Mine::InMemory blobs(data::Part part, float ink) {
  const Toy toy{part, ""};
  std::vector<float> images(toy.size() * 64);
  std::vector<int> labels;
  for (std::size_t i = 0; i < toy.size(); ++i) {
    toy.read(i, std::span{images}.subspan(64 * i, 64));
    labels.push_back(toy.label(i));
  }
  images[0] = ink;
  return {std::move(images), labels, "blobs"};
}

using Net =
    Network<Mine::shape, layer::Conv<5, 3>, layer::Spiking<neuron::Lif<>>, layer::AvgPool<2>,
            layer::Dense<70>, layer::Spiking<neuron::If<>>, layer::Dense<3>, layer::MeanOverTime>;

/// What the stage should have found, by other ways.
struct Expected {
  static constexpr std::string_view name = "expected";
  struct Found {
    std::vector<std::vector<float>> clean;
    std::vector<std::vector<float>> triggered;
    std::vector<double> rates;
  };
  static std::vector<Found>& found() {
    static std::vector<Found> list;
    return list;
  }

  template <class Model>
  void inspect(const Model& model, const stage::Context& context) const {
    const Index steps = model.step_counts.back();
    const NetworkView view = view_of(model.net, model.encoding, steps);
    const data::DatasetView set = context.tests.clean();
    Found& one = found().emplace_back();
    one.clean = view.outputs_after(set, model.step_counts);
    one.triggered = view.outputs_after(context.tests.triggered(), model.step_counts);
    // Unit by unit, all samples at once.
    std::vector<float> images(set.size() * 64);
    std::vector<std::uint64_t> ids(set.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      set.read(i, std::span{images}.subspan(64 * i, 64));
      ids[i] = i;
    }
    WindowedRun<Net, encode::Poisson> run{model.net, model.encoding, steps,
                                          static_cast<Index>(ids.size()), steps};
    std::vector<float> outputs(ids.size() * 3);
    run(images, ids, std::span{&steps, 1}, outputs, [&](const auto& pass, Index /*first*/) {
      pass.for_each_firing([&](const SpikeView<const Word>& spikes) {
        double count = 0.0;
        double chances = 0.0;
        const int words = spikes.pixel_words();
        for (Index pixel = 0; pixel < spikes.extent.frames() * spikes.shape.pixels(); ++pixel)
          for (int channel = 0; channel < spikes.shape.channels; ++channel, ++chances)
            if ((spikes.words[pixel * words + channel / 64] >> (channel % 64) & 1U) != 0) ++count;
        one.rates.push_back(count / chances);
      });
    });
  }
};

using Dirty = poison::Poisoned<Mine, poison::PixelPatch<>, poison::AllToOne>;
using Study = Experiment<Dirty, encode::Poisson, Net, learn::Bptt<>, stage::SaveOutputs, Expected>;

std::string text(const report::Cell& cell, const char* name) {
  const report::Value* value = cell.extra.find(name);
  return value == nullptr ? "" : std::get<std::string>(*value);
}

}  // namespace

TEST_CASE("Outputs of the models of an experiment on a set in memory are saved for Python",
          "[stage]") {
  const TemporaryFolder folder;
  Settings settings = toy_settings();
  settings.epochs = 2;
  settings.timesteps = 6;
  settings.also_after = {2};
  settings.out = folder.path("out");
  Study study;
  study.stage<stage::SaveOutputs>().rates = true;
  Mine::load = [](data::Part part) { return blobs(part, 0.0F); };
  Expected::found().clear();
  const auto report = run(settings, study);
  REQUIRE(report.cells.size() == 4);
  REQUIRE(Expected::found().size() == 2);
  CHECK(report.manifest.data.at(0).name == "mine train");
  CHECK(report.manifest.data.at(0).source == "blobs");
  CHECK_FALSE(report.manifest.data.at(0).checksum.empty());
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& expected = Expected::found()[i];
    const std::string file = text(report.cells[2 * i], "outputs");
    CHECK(file == text(report.cells[2 * i + 1], "outputs"));
    CHECK(file.starts_with("outputs/lr_b-lif"));
    CHECK(file.ends_with(text(report.cells[2 * i], "key") + ".npz"));
    const auto arrays = npy::read_npz(settings.out + '/' + file);
    const auto values = [&](const std::string& name) {
      const npy::Array* array = npy::find(arrays, name);
      REQUIRE(array != nullptr);
      return *array;
    };
    const auto whole = [&](const std::string& name) {
      return npy::whole_numbers(values(name), name);
    };
    CHECK(values("clean_logits").shape == std::vector<std::int64_t>{90, 3});
    CHECK(npy::values_of<float>(values("clean_logits"), "") == expected.clean[1]);
    CHECK(npy::values_of<float>(values("clean_logits_after_2"), "") == expected.clean[0]);
    CHECK(npy::values_of<float>(values("triggered_logits"), "") == expected.triggered[1]);
    CHECK(npy::values_of<float>(values("triggered_logits_after_2"), "") == expected.triggered[0]);
    const auto logits = expected.triggered[1];
    const auto predictions = whole("triggered_predictions");
    REQUIRE(predictions.size() == 90);
    for (std::size_t sample = 0; sample < 90; ++sample) {
      const auto row = std::span{logits}.subspan(3 * sample, 3);
      CHECK(predictions[sample] == std::ranges::max_element(row) - row.begin());
    }
    CHECK(whole("clean_predictions_after_2").size() == 90);
    const auto clean = blobs(data::Part::test, 0.0F);
    const auto labels = whole("clean_labels");
    const auto originals = whole("triggered_original_labels");
    for (std::size_t sample = 0; sample < 90; ++sample) {
      CHECK(labels[sample] == clean.label(sample));
      CHECK(originals[sample] == clean.label(sample));
    }
    CHECK(whole("triggered_labels") == std::vector<std::int64_t>(90, 1));
    CHECK(whole("clean_original_labels") == labels);
    CHECK(npy::values_of<std::uint8_t>(values("clean_poisoned"), "") ==
          std::vector<std::uint8_t>(90, 0));
    CHECK(npy::values_of<std::uint8_t>(values("triggered_poisoned"), "") ==
          std::vector<std::uint8_t>(90, 1));
    REQUIRE(expected.rates.size() == 2);
    CHECK(expected.rates[0] > 0.0);
    const auto rates = npy::values_of<double>(values("clean_rates"), "");
    REQUIRE(rates.size() == 2);
    CHECK(rates[0] == Approx(expected.rates[0]).epsilon(1e-12));
    CHECK(rates[1] == Approx(expected.rates[1]).epsilon(1e-12));
    CHECK(npy::values_of<double>(values("triggered_rates"), "").size() == 2);
  }
  // What a set in memory holds is part of the key of a result.
  const std::string key = text(report.cells[0], "key");
  settings.out.clear();
  study.stage<stage::SaveOutputs>() = {.logits = false, .rates = true};
  Mine::load = [](data::Part part) { return blobs(part, 1.0F); };
  const auto other = run(settings, study);
  CHECK(text(other.cells[0], "key") != key);
  CHECK(text(other.cells[0], "outputs").empty());
}

TEST_CASE("Outputs of artificial and of converted networks are saved in a file each", "[stage]") {
  using Small = Network<Toy::shape, layer::Dense<6>, layer::Spiking<neuron::If<>>, layer::Dense<3>,
                        layer::MeanOverTime>;
  using Converting = Experiment<snnbd_tests::Dirty, encode::Poisson, Small,
                                learn::Conversion<learn::MaxNorm>, stage::SaveOutputs>;
  const TemporaryFolder folder;
  Settings settings = toy_settings();
  settings.epochs = 1;
  settings.clean_control = false;
  settings.out = folder.path("out");
  Converting study;
  study.stage<stage::SaveOutputs>() = {.logits = false, .rates = true};
  const auto report = run(settings, study);
  REQUIRE(report.cells.size() == 2);
  const std::string artificial = text(report.cells[0], "outputs");
  const std::string converted = text(report.cells[1], "outputs");
  CHECK(artificial.starts_with("outputs/ann-"));
  CHECK(converted.starts_with("outputs/max_norm-"));
  const auto of_artificial = npy::read_npz(settings.out + '/' + artificial);
  const auto of_converted = npy::read_npz(settings.out + '/' + converted);
  CHECK(npy::find(of_artificial, "clean_logits") == nullptr);
  // Nothing fires in an artificial network.
  CHECK(npy::find(of_artificial, "clean_rates")->shape == std::vector<std::int64_t>{0});
  CHECK(npy::find(of_converted, "clean_rates")->shape == std::vector<std::int64_t>{1});
}

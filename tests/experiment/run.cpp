#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/cifar10.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/standardized.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/poison/pixel_patch.hpp>

#include "../data/cifar_files.hpp"
#include "toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

template <class Activation>
using Net = Network<Toy::shape, layer::Conv<8, 3>, Activation, layer::MaxPool<2>,
                    layer::Dense<Toy::classes>, layer::MeanOverTime>;
using Spiking = Experiment<Dirty, encode::Direct, Net<layer::Spiking<neuron::If<>>>, learn::Bptt<>>;
using Artificial = Experiment<Dirty, encode::Direct, Net<layer::Relu>, learn::Bptt<>>;

/// Keeps how many cells each report had.
struct Counter {
  std::vector<std::size_t> cells;
  void write(const report::Report& report) { cells.push_back(report.cells.size()); }
};
struct PatientCounter : Counter {
  static constexpr bool only_complete = true;
};

/// A folder that is gone when the test ends.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("snnbd-run-" + std::to_string(::getpid()));
  Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("An experiment plants a backdoor that its clean control does not have", "[experiment]") {
  const report::Report report = run<Spiking, Artificial>(toy_settings());
  REQUIRE(report.cells.size() == 4);
  for (std::size_t study : {0U, 2U}) {
    const report::Cell& clean = report.cells[study];
    const report::Cell& backdoored = report.cells[study + 1];
    INFO(clean.rule);
    CHECK(clean.poisoning_rate == 0.0);
    CHECK(backdoored.poisoning_rate == 0.2);
    CHECK(percent(clean.acc) > 90.0);
    CHECK(percent(backdoored.acc) > 85.0);
    CHECK(percent(clean.asr_excluding_target) < 20.0);
    CHECK(percent(backdoored.asr_excluding_target) > 85.0);
    CHECK(percent(backdoored.asr_clean_model) == percent(clean.asr));
    CHECK(backdoored.seconds > 0.0);
  }
  CHECK(report.cells[0].rule == "LR_B");
  CHECK(report.cells[0].neuron == "if");
  CHECK(report.cells[0].model == "8C3-P2-3");
  CHECK(report.cells[2].rule == "ANN");
  CHECK(report.cells[2].neuron == "relu");
  CHECK(report.manifest.data.size() == 2);
  CHECK(std::get<std::uint64_t>(*report.ledger.find("poisoned")) == 48);
}

TEST_CASE("Sinks get the report after each model, or once if they want it complete",
          "[experiment]") {
  Settings settings = toy_settings();
  settings.epochs = 1;
  Counter eager;
  PatientCounter patient;
  run<Spiking, Artificial>(settings, eager, patient);
  CHECK(eager.cells == std::vector<std::size_t>{1, 2, 3, 4});
  CHECK(patient.cells == std::vector<std::size_t>{4});
}

TEST_CASE("Without a clean control, or without poison, one model is trained", "[experiment]") {
  Settings settings = toy_settings();
  settings.epochs = 1;
  settings.clean_control = false;
  const auto backdoored = run<Spiking>(settings);
  REQUIRE(backdoored.cells.size() == 1);
  CHECK(backdoored.cells[0].poisoning_rate == 0.2);
  CHECK_FALSE(backdoored.cells[0].asr_clean_model.has_value());

  settings.clean_control = true;
  settings.poisoning_rate = 0.0;
  const auto clean = run<Spiking>(settings);
  REQUIRE(clean.cells.size() == 1);
  CHECK(clean.cells[0].poisoning_rate == 0.0);
}

TEST_CASE("The number of samples limits training and testing", "[experiment]") {
  Settings settings = toy_settings();
  settings.epochs = 1;
  settings.samples = 60;
  settings.test_samples = 30;
  const auto report = run<Spiking>(settings);
  CHECK(report.cells[0].acc.value().total == 30);
  CHECK(std::get<std::uint64_t>(*report.ledger.find("samples")) == 60);
}

TEST_CASE("A run that finds its checkpoints gives the same figures without training again",
          "[experiment]") {
  const Folder folder;
  Settings settings = toy_settings();
  settings.epochs = 2;
  settings.checkpoints = true;
  settings.out = folder.path.string();
  const auto first = run<Spiking>(settings);
  const auto again = run<Spiking>(settings);
  REQUIRE(again.cells.size() == first.cells.size());
  for (std::size_t i = 0; i < first.cells.size(); ++i) {
    CHECK(again.cells[i].acc.value().hits == first.cells[i].acc.value().hits);
    CHECK(again.cells[i].asr.value().hits == first.cells[i].asr.value().hits);
    CHECK(again.cells[i].seconds == first.cells[i].seconds);
  }
  settings.seed = 2;
  CHECK_THROWS_WITH(run<Spiking>(settings), Catch::Contains("settings.seed: expected 2, found 1"));
  settings.overwrite = true;
  const auto other = run<Spiking>(settings);
  CHECK(other.cells[1].seconds != first.cells[1].seconds);
}

TEST_CASE("A checkpoint of other augmentation or encoding is not gone on from", "[experiment]") {
  using Augmented =
      Experiment<Dirty, encode::Direct, Net<layer::Relu>,
                 learn::Bptt<learn::CrossEntropy, learn::Adam, learn::Cosine, data::CropAndFlip>>;
  const Folder folder;
  Settings settings = toy_settings();
  settings.epochs = 1;
  settings.checkpoints = true;
  settings.out = folder.path.string();
  const auto plain = run<Artificial>(settings);
  CHECK(std::get<std::string>(*plain.cells[0].extra.find("augmentation")) == "none");
  CHECK_THROWS_WITH(run<Augmented>(settings), Catch::Contains("rule.augment: expected"));
  settings.overwrite = true;
  const auto augmented = run<Augmented>(settings);
  CHECK(std::get<std::string>(*augmented.cells[0].extra.find("augmentation")) ==
        "crop 4, flip 0.5");
}

TEST_CASE("CIFAR-10 goes through an experiment as any other set", "[experiment]") {
  using Set = data::Cifar10;
  using Study = Experiment<poison::Poisoned<Set, poison::PixelPatch<>>, encode::Standardized<Set>,
                           Network<Set::shape, layer::Dense<Set::classes>, layer::MeanOverTime>,
                           learn::Bptt<>>;
  const snnbd_tests::TemporaryFolder folder;
  const snnbd_tests::Bytes labels{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (const char* name : {"data_batch_1.bin", "data_batch_4.bin", "test_batch.bin"})
    folder.write(name, snnbd_tests::cifar_bytes(labels));
  Settings settings = toy_settings();
  settings.epochs = 1;
  CHECK_THROWS_WITH(run<Study>(settings), Catch::Contains("--data"));
  settings.data = folder.path();
  const auto report = run<Study>(settings);
  REQUIRE(report.cells.size() == 2);
  CHECK(report.cells[1].dataset == "cifar10");
  CHECK(report.cells[1].acc.value().total == 10);
  CHECK(std::get<std::string>(*report.cells[1].extra.find("encoding")) == "standardized");
  CHECK(std::get<std::uint64_t>(*report.ledger.find("poisoned")) == 4);
  REQUIRE(report.manifest.data.size() == 2);
  CHECK(report.manifest.data[0].name == "cifar10 train");
  CHECK(report.manifest.data[0].source == folder.path("data_batch_{1,4}.bin"));
  CHECK(report.manifest.data[1].source == folder.path("test_batch.bin"));
  char checksum[32];
  std::snprintf(checksum, sizeof(checksum), "crc32:%08x",
                static_cast<unsigned>(Set{data::Part::test, settings.data}.checksum()));
  CHECK(report.manifest.data[1].checksum == checksum);
}

TEST_CASE("Settings out of range are refused by name", "[experiment]") {
  const auto refused = [](const auto& spoil, const std::string& name) {
    Settings settings = toy_settings();
    spoil(settings);
    CHECK_THROWS_WITH(settings.check(), Catch::Contains(name));
    CHECK_THROWS_AS(run<Spiking>(settings), Error);
  };
  refused([](Settings& s) { s.poisoning_rate = 1.5; }, "poisoning rate");
  refused([](Settings& s) { s.poisoning_rate = std::nan(""); }, "poisoning rate");
  refused([](Settings& s) { s.epochs = -1; }, "epochs");
  refused([](Settings& s) { s.batch_size = 0; }, "batch size");
  refused([](Settings& s) { s.timesteps = 0; }, "timesteps");
  refused([](Settings& s) { s.threads = -1; }, "threads");
  refused([](Settings& s) { s.learning_rate = -1.0; }, "learning rate");
  refused([](Settings& s) { s.threshold = 0.0F; }, "threshold");
  refused([](Settings& s) { s.tau = 1.0F; }, "tau");
  refused([](Settings& s) { s.trigger_size = -1; }, "trigger size");
}

TEST_CASE("Neuron settings reach the neurons", "[experiment]") {
  Settings settings = toy_settings();
  settings.epochs = 1;
  settings.clean_control = false;
  const auto usual = run<Spiking>(settings);
  settings.threshold = 1e6F;
  const auto silent = run<Spiking>(settings);
  // Neurons that never fire leave the outputs at zero, and the first class wins every tie.
  CHECK(silent.cells[0].acc.value().hits == 30);
  CHECK(usual.cells[0].acc.value().hits != 30);
}

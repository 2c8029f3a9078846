#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <snnbd/data/cifar10.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/report/json.hpp>

#include "../data/cifar_files.hpp"
#include "toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;
namespace fs = std::filesystem;

namespace {

template <class Surrogate>
using Net =
    Network<Toy::shape, layer::Dense<8>, layer::Spiking<neuron::Lif<neuron::SoftReset, Surrogate>>,
            layer::Dense<Toy::classes>, layer::MeanOverTime>;
template <class Ink, Corner corner, class Relabel = poison::AllToOne, class Rule = learn::Bptt<>,
          class Surrogate = neuron::Sigmoid>
using Of = Experiment<poison::Poisoned<Toy, poison::PixelPatch<Ink, corner>, Relabel>,
                      encode::Poisson, Net<Surrogate>, Rule>;
using Study = Of<poison::White, Corner::bottom_right>;

Settings in_folder(const std::string& path) {
  Settings settings = toy_settings();
  settings.epochs = 1;
  settings.clean_control = false;
  settings.checkpoints = true;
  settings.overwrite = true;
  settings.out = path;
  return settings;
}

/// Somebody asks for an end in the midst of the second epoch.
struct StopAfterAnEpoch : learn::Bptt<> {
  static inline bool stops = true;

  template <class Model, class Encoding>
  learn::TrainRecord fit(Model& net, const Encoding& encoding, data::DatasetView set,
                         const learn::TrainSettings& settings, const learn::Objective& objective,
                         const learn::Observer& observer) const {
    const auto watch = [&](const learn::TrainProgress& now) {
      if (observer) observer(now);
      if (stops && now.epoch == 1) learn::interrupt_requested().store(true);
    };
    const auto record = learn::Bptt<>::fit(net, encoding, set, settings, objective, watch);
    learn::interrupt_requested().store(false);
    return record;
  }
};

std::size_t files_in(const std::string& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator{path}, fs::directory_iterator{}));
}

std::string content(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEST_CASE("Runs that differ in anything have checkpoints of their own", "[experiment]") {
  const TemporaryFolder folder;
  const Settings settings = in_folder(folder.path());
  std::size_t known = 0;
  std::vector<std::string> keys;
  const auto runs_anew = [&](const std::string& name, const auto& study, const Settings& how) {
    INFO(name);
    Settings alone = how;
    alone.checkpoints = false;
    alone.out.clear();
    const auto fresh = run(alone, study);
    const auto kept = run(how, study);
    REQUIRE(kept.cells.size() == 1);
    CHECK(kept.cells[0].acc == fresh.cells[0].acc);
    CHECK(kept.cells[0].asr == fresh.cells[0].asr);
    CHECK(kept.cells[0].extra.find("training_loss") != nullptr);
    CHECK(std::get<double>(*kept.cells[0].extra.find("training_loss")) ==
          std::get<double>(*fresh.cells[0].extra.find("training_loss")));
    CHECK(files_in(folder.path("checkpoints")) == ++known);
    keys.push_back(std::get<std::string>(*kept.cells[0].extra.find("key")));
  };
  runs_anew("as it is", Study{}, settings);
  runs_anew("ink", Of<poison::Random, Corner::bottom_right>{}, settings);
  runs_anew("corner", Of<poison::White, Corner::top_left>{}, settings);
  runs_anew("relabelling", Of<poison::White, Corner::bottom_right, poison::AllToAll>{}, settings);
  runs_anew("loss",
            Of<poison::White, Corner::bottom_right, poison::AllToOne, learn::Bptt<learn::Tet>>{},
            settings);
  runs_anew("schedule",
            Of<poison::White, Corner::bottom_right, poison::AllToOne,
               learn::Bptt<learn::CrossEntropy, learn::Adam, learn::Constant>>{},
            settings);
  runs_anew(
      "surrogate",
      Of<poison::White, Corner::bottom_right, poison::AllToOne, learn::Bptt<>, neuron::Triangle>{},
      settings);
  runs_anew("constant of the optimizer", Study{.rule = {.optimizer = {.beta1 = 0.8}}}, settings);
  runs_anew("scale of the encoder", Study{.encoding = {.scale = 0.5F}}, settings);
  Settings changed = settings;
  changed.seed = 2;
  runs_anew("seed", Study{}, changed);
  changed = settings;
  changed.timesteps = 3;
  runs_anew("steps", Study{}, changed);
  changed = settings;
  changed.objective = learn::Objective::balanced(0.3, 0.7);
  runs_anew("objective", Study{}, changed);
  changed = settings;
  changed.epochs = 2;
  runs_anew("epochs", Study{}, changed);
  std::sort(keys.begin(), keys.end());
  CHECK(std::unique(keys.begin(), keys.end()) == keys.end());
}

TEST_CASE("Other data at the same place are another run", "[experiment]") {
  using Set = data::Cifar10;
  using OnFiles = Experiment<poison::Poisoned<Set, poison::PixelPatch<>>, encode::Direct,
                             Network<Set::shape, layer::Dense<Set::classes>, layer::MeanOverTime>,
                             learn::Bptt<>>;
  const TemporaryFolder folder;
  Settings settings = in_folder(folder.path("out"));
  settings.data = folder.path();
  folder.write("test_batch.bin", cifar_bytes({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  folder.write("data_batch_1.bin", cifar_bytes({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  run<OnFiles>(settings);
  run<OnFiles>(settings);
  CHECK(files_in(folder.path("out/checkpoints")) == 1);
  folder.write("data_batch_1.bin", cifar_bytes({9, 1, 2, 3, 4, 5, 6, 7, 8, 0}));
  run<OnFiles>(settings);
  CHECK(files_in(folder.path("out/checkpoints")) == 2);
  settings.overwrite = false;
  folder.write("test_batch.bin", cifar_bytes({0, 1, 2, 3, 4, 5, 6, 7, 9, 8}));
  CHECK_THROWS_WITH(run<OnFiles>(settings), Catch::Contains("test_set: expected crc32:"));
}

TEST_CASE("An interrupted run says where it stands, and goes on from there", "[experiment]") {
  const TemporaryFolder folder;
  Settings settings = in_folder(folder.path());
  settings.epochs = 3;
  const auto uninterrupted = run<Study>({.epochs = 3,
                                         .batch_size = settings.batch_size,
                                         .learning_rate = settings.learning_rate,
                                         .poisoning_rate = settings.poisoning_rate,
                                         .trigger_size = settings.trigger_size,
                                         .clean_control = false,
                                         .progress = settings.progress});
  using Stopped = Of<poison::White, Corner::bottom_right, poison::AllToOne, StopAfterAnEpoch>;
  CHECK_THROWS_WITH(run<Stopped>(settings),
                    Catch::Contains("interrupted: LR_B of 8-3, poisoning rate 0.2, 1 of 3 epochs "
                                    "finished; what is finished is kept in '"));
  settings.checkpoints = false;
  CHECK_THROWS_WITH(run<Stopped>(settings), Catch::Contains("--checkpoints"));
  CHECK_THROWS_AS(run<Stopped>(settings), learn::Interrupted);
  settings.checkpoints = true;
  StopAfterAnEpoch::stops = false;
  const auto gone_on = run<Stopped>(settings);
  StopAfterAnEpoch::stops = true;
  CHECK(gone_on.cells[0].acc == uninterrupted.cells[0].acc);
  CHECK(gone_on.cells[0].asr == uninterrupted.cells[0].asr);
}

TEST_CASE("A file of another run under the name of one's own is refused by what differs",
          "[experiment]") {
  const TemporaryFolder folder;
  Settings settings = in_folder(folder.path());
  run<Study>(settings);
  const fs::path first = fs::directory_iterator {
    folder.path("checkpoints")
    } -> path();
  const fs::path aside = folder.path("aside");
  fs::rename(first, aside);
  settings.seed = 2;
  run<Study>(settings);
  const fs::path second = fs::directory_iterator {
    folder.path("checkpoints")
    } -> path();
  fs::copy_file(aside, second, fs::copy_options::overwrite_existing);
  CHECK_THROWS_WITH(run<Study>(settings), Catch::Contains(second.filename().string()) &&
                                              Catch::Contains("seed: expected 2, found 1"));
}

TEST_CASE("Two runs do not meet in one folder unless asked to", "[experiment]") {
  const TemporaryFolder folder;
  Settings settings = in_folder(folder.path());
  settings.overwrite = false;
  const std::string results = folder.path("results.json");
  report::Json json{results};
  const auto first = run<Study>(settings, json);
  const std::string before = content(results);
  Settings other = settings;
  other.poisoning_rate = 0.3;
  CHECK_THROWS_WITH(run<Study>(other, json),
                    Catch::Contains("--overwrite") &&
                        Catch::Contains("poisoning_rates.0: expected 0.3, found 0.2"));
  CHECK_THROWS_WITH(run(settings, Study{.encoding = {.scale = 0.5F}}, json),
                    Catch::Contains("encoding.scale: expected 0.5, found 1"));
  CHECK(content(results) == before);
  // The same run again is welcome, and gives the same figures.
  const auto again = run<Study>(settings, json);
  CHECK(again.cells[0].acc == first.cells[0].acc);
  CHECK(again.cells[0].seconds == first.cells[0].seconds);
  other.overwrite = true;
  run<Study>(other, json);
  CHECK(content(results) != before);
}

TEST_CASE("Results without a key are not replaced unasked", "[experiment]") {
  const TemporaryFolder folder;
  folder.write("results.json", {'{', '}'});
  Settings settings = in_folder(folder.path());
  settings.overwrite = false;
  CHECK_THROWS_WITH(run<Study>(settings), Catch::Contains("results.json"));
  CHECK(content(folder.path("results.json")) == "{}");
}

TEST_CASE("A folder that cannot be written is refused before anything is trained", "[experiment]") {
  if (::geteuid() == 0) {
    // Root may write anywhere; where there is no room for a name, nobody can.
    CHECK_THROWS_WITH(experiment::take_folder("/proc/nothing", Key{}, false),
                      Catch::Contains("folder for results '/proc/nothing'"));
    CHECK_THROWS_WITH(experiment::take_folder("/proc/self", Key{}, false),
                      Catch::Contains("folder for results '/proc/self'"));
    return;
  }
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  CHECK_THROWS_WITH(experiment::take_folder(folder.path(), Key{}, false),
                    Catch::Contains("folder for results '" + folder.path() + "'"));
  fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST_CASE("Nothing to train is an error", "[experiment]") {
  Settings settings = toy_settings();
  settings.poisoning_rate = 0.0;
  settings.clean_control = false;
  CHECK_THROWS_WITH(run<Study>(settings), Catch::Contains("poisoning rate"));
}

TEST_CASE("Each cell tells the rate that was asked for and what came of it", "[experiment]") {
  using Clean = Of<poison::White, Corner::bottom_right, poison::CleanLabel>;
  Settings settings = toy_settings();
  settings.epochs = 1;
  settings.poisoning_rate = 0.9;
  const auto report = run<Clean>(settings);
  REQUIRE(report.cells.size() == 2);
  const auto achieved = [&](std::size_t cell) {
    return std::get<double>(*report.cells[cell].extra.find("poisoning_rate_achieved"));
  };
  CHECK(achieved(0) == 0.0);
  CHECK(report.cells[1].poisoning_rate == 0.9);
  CHECK(achieved(1) == Approx(1.0 / 3.0).margin(0.05));
  CHECK(std::get<std::string>(*report.cells[1].extra.find("warning"))
            .find("poisoning rate 0.9 was asked for") != std::string::npos);
}

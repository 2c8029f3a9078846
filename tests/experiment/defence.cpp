#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/file.hpp>
#include <snnbd/detect/strip.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/experiment/material.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/model/convnet.hpp>
#include <snnbd/repair/fine_tune.hpp>
#include <snnbd/stage/spike_activity.hpp>

#include "../data/idx_files.hpp"
#include "toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

using Net = Network<Toy::shape, layer::Conv<8, 3>, layer::Spiking<neuron::Lif<>>, layer::MaxPool<2>,
                    layer::Dense<3>, layer::MeanOverTime>;
using Study = Experiment<Dirty, encode::Direct, Net, learn::Bptt<>, stage::AccAsr,
                         stage::SpikeActivity, detect::Strip, repair::FineTune<>>;

double number(const report::Cell& cell, const std::string& name) {
  const report::Value* value = cell.extra.find(name);
  REQUIRE(value != nullptr);
  if (const auto* count = std::get_if<std::uint64_t>(value)) return static_cast<double>(*count);
  return std::get<double>(*value);
}

}  // namespace

TEST_CASE("detectors and repairs are stages of an experiment", "[experiment]") {
  const TemporaryFolder folder;
  Settings settings = toy_settings();
  settings.out = folder.path();
  Study study;
  study.stage<detect::Strip>().overlays = 8;
  study.stage<repair::FineTune<>>().epochs = 2;
  const auto report = run(settings, study);
  // Clean and backdoored, each as it is and repaired.
  REQUIRE(report.cells.size() == 4);
  const auto& clean = report.cells[0];
  const auto& backdoored = report.cells[2];
  const auto& repaired = report.cells[3];
  CHECK(percent(backdoored.asr) > 80.0);
  CHECK(number(backdoored, "held_out_samples") == 12);
  CHECK(number(backdoored, "strip_auroc") > number(clean, "strip_auroc"));
  CHECK(number(clean, "strip_fpr") >= 0.0);
  CHECK(number(backdoored, "strip_backward_passes") == 0);
  // 6 held out, 90 clean, 60 triggered samples of other classes, 8 overlays each; the temperature
  // is that of the other 6.
  CHECK(number(backdoored, "strip_forward_passes") == 8 * (6 + 90 + 60) + 6);
  CHECK(std::get<std::string>(*repaired.extra.find("repair")) == "fine_tune");
  CHECK(number(repaired, "repair_seconds") > 0.0);
  const double fall =
      percent(backdoored.asr_excluding_target) - percent(repaired.asr_excluding_target);
  const double cost = percent(backdoored.acc) - percent(repaired.acc);
  CHECK(number(repaired, "der") ==
        Approx((std::max(0.0, fall / 100.0) - std::max(0.0, cost / 100.0) + 1.0) / 2.0));
  CHECK(number(repaired, "asr_before") == Approx(percent(backdoored.asr)));
  CHECK_FALSE(repaired.mr.has_value());
  CHECK(backdoored.extra.find("der") == nullptr);
  CHECK(repaired.extra.find("strip_auroc") != nullptr);
  const std::string path = folder.path() + "/repairs/lr_b-lif-backdoored-0.2-fine_tune";
  const std::vector<std::byte> bytes = read_file(path + ".csv", 4096);
  const std::string text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  CHECK(text.starts_with("strength,acc,asr,ra\n0,"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);
  CHECK(number(backdoored, "activity_separation") > 0.05);
  CHECK(number(backdoored, "activity_rate") > 0.0);
  CHECK(clean.extra.find("activity_separation") == nullptr);
  for (const char* const picture : {"activity_picture", "strip_roc_picture"}) {
    std::string file = folder.path() + '/' + std::get<std::string>(*backdoored.extra.find(picture));
    file.replace(file.rfind('.'), std::string::npos, ".gp");
    CHECK(read_file(file, 1U << 22U).size() > 100);
  }
  Net loaded;
  network::load(path + ".safetensors", loaded);
}

TEST_CASE("a repair of strength zero changes nothing", "[experiment]") {
  Net net;
  network::initialize(net, 3);
  const Toy set{data::Part::train, {}};
  const encode::Direct encoding;
  const defend::Subject<Net, encode::Direct, learn::NoOrigin> subject{net, encoding, 4};
  const auto same =
      repair::FineTune<>{.epochs = 0}.repair(subject, {.clean = set}, defend::IgnorePath{});
  CHECK(std::ranges::equal(same.parameters(), net.parameters()));
}

TEST_CASE("what is held out is neither trained on nor taken where others are left",
          "[experiment]") {
  const Toy set{data::Part::train, {}};
  const auto check = [&](std::size_t samples, std::size_t trained, std::size_t held) {
    const auto places = experiment::training_places(set, samples, 0.1, 1);
    CHECK(places.training.size() == trained);
    CHECK(places.held_out.size() == held);
    std::set<std::size_t> all{places.training.begin(), places.training.end()};
    all.insert(places.held_out.begin(), places.held_out.end());
    CHECK(all.size() == trained + held);
    return places;
  };
  // 240 samples: others are left over.
  const auto some = check(100, 100, 10);
  CHECK(some.training == data::detail::choose_samples(set, 100, 1, true));
  check(0, 216, 24);
  check(230, 217, 23);
  CHECK_THROWS_WITH(experiment::training_places(set, 241, 0.1, 1),
                    "number of samples: expected at most 240, found 241");
}

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/encode/poisson.hpp>
#include <snnbd/experiment/keys.hpp>
#include <snnbd/experiment/overrides.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/conversion/bias_calibrated.hpp>
#include <snnbd/learn/conversion/mmse_norm.hpp>
#include <snnbd/learn/hybrid/hybrid.hpp>
#include <snnbd/stage/stage.hpp>

#include "toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

struct Cross {
  static constexpr std::string_view name = "cross";
  int arm = 2;
  std::vector<float> shades{0.5F};

  void stamp(std::span<float> image, Shape /*shape*/, std::size_t /*sample*/) const {
    image[0] = shades.front();
  }
};

using Net =
    Network<Toy::shape, layer::Conv<8, 3>,
            layer::BatchNorm<layer::BatchNormOptions{.threshold_dependent = true}>,
            layer::Spiking<neuron::Lif<neuron::HardReset, neuron::Triangle>>, layer::Dropout,
            layer::AvgPool<2>, layer::Dense<Toy::classes>, layer::MeanOverTime>;
using Training = learn::Bptt<learn::Tet, learn::Sgd, learn::Step, data::CropAndFlip>;
using Rule = learn::HybridBy<Training, learn::Stdb<>,
                             learn::BiasCalibrated<learn::HalfStart<learn::RobustNorm>>,
                             learn::ScaledMax, learn::MmseNorm>;
using Study = Experiment<poison::Poisoned<Toy, Cross, poison::AllToOne>, encode::Poisson, Net, Rule,
                         stage::AccAsr, stage::ConversionReports>;

/// Calls `test(name)` with each plain value in a part set to another one, and then set back.
template <class Part, class Test>
void change_each(const std::string& name, Part& part, const Test& test) {
  using snnbd::detail::is_optional;
  using snnbd::detail::is_vector;
  if constexpr (PlainValue<Part>) {
    const Part usual = part;
    if constexpr (std::is_same_v<Part, bool>)
      part = !part;
    else if constexpr (std::is_enum_v<Part>)
      part = static_cast<Part>(static_cast<std::underlying_type_t<Part>>(part) + 1);
    else
      part = static_cast<Part>(part + 1);
    test(name);
    part = usual;
  } else if constexpr (std::is_same_v<Part, std::string>) {
    part += "x";
    test(name);
    part.pop_back();
  } else if constexpr (is_optional<Part>) {
    const Part usual = part;
    part = typename Part::value_type{};
    test(name);
    part = usual;
  } else if constexpr (is_vector<Part>) {
    part.emplace_back();
    test(name + ".size");
    part.pop_back();
    for (auto& element : part) change_each(name + "[]", element, test);
  } else if constexpr (requires {
                         part.layers();
                         part.parameters();
                       }) {
    change_each(name, part.layers(), test);
    part.parameters()[0] += 1.0F;
    test(name + ".parameters");
    part.parameters()[0] -= 1.0F;
  } else if constexpr (requires { std::tuple_size<Part>::value; }) {
    std::apply([&](auto&... element) { (change_each(name + ".", element, test), ...); }, part);
  } else {
    members::for_each(part, [&](std::string_view member, auto& value) {
      change_each(name + '.' + std::string{member}, value, test);
    });
  }
}

Key key_of(const Settings& settings, Study study) {
  experiment::Overrides{settings}.apply(study);
  return experiment::study_key(settings, study);
}

}  // namespace

TEST_CASE("Each member of each part of an experiment makes another key", "[experiment]") {
  Study study;
  const Settings settings;
  std::set<std::string> digests{key_of(settings, study).digest()};
  std::size_t changes = 0;
  change_each("study", study, [&](const std::string& name) {
    INFO(name);
    CHECK(digests.insert(key_of(settings, study).digest()).second);
    ++changes;
  });
  // A walk that finds nothing would find no fault.
  CHECK(changes > 60);
}

TEST_CASE("Each setting makes another key, or is known to change no result", "[experiment]") {
  const std::set<std::string_view> without_effect{
      "experiment",  "preset",     "data",          "out",      "overwrite",    "threads",
      "checkpoints", "also_after", "clean_control", "progress", "trigger_size", "trigger_offset"};
  Settings settings;
  settings.epochs = 2;
  const Study study;
  const Key usual = key_of(settings, study);
  std::size_t seen = 0;
  for_each_setting(settings, [&](const Setting& setting, auto& value) {
    ++seen;
    change_each(std::string{setting.name}, value, [&](const std::string& name) {
      INFO(name);
      CHECK((key_of(settings, study) == usual) == without_effect.contains(setting.name));
    });
  });
  CHECK(seen == 27);
}

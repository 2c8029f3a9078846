#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/members.hpp>
#include <snnbd/core/value_text.hpp>
#include <snnbd/experiment/settings.hpp>
#include <snnbd/layer/spiking.hpp>
#include <snnbd/learn/training/rule.hpp>

/// How settings of a whole experiment reach its parts.
namespace snnbd::inline SNNBD_ISA::experiment {

/// Gives parts the settings that stand for their members, and remembers which of them found a part.
class Overrides {
 public:
  explicit Overrides(const Settings& settings) : settings_{settings} {}

  /// @throws Error if a part's own value and the settings' differ, and the part's is no default
  template <class Study>
  void apply(Study& study) {
    const Study usual{};
    if constexpr (requires { study.relabel.target = 1; })
      put("target", settings_.target, study.relabel.target, usual.relabel.target);
    trigger(study.trigger, usual.trigger, study.relabel);
    if constexpr (requires { study.trigger.testing; }) {
      trigger(study.trigger.training, usual.trigger.training, study.relabel);
      trigger(study.trigger.testing, usual.trigger.testing, study.relabel);
    }
    auto& training = learn::training_of(study.rule);
    if constexpr (requires { training.optimizer.rate = 1.0; })
      put("learning_rate", settings_.learning_rate, training.optimizer.rate,
          learn::training_of(usual.rule).optimizer.rate);
    study.network.for_each_layer([&]<class Spec>(Spec& spec, int /*place*/) { neurons(spec); });
    seed(study.trigger);
    seed(study.relabel);
    seed(study.selector);
    seed(study.encoding);
    seed(study.rule);
    seed(study.stages);
  }

  /// Refuses settings that no part of any experiment took.
  ///
  /// @throws Error that names the first one
  void check_used() const {
    check("trigger_size", settings_.trigger_size.has_value());
    check("trigger_offset", settings_.trigger_offset.has_value());
    check("target", settings_.target.has_value());
    check("learning_rate", settings_.learning_rate.has_value());
    check("threshold", settings_.threshold.has_value());
    check("tau", settings_.tau.has_value());
  }

 private:
  template <class Type>
  static std::string text_of(const Type& value) {
    if constexpr (PlainValue<Type>) {
      return value_text(value);
    } else {
      return value.text();
    }
  }

  template <class Value, class Member>
  void put(std::string_view name, const std::optional<Value>& value, Member& member,
           const Member& usual) {
    if (!value) return;
    used_.push_back(name);
    const auto wanted = static_cast<Member>(*value);
    if (member != usual && member != wanted)
      reject(snnbd::detail::setting_label(name), "one value, from the settings or from the part",
             text_of(wanted) + " in the settings and " + text_of(member) + " in the part");
    member = wanted;
  }

  /// What a trigger takes from the settings, and from the labels of poisoned samples.
  template <class Mark, class Rule>
  void trigger(Mark& part, const Mark& usual, const Rule& relabel) {
    place(part, usual);
    if constexpr (requires { part.mask; }) place(part.mask, usual.mask);
    // A trigger that is made for a class steers to the one that poisoned samples are labelled with.
    if constexpr (requires {
                    part.target.emplace(1);
                    int{relabel.target};
                  })
      if (!part.target) part.target = relabel.target;
  }

  /// Size and offset of a trigger, or of the mask of one that is composed.
  template <class Part>
  void place(Part& part, const Part& usual) {
    if constexpr (requires { part.size = 1; })
      put("trigger_size", settings_.trigger_size, part.size, usual.size);
    if constexpr (requires { part.offset = poison::Offset{}; })
      put("trigger_offset", settings_.trigger_offset, part.offset, usual.offset);
  }

  template <class Spec>
  void neurons(Spec& spec) {
    if constexpr (requires { spec.neuron.threshold; }) {
      const Spec usual{};
      put("threshold", settings_.threshold, spec.neuron.threshold, usual.neuron.threshold);
      if constexpr (requires { spec.neuron.tau; })
        put("tau", settings_.tau, spec.neuron.tau, usual.neuron.tau);
    }
    // Threshold-dependent batch norms aim at the threshold.
    if constexpr (requires { spec.theta; })
      put("threshold", settings_.threshold, spec.theta, Spec{}.theta);
  }

  /// Sets members named `seed`, as deep as they go, that were not given.
  template <class Part>
  void seed(Part& part) const {
    if constexpr (requires { std::tuple_size<Part>::value; }) {
      if constexpr (requires { std::apply([](auto&...) {}, part); })
        std::apply([&](auto&... element) { (seed(element), ...); }, part);
    } else if constexpr (std::is_aggregate_v<Part> || members::Listed<Part>) {
      members::for_each(part, [&](std::string_view name, auto& member) {
        using Member = std::remove_reference_t<decltype(member)>;
        if constexpr (std::is_same_v<Member, std::optional<std::uint64_t>>) {
          if (name == "seed" && !member) member = settings_.seed;
        } else if constexpr (std::integral<Member>) {
          if (name == "seed" && member == usual_seed<Part, Member>())
            member = static_cast<Member>(settings_.seed);
        } else {
          seed(member);
        }
      });
    }
  }

  /// What the seed of a part is by default.
  template <class Part, class Member>
  static Member usual_seed() {
    Member usual{};
    const Part part{};
    members::for_each(part, [&](std::string_view name, const auto& member) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, Member>) {
        if (name == "seed") usual = member;
      }
    });
    return usual;
  }

  void check(std::string_view name, bool given) const {
    if (given && std::ranges::find(used_, name) == used_.end())
      reject(snnbd::detail::setting_label(name), "a part of the experiment that has it", "none");
  }

  const Settings& settings_;
  std::vector<std::string_view> used_;
};

}  // namespace snnbd::inline SNNBD_ISA::experiment

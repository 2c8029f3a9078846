#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <snnbd/event/event.hpp>
#include <snnbd/poison/event_trigger.hpp>
#include <snnbd/poison/trigger.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// One trigger to train with and another one to attack with: on poisoned samples it is `training`,
/// and an experiment tests with `testing`, see `testing_trigger`. SIG trains with a faint wave and
/// attacks with a strong one; the amplitude of a clean-label patch is usually raised at test time;
/// BadSNN trains without any trigger.
///
/// ```cpp
/// using Waves = poison::TrainTest<poison::Sinusoid>;
/// Waves{.training = {.delta = 20.0F / 255.0F}, .testing = {.delta = 60.0F / 255.0F}};
/// ```
template <Trigger Training, Trigger Testing = Training>
struct TrainTest {
  static constexpr std::string_view name = "train_test";
  static constexpr bool sees_times = poison::sees_times<Training>();

  Training training{};
  Testing testing{};

  /// @throws Error if `training` does not fit
  void stamp(const data::SampleView& sample) const
      requires(ImageTrigger<Training> || SampleTrigger<Training>) {
    poison::stamp(training, sample);
  }

  /// The same on events.
  void stamp(std::vector<event::Event>& events,
             const EventContext& context) const requires EventTrigger<Training> {
    training.stamp(events, context);
  }

  /// Lets both learn from the clean training set, if they do.
  void fit(data::DatasetView set) requires(FittedTrigger<Training> || FittedTrigger<Testing>) {
    if constexpr (FittedTrigger<Training>) training.fit(set);
    if constexpr (FittedTrigger<Testing>) testing.fit(set);
  }

  /// What `training` says of itself.
  [[nodiscard]] std::string describe(Shape shape) const {
    return poison::describe(training, shape);
  }
};

/// The trigger that an attack is tested with: the one that it was trained with, unless it names
/// another one, as `TrainTest` does.
template <Trigger Mark>
const auto& testing_trigger(const Mark& trigger) {
  if constexpr (requires { requires Trigger<std::remove_cvref_t<decltype(trigger.testing)>>; })
    return trigger.testing;
  else
    return trigger;
}

/// Its type.
template <Trigger Mark>
using TestingTrigger = std::remove_cvref_t<decltype(testing_trigger(std::declval<const Mark&>()))>;

}  // namespace snnbd::inline SNNBD_ISA::poison

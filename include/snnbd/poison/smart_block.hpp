#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/sample.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/event_trigger.hpp>
#include <snnbd/poison/operation.hpp>
#include <snnbd/poison/polarity.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// Which of several counts is chosen.
enum class Activity { most, least };

/// How the pixels of a training set are counted.
enum class Counting {
  active,  ///< a pixel shows ON, OFF, both or no events, where its counts are above 0
  toolkit  ///< as the code of Abad et al. 2024: counts of exactly 1, both and none twice
};

/// What a training set decided.
struct SmartChoice {
  int row = 0;     ///< of the cell in the grid
  int column = 0;  ///< of the cell in the grid
  Polarity polarity = Polarity::on;

  friend bool operator==(const SmartChoice&, const SmartChoice&) = default;
};

namespace detail {

/// Counts the pixels of all frames of a set: in each of (grid + 1)^2 cells, row by row, those that
/// show no events, ON, OFF and both.
///
/// @throws Error if the set is empty or its frames have other than two channels, or fewer rows or
///   columns than the grid
std::vector<std::int64_t> count_activity(data::DatasetView training, int grid, Counting counting);

/// The cell whose number of pixels with events is the largest or the smallest, and of its four
/// counts the polarity of the largest or the smallest; of equal ones the first.
SmartChoice choose_by_activity(const std::vector<std::int64_t>& counts, int grid, Activity cell,
                               Activity shown);

/// What decides where a smart block goes.
struct SmartWalk {
  int size;
  int grid;
  int walk;
  std::optional<int> margin;
  std::uint64_t seed;
};

/// A walk that begins in the middle of the chosen cell and stays in it and `margin` pixels around.
///
/// @throws Error if nothing was chosen, or a setting is out of range
Places walk_in_cell(const SmartWalk& walk, const std::optional<SmartChoice>& chosen, Shape shape,
                    int frames);

std::string describe_smart(const SmartWalk& walk, const std::optional<SmartChoice>& chosen,
                           std::string_view how, Shape shape);

}  // namespace detail

/// The "smart" trigger of Abad et al. 2024: a block whose place and polarity the activity of the
/// training set decides, and that walks at random from frame to frame. It comes in two stages:
/// `fit` or `choose_smart` chooses, once, on the clean training set; what was chosen is a member,
/// and the same for training and testing. An experiment calls `fit` itself. A choice that is set
/// already stays.
///
/// The original chooses anew for the test set, draws steps until one fits, which may take for ever,
/// and counts pixels whose count is exactly 1; see `Counting`.
///
/// @tparam Domain `OnFrames` or `OnEvents`
template <class Domain = OnFrames>
struct SmartBlock {
  static constexpr std::string_view name = "smart";
  static constexpr bool sees_times = false;

  int size = 0;                          ///< of a side in pixels; 0 for `default_patch_size`
  int grid = 2;                          ///< lines of the grid: (grid + 1)^2 cells
  Activity cell = Activity::most;        ///< which cell is chosen
  Activity shown = Activity::least;      ///< which polarity is chosen
  Counting counting = Counting::active;  ///< how pixels are counted
  int walk = 2;                          ///< the longest step a frame, in pixels a direction
  std::optional<int> margin{};           ///< pixels around the cell; empty for `size`
  SetTo operation{};                     ///< with the value that is set
  std::optional<std::uint64_t> seed{};   ///< of the walk; empty for the experiment's, else 1
  std::optional<SmartChoice> chosen{};   ///< by `fit`; empty before

  /// Chooses, if nothing is chosen yet.
  ///
  /// @param training the clean training set, of frames with OFF and ON
  /// @throws Error if the set is empty or the grid does not fit its frames
  void fit(data::DatasetView training) {
    if (!chosen)
      chosen = detail::choose_by_activity(detail::count_activity(training, grid, counting), grid,
                                          cell, shown);
  }

  /// @throws Error if nothing was chosen, or a setting is out of range
  void stamp(const data::SampleView& sample) const requires std::same_as<Domain, OnFrames> {
    const auto areas = places(sample.shape, sample.frames);
    detail::check_polarity(chosen->polarity, sample.shape.channels);
    for (int frame = 0; frame < sample.frames; ++frame)
      detail::change_area(sample.frame(frame), sample.shape,
                          *areas[static_cast<std::size_t>(frame)], chosen->polarity, operation,
                          sample.range);
  }

  /// The same for the events of a recording.
  void stamp(std::vector<event::Event>& events,
             const EventContext& context) const requires std::same_as<Domain, OnEvents> {
    const auto areas = places(context.shape(), context.frames);
    detail::change_events(
        events, context, areas, chosen->polarity,
        [this](float old, bool show) { return operation.apply(old, show); }, true);
  }

  /// `smart, OFF, 2x2, cell 1,0 of 3x3 ...`.
  [[nodiscard]] std::string describe(Shape shape) const {
    std::string how = cell == Activity::most ? "most active" : "least active";
    how += shown == Activity::most ? ", most shown" : ", least shown";
    if (counting == Counting::toolkit) how += ", counted as by the toolkit";
    return detail::describe_smart(settings(), chosen, how, shape) + operation.describe() +
           (std::same_as<Domain, OnEvents> ? ", on events" : "");
  }

  /// What it covers in each frame.
  ///
  /// @throws Error if nothing was chosen, or a setting is out of range
  [[nodiscard]] std::vector<std::optional<Area>> places(Shape shape, int frames) const {
    check_policy(operation);
    return detail::walk_in_cell(settings(), chosen, shape, frames);
  }

 private:
  [[nodiscard]] detail::SmartWalk settings() const {
    return {size, grid, walk, margin, seed.value_or(1)};
  }
};

/// The smart trigger with what a training set decides.
///
/// ```cpp
/// const auto smart = poison::choose_smart(train, poison::SmartBlock<>{.size = 3});
/// const poison::Triggered<Set, poison::SmartBlock<>> triggered{test, smart};
/// ```
///
/// @throws Error if the set is empty or the grid does not fit its frames
template <class Domain = OnFrames>
SmartBlock<Domain> choose_smart(data::DatasetView training, SmartBlock<Domain> smart = {}) {
  smart.chosen.reset();
  smart.fit(training);
  return smart;
}

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/smart_block.ipp>
#endif

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/event_dataset.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Some samples of a set, as a set. It keeps a copy of the set, and the sets of this library are
/// handles whose copies share their pixels: nothing big is copied and nothing can dangle. A set of
/// your own that owns big memory should keep it in a `std::shared_ptr`, or be moved in. Events of a
/// set that has them pass through.
template <Dataset Set>
class Subset : public SensorOf<Set> {
 public:
  static constexpr Shape shape = Set::shape;
  static constexpr int frames = frames_of<Set>();
  static constexpr int classes = Set::classes;
  static constexpr std::string_view name = Set::name;
  static constexpr Range range = range_of<Set>();

  /// @param indices places in `set`, in the order that the subset has
  /// @throws Error if `set` lacks one of them
  Subset(Set set, std::vector<std::size_t> indices) : set_{std::move(set)} {
    for (const std::size_t index : indices) check_index(name, index, set_.size());
    indices_ = std::make_shared<const std::vector<std::size_t>>(std::move(indices));
  }

  [[nodiscard]] std::size_t size() const { return indices_->size(); }
  [[nodiscard]] int label(std::size_t index) const { return set_.label(source_index(index)); }
  void read(std::size_t index, std::span<float> values) const {
    set_.read(source_index(index), values);
  }

  /// The fixed duration of a frame in microseconds; 0 for shares of a recording.
  [[nodiscard]] std::int64_t window_duration() const { return data::window_duration(set_); }

  /// When a frame of the sample was, as the set itself tells it.
  [[nodiscard]] FrameTime frame_time(std::size_t index, int frame) const {
    return data::frame_time(set_, source_index(index), frame);
  }

  /// The times of all frames of the sample, as the set itself tells them.
  [[nodiscard]] auto frame_times(std::size_t index) const requires requires(const Set& set) {
    set.frame_times(index);
  }
  { return set_.frame_times(source_index(index)); }

  /// When the frames of any events would be, as the set itself makes them.
  [[nodiscard]] auto frame_times(std::span<const event::Event> events) const requires
      requires(const Set& set) {
    set.frame_times(events);
  }
  { return set_.frame_times(events); }

  /// The events of the sample.
  [[nodiscard]] std::vector<event::Event> events(std::size_t index) const requires
      EventDataset<Set> {
    return set_.events(source_index(index));
  }

  /// Makes frames of any events as the set itself does.
  auto integrate(std::span<const event::Event> events,
                 std::span<float> values) const requires EventDataset<Set> {
    return set_.integrate(events, values);
  }

  /// The label before an attacker touched it, as the set itself tells it.
  [[nodiscard]] int original_label(std::size_t index) const {
    return data::original_label(set_, source_index(index));
  }

  /// Whether the sample is poisoned, as the set itself tells it.
  [[nodiscard]] bool is_poisoned(std::size_t index) const {
    return data::is_poisoned(set_, source_index(index));
  }

  /// The triggers that the sample carries, as the set itself tells it.
  [[nodiscard]] std::string triggers_on(std::size_t index) const {
    return data::triggers_on(set_, source_index(index));
  }

  /// The place of a sample in the set that it comes from.
  [[nodiscard]] std::size_t source_index(std::size_t index) const {
    check_index(name, index, indices_->size());
    return (*indices_)[index];
  }

  [[nodiscard]] const Set& source() const { return set_; }

 private:
  Set set_;
  std::shared_ptr<const std::vector<std::size_t>> indices_;
};

/// What `split` gives: two subsets that share no sample and leave none out.
template <Dataset Set>
struct Split {
  Subset<Set> kept;
  Subset<Set> held_out;
};

namespace detail {

/// `count` of the samples of `set`, ascending, the same for the same seed and nested for growing
/// counts; of each class as many (`evenly`) or in proportion to its share. What class a sample is
/// of its original label tells.
std::vector<std::size_t> choose_samples(DatasetView set, std::size_t count, std::uint64_t seed,
                                        bool evenly);

/// Which of `samples` are not in `chosen`; both ascending.
std::vector<std::size_t> other_samples(std::size_t samples, const std::vector<std::size_t>& chosen);

std::size_t held_out_count(std::size_t samples, double fraction);

}  // namespace detail

/// `count` samples at random, of each class as many as it has, up to an even share; in the order
/// of `set`. With the same seed, the choice of a smaller count is part of that of a larger one.
/// Classes are those of the original labels: of a poisoned set, each class's poisoned samples are
/// as likely as its clean ones, and no label of the attacker's thins them out.
///
/// @throws Error if `count` is 0 or more than `set` holds
template <Dataset Set>
Subset<Set> take(Set set, std::size_t count, std::uint64_t seed) {
  auto chosen = detail::choose_samples(set, count, seed, true);
  return {std::move(set), std::move(chosen)};
}

/// The first `count` samples.
///
/// @throws Error if `set` holds fewer
template <Dataset Set>
Subset<Set> first(Set set, std::size_t count) {
  if (count > set.size())
    reject("number of samples", "at most " + std::to_string(set.size()), count);
  std::vector<std::size_t> indices(count);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return {std::move(set), std::move(indices)};
}

/// Holds a part of a set out, each class in proportion, in the order of `set`; classes as in
/// `take`.
///
/// @param fraction the share held out, above 0 and below 1, rounded to whole samples
/// @throws Error if `fraction` is out of range or leaves one side empty
template <Dataset Set>
Split<Set> split(const Set& set, double fraction, std::uint64_t seed) {
  const std::size_t count = detail::held_out_count(set.size(), fraction);
  auto chosen = detail::choose_samples(set, count, seed, false);
  auto others = detail::other_samples(set.size(), chosen);
  return {Subset<Set>{set, std::move(others)}, Subset<Set>{set, std::move(chosen)}};
}

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/subset.ipp>
#endif

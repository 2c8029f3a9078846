#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/data/dataset_view.hpp>

/// Sets made when the program runs, from views of other sets: what defences choose from and stamp.
namespace snnbd::inline SNNBD_ISA::data {

/// A set whose shape, frames and classes are those of another one, known when the program runs.
/// Whatever takes a `DatasetView` takes it. Neither copied nor moved, as views look at it.
class RuntimeSet {
 public:
  RuntimeSet(const RuntimeSet&) = delete;
  RuntimeSet& operator=(const RuntimeSet&) = delete;
  virtual ~RuntimeSet() = default;

  [[nodiscard]] virtual std::size_t size() const = 0;
  [[nodiscard]] virtual int label(std::size_t index) const = 0;
  virtual void read(std::size_t index, std::span<float> values) const = 0;
  [[nodiscard]] virtual int original_label(std::size_t index) const { return label(index); }
  [[nodiscard]] virtual bool is_poisoned(std::size_t /*index*/) const { return false; }
  [[nodiscard]] virtual std::string triggers_on(std::size_t /*index*/) const { return {}; }
  [[nodiscard]] virtual FrameTime frame_time(std::size_t /*index*/, int frame) const {
    return {static_cast<double>(frame), 1.0};
  }

 protected:
  /// @param like whose shape, frames, classes, name and range it has
  explicit RuntimeSet(DatasetView like);

 private:
  friend class DatasetView;
  DatasetView::Operations operations_;
};

inline DatasetView::DatasetView(const RuntimeSet& set)
    : set_{&set}, operations_{&set.operations_} {}

/// Some samples of a set.
class Selection final : public RuntimeSet {
 public:
  /// @param set must outlive it
  /// @param indices places in `set`
  /// @throws Error if `set` lacks one of them
  Selection(DatasetView set, std::vector<std::size_t> indices);

  [[nodiscard]] std::size_t size() const override { return indices_.size(); }
  [[nodiscard]] int label(std::size_t index) const override {
    return set_.label(indices_.at(index));
  }
  void read(std::size_t index, std::span<float> values) const override {
    set_.read(indices_.at(index), values);
  }
  [[nodiscard]] int original_label(std::size_t index) const override {
    return set_.original_label(indices_.at(index));
  }
  [[nodiscard]] bool is_poisoned(std::size_t index) const override {
    return set_.is_poisoned(indices_.at(index));
  }
  [[nodiscard]] std::string triggers_on(std::size_t index) const override {
    return set_.triggers_on(indices_.at(index));
  }
  [[nodiscard]] FrameTime frame_time(std::size_t index, int frame) const override {
    return set_.frame_time(indices_.at(index), frame);
  }

 private:
  DatasetView set_;
  std::vector<std::size_t> indices_;
};

/// Samples that are in memory.
class Samples final : public RuntimeSet {
 public:
  /// @param like whose shape, frames, classes, name and range it has
  /// @param values [sample, frame, height, width, channel]
  /// @param labels one for each sample
  /// @throws Error if the sizes do not fit
  Samples(DatasetView like, std::vector<float> values, std::vector<int> labels);

  /// A copy of the samples of a set.
  explicit Samples(DatasetView set);

  [[nodiscard]] std::size_t size() const override { return labels_.size(); }
  [[nodiscard]] int label(std::size_t index) const override { return labels_.at(index); }
  void read(std::size_t index, std::span<float> values) const override;

  [[nodiscard]] std::span<const float> values() const { return values_; }
  [[nodiscard]] std::span<const int> labels() const { return labels_; }

 private:
  std::size_t each_;
  std::vector<float> values_;
  std::vector<int> labels_;
};

/// The labels of a set.
[[nodiscard]] std::vector<int> labels_of(DatasetView set);

/// The places in a set of the samples of a class, by their labels.
[[nodiscard]] std::vector<std::size_t> samples_of_class(DatasetView set, int label);

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/runtime_set.ipp>
#endif

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/network/check.hpp>
#include <snnbd/network/pass.hpp>

namespace snnbd::inline SNNBD_ISA {

/// The most steps that a run has in memory if nobody says how many.
inline constexpr Index automatic_window = 32;

/// Runs batches of samples through a network window by window: what stands behind a `NetworkView`.
template <class Net, encode::Encoder Encoding>
class WindowedRun {
 public:
  using Scalar = typename Net::ScalarType;
  using In = typename Encoding::template Signal<Net::input_shape>;

  /// The parameters of `view_of`.
  WindowedRun(const Net& net, Encoding encoding, Index steps, Index batch_size, Index window)
      : net_{net},
        encoding_{encoding},
        steps_{steps},
        window_{chosen(window, steps)},
        pass_{{batch_size, window_}, false} {
    check_policy(encoding_);
    network::check(net);
    network::check_parameters(net, "network to run");
  }

  /// The memory that signals and state take, in bytes: of a window, whatever the sequence's length.
  [[nodiscard]] std::size_t bytes() const {
    const Extent& extent = pass_.extent();
    return Passing::bytes({extent.samples, window_}, false) +
           (window_ < steps_ ? Passing::state_bytes(extent.samples) : 0);
  }

  /// The frames of each sample that it takes.
  [[nodiscard]] Index frames() const { return encode::passes_frames<Encoding> ? steps_ : 1; }

  /// Fills the outputs [step count, sample, class] after each of some numbers of steps, ascending.
  ///
  /// @param samples [sample, frame, height, width, channel]
  void operator()(std::span<const float> samples, std::span<const std::uint64_t> sample_ids,
                  std::span<const Index> step_counts, std::span<float> outputs) {
    (*this)(samples, sample_ids, step_counts, outputs,
            [](const Passing& /*pass*/, Index /*first_step*/) {});
  }

  /// The same; calls `look(pass, first_step)` behind each window.
  template <class Look>
  void operator()(std::span<const float> samples, std::span<const std::uint64_t> sample_ids,
                  std::span<const Index> step_counts, std::span<float> outputs, const Look& look) {
    check_spans(samples, sample_ids, step_counts, outputs);
    results_.resize(outputs.size() / step_counts.size());
    sums_.resize(results_.size());
    auto target = outputs.begin();
    Index done = 0;
    for (const Index count : step_counts) {
      while (done < count) {
        const Index steps = std::min(window_, count - done);
        run_window(samples, sample_ids, done, steps, done + steps == step_counts.back());
        look(std::as_const(pass_), done);
        done += steps;
      }
      target = std::transform(results_.begin(), results_.end(), target,
                              [](Scalar value) { return static_cast<float>(value); });
    }
  }

 private:
  using Passing = Pass<Net, In>;

  static Index chosen(Index window, Index steps) {
    if (window < 0) reject("window of steps", "at least 1, or 0 for any", window);
    if (window > 0) return std::min(window, steps);
    return Passing::windowed ? std::min(automatic_window, steps) : steps;
  }

  /// What is handed over must be as large as what is read and written.
  void check_spans(std::span<const float> samples, std::span<const std::uint64_t> sample_ids,
                   std::span<const Index> step_counts, std::span<float> outputs) const {
    const auto expect = [](const char* subject, std::size_t wanted, std::size_t found) {
      if (found != wanted) reject(subject, std::to_string(wanted) + " values", found);
    };
    const auto each = [](Shape shape) { return static_cast<std::size_t>(shape.size()); };
    if (sample_ids.empty()) reject("batch", "at least one sample", "none");
    expect("images of a batch",
           sample_ids.size() * static_cast<std::size_t>(frames()) * each(Net::input_shape),
           samples.size());
    Index before = 0;
    for (const Index count : step_counts) {
      if (count <= before || count > steps_)
        reject("steps of outputs", "ascending numbers up to " + std::to_string(steps_), count);
      before = count;
    }
    if (step_counts.empty()) reject("steps of outputs", "at least one number", "none");
    expect("outputs of a batch", step_counts.size() * sample_ids.size() * each(Net::output_shape),
           outputs.size());
  }

  void run_window(std::span<const float> samples, std::span<const std::uint64_t> sample_ids,
                  Index first_step, Index steps, bool last) {
    const Extent extent{static_cast<Index>(sample_ids.size()), steps};
    pass_.resize(extent);
    const auto input = pass_.input();
    if (first_step == 0 || timed<In>) {
      encoding_.encode({samples.data(), {extent.samples, frames()}, Net::input_shape}, sample_ids,
                       input, {first_step, steps_});
    }
    const auto out = pass_.forward(net_, input, {.window = {first_step, last}});
    if constexpr (timed<typename Passing::Output>) {
      const double scale = 1.0 / static_cast<double>(first_step + steps);
      kernels::sum_window(out, first_step > 0, static_cast<Scalar>(scale), sums_.data(),
                          results_.data());
    } else {
      std::copy_n(out.data, out.size(), results_.begin());
    }
  }

  const Net& net_;
  Encoding encoding_;
  Index steps_;
  Index window_;
  Passing pass_;
  std::vector<Scalar> sums_;
  std::vector<Scalar> results_;
};

}  // namespace snnbd::inline SNNBD_ISA

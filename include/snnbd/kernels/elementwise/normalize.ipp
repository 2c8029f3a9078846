#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/normalize.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

// What is kept in `Scratch`: sums over rows, and what they make of each channel.
struct ChannelSums;
struct ChannelFactors;

namespace detail {

/// Rows that are added up in the scalar's precision, before their sum goes on in double.
inline constexpr Index short_run = 64;

/// Values that one piece of work covers.
inline constexpr Index piece_values = 1 << 16;

template <class Scalar, int Registers>
using Lanes = std::array<lanes::Batch<Scalar>, std::size_t{Registers}>;

/// Adds `Count` sums over the rows [first, last) for some registers of channels to `sums`.
///
/// @param sums [sum, channel]
/// @param term `(row, channel, used lanes)` gives the `Count` registers that are added up
template <int Registers, int Count, class Scalar, class Term>
void add_run(Index first, Index last, Index channel, const Rows& rows, const Term& term,
             double* sums) {
  constexpr int width = lanes::width<Scalar>;
  const int used = static_cast<int>(std::min<Index>(width, rows.channels - channel));
  std::array<Lanes<Scalar, Count>, std::size_t{Registers}> run;
  for (auto& sum : run) sum.fill(lanes::Batch<Scalar>(Scalar{0}));
  for (Index row = first; row < last; ++row) {
#pragma GCC unroll 4
    for (int v = 0; v < Registers; ++v) {
      const Lanes<Scalar, Count> terms = term(row, channel + v * width, used);
      for (std::size_t i = 0; i < std::size_t{Count}; ++i)
        run[static_cast<std::size_t>(v)][i] += terms[i];
    }
  }
  for (int v = 0; v < Registers; ++v) {
    for (int i = 0; i < Count; ++i) {
      alignas(64) std::array<Scalar, static_cast<std::size_t>(width)> lane;
      run[static_cast<std::size_t>(v)][static_cast<std::size_t>(i)].store_aligned(lane.data());
      double* const sum = sums + i * rows.channels + channel + v * width;
      for (int l = 0; l < used; ++l)
        sum[l] += static_cast<double>(lane[static_cast<std::size_t>(l)]);
    }
  }
}

/// `Count` sums over all rows for each channel. Terms that keep a place of their own are told from
/// which row on they are asked, `seek(row)`, and which rows are next, `prepare(first, last)`.
///
/// @returns [sum, channel], valid until the scratch's next sums
template <int Count, class Scalar, class Term>
const double* sum_rows(const Rows& rows, Scratch& scratch, const Term& term) {
  constexpr Index width = lanes::width<Scalar>;
  const Index row_piece = std::max<Index>(piece_values / rows.channels, short_run);
  const Index pieces = (rows.count + row_piece - 1) / row_piece;
  const Index size = Count * rows.channels;
  const auto sums = scratch.get<ChannelSums, double>((pieces + 1) * size);
  double* const partial = sums.data() + size;
  parallel_for(pieces, [&](Index piece) {
    double* const own = partial + piece * size;
    std::fill_n(own, size, 0.0);
    Term terms = term;
    if constexpr (requires { terms.seek(Index{0}); }) terms.seek(piece * row_piece);
    const Index end = std::min(rows.count, (piece + 1) * row_piece);
    for (Index first = piece * row_piece; first < end; first += short_run) {
      const Index last = std::min(end, first + short_run);
      if constexpr (requires { terms.prepare(first, last); }) terms.prepare(first, last);
      Index channel = 0;
      for (; rows.channels - channel >= 4 * width; channel += 4 * width)
        add_run<4, Count, Scalar>(first, last, channel, rows, terms, own);
      for (; channel < rows.channels; channel += width)
        add_run<1, Count, Scalar>(first, last, channel, rows, terms, own);
    }
  });
  std::fill_n(sums.data(), size, 0.0);
  for (Index piece = 0; piece < pieces; ++piece)
    for (Index i = 0; i < size; ++i) sums[static_cast<std::size_t>(i)] += partial[piece * size + i];
  return sums.data();
}

/// Walks through the pixels of a field in the order of memory, steps within samples.
template <class Value>
class PixelWalk {
 public:
  PixelWalk() = default;
  PixelWalk(const Field<Value>& field, const Extent& extent, const Shape& shape)
      : field_{field}, steps_{extent.steps}, height_{shape.height}, width_{shape.width} {}

  /// @param row the pixel's number
  void seek(Index row) {
    x_ = row % width_;
    y_ = row / width_ % height_;
    step_ = row / (width_ * height_) % steps_;
    sample_ = row / (width_ * height_ * steps_);
    settle();
  }
  void advance() {
    pixel_ += field_.pixel_stride;
    if (++x_ < width_) return;
    x_ = 0;
    if (++y_ == height_) {
      y_ = 0;
      if (++step_ == steps_) {
        step_ = 0;
        ++sample_;
      }
    }
    settle();
  }
  [[nodiscard]] Value* pixel() const { return pixel_; }

 private:
  void settle() { pixel_ = field_.row(sample_, y_, 0).at(step_, x_); }

  Field<Value> field_;
  Index steps_ = 1;
  Index height_ = 1;
  Index width_ = 1;
  Index sample_ = 0;
  Index step_ = 0;
  Index y_ = 0;
  Index x_ = 0;
  Value* pixel_ = nullptr;
};

/// The two terms of a normalization's gradient: g, and g * (x - mean).
template <class Scalar>
class SlopeTerms {
 public:
  SlopeTerms(const RealView<const Scalar>& values, const Scalar* mean,
             const Field<const Scalar>& gradient)
      : values_{values.data},
        mean_{mean},
        channels_{values.shape.channels},
        walk_{gradient, values.extent, values.shape} {}

  void seek(Index row) { walk_.seek(row); }
  void prepare(Index first, Index last) {
    first_ = first;
    for (Index row = first; row < last; ++row, walk_.advance())
      pixels_[static_cast<std::size_t>(row - first)] = walk_.pixel();
  }
  Lanes<Scalar, 2> operator()(Index row, Index channel, int used) const {
    const auto slope = lanes::load(pixels_[static_cast<std::size_t>(row - first_)] + channel, used);
    return {slope, slope * (lanes::load(values_ + row * channels_ + channel, used) -
                            lanes::load(mean_ + channel, used))};
  }

 private:
  const Scalar* values_;
  const Scalar* mean_;
  Index channels_;
  PixelWalk<const Scalar> walk_;
  Index first_ = 0;
  std::array<const Scalar*, static_cast<std::size_t>(short_run)> pixels_{};
};

/// 1 / sqrt(variance + epsilon)
template <class Scalar>
double inverse_deviation(const Normalization<Scalar>& by, Index channel) {
  return 1.0 / std::sqrt(static_cast<double>(by.moments.variance[channel]) + by.epsilon);
}

}  // namespace detail

template <class Scalar>
void channel_moments(const Scalar* values, const Rows& rows, Scratch& scratch,
                     const Moments<Scalar>& moments) {
  using Terms = detail::Lanes<Scalar, 1>;
  const auto count = static_cast<double>(rows.count);
  const double* const sum =
      detail::sum_rows<1, Scalar>(rows, scratch, [&](Index row, Index channel, int used) {
        return Terms{lanes::load(values + row * rows.channels + channel, used)};
      });
  for (Index c = 0; c < rows.channels; ++c) moments.mean[c] = static_cast<Scalar>(sum[c] / count);
  const double* const square =
      detail::sum_rows<1, Scalar>(rows, scratch, [&](Index row, Index channel, int used) {
        const auto distance = lanes::load(values + row * rows.channels + channel, used) -
                              lanes::load(moments.mean + channel, used);
        return Terms{distance * distance};
      });
  for (Index c = 0; c < rows.channels; ++c)
    moments.variance[c] = static_cast<Scalar>(square[c] / count);
}

template <class Scalar>
ChannelMap<Scalar> channel_map(const Normalization<Scalar>& by, Index channels, Scalar* factor) {
  for (Index c = 0; c < channels; ++c)
    factor[c] = static_cast<Scalar>(by.scale * static_cast<double>(by.weight[c]) *
                                    detail::inverse_deviation(by, c));
  return {by.moments.mean, factor, by.bias};
}

template <class Scalar>
void normalize(const Scalar* values, const Rows& rows, const ChannelMap<Scalar>& map,
               Scalar* result) {
  constexpr Index width = lanes::width<Scalar>;
  parallel_ranges(rows.count, detail::piece_values / rows.channels, [&](Index first, Index last) {
    for (Index row = first; row < last; ++row) {
      for (Index channel = 0; channel < rows.channels; channel += width) {
        const int used = static_cast<int>(std::min(width, rows.channels - channel));
        const Index place = row * rows.channels + channel;
        const auto distance =
            lanes::load(values + place, used) - lanes::load(map.mean + channel, used);
        lanes::store(result + place,
                     xsimd::fma(distance, lanes::load(map.factor + channel, used),
                                lanes::load(map.bias + channel, used)),
                     used);
      }
    }
  });
}

template <class Scalar>
void normalize_backward(RealView<const Scalar> values, const Field<const Scalar>& gradient,
                        const Normalization<Scalar>& by, bool of_batch, Scratch& scratch,
                        Scalar* weight_gradient, Scalar* bias_gradient,
                        const Field<Scalar>& input_gradient) {
  constexpr Index width = lanes::width<Scalar>;
  const Index channels = values.shape.channels;
  const Rows rows{values.extent.frames() * values.shape.pixels(), channels};
  const Scalar* const mean = by.moments.mean;
  const double* const sum = detail::sum_rows<2, Scalar>(
      rows, scratch, detail::SlopeTerms<Scalar>{values, mean, gradient});
  const double* const product = sum + channels;
  // dL/dx = factor * (g - shift - tilt * (x - mean)), which are three values for each channel.
  Scalar* const factor = scratch.get<ChannelFactors, Scalar>(3 * channels).data();
  Scalar* const shift = factor + channels;
  Scalar* const tilt = shift + channels;
  const double share = of_batch ? 1.0 / static_cast<double>(rows.count) : 0.0;
  channel_map(by, channels, factor);
  for (Index c = 0; c < channels; ++c) {
    const double inverse = detail::inverse_deviation(by, c);
    weight_gradient[c] += static_cast<Scalar>(by.scale * inverse * product[c]);
    bias_gradient[c] += static_cast<Scalar>(sum[c]);
    shift[c] = static_cast<Scalar>(share * sum[c]);
    tilt[c] = static_cast<Scalar>(share * inverse * inverse * product[c]);
  }
  if (input_gradient.data == nullptr) return;
  parallel_ranges(rows.count, detail::piece_values / channels, [&](Index first, Index last) {
    detail::PixelWalk<const Scalar> from{gradient, values.extent, values.shape};
    detail::PixelWalk<Scalar> to{input_gradient, values.extent, values.shape};
    from.seek(first);
    to.seek(first);
    for (Index row = first; row < last; ++row, from.advance(), to.advance()) {
      for (Index channel = 0; channel < channels; channel += width) {
        const int used = static_cast<int>(std::min(width, channels - channel));
        const auto distance = lanes::load(values.data + row * channels + channel, used) -
                              lanes::load(mean + channel, used);
        const auto centred =
            lanes::load(from.pixel() + channel, used) - lanes::load<Scalar>(shift + channel, used);
        const auto slope =
            xsimd::fnma(distance, lanes::load<Scalar>(tilt + channel, used), centred);
        lanes::store(to.pixel() + channel, slope * lanes::load<Scalar>(factor + channel, used),
                     used);
      }
    }
  });
}

template <class Scalar>
void follow_moments(const Moments<const Scalar>& batch, const Moments<const Scalar>& running,
                    Index channels, Index population, double rate, const Moments<Scalar>& change) {
  const auto count = static_cast<double>(population);
  const auto step = [&](Scalar value, double target) {
    return static_cast<Scalar>(rate * (target - static_cast<double>(value)));
  };
  for (Index c = 0; c < channels; ++c) {
    change.mean[c] += step(running.mean[c], static_cast<double>(batch.mean[c]));
    change.variance[c] +=
        step(running.variance[c], static_cast<double>(batch.variance[c]) * count / (count - 1.0));
  }
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                                  \
  template void channel_moments<Scalar>(const Scalar*, const Rows&, Scratch&,                      \
                                        const Moments<Scalar>&);                                   \
  template ChannelMap<Scalar> channel_map<Scalar>(const Normalization<Scalar>&, Index, Scalar*);   \
  template void normalize<Scalar>(const Scalar*, const Rows&, const ChannelMap<Scalar>&, Scalar*); \
  template void normalize_backward<Scalar>(RealView<const Scalar>, const Field<const Scalar>&,     \
                                           const Normalization<Scalar>&, bool, Scratch&, Scalar*,  \
                                           Scalar*, const Field<Scalar>&);                         \
  template void follow_moments<Scalar>(const Moments<const Scalar>&, const Moments<const Scalar>&, \
                                       Index, Index, double, const Moments<Scalar>&);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels

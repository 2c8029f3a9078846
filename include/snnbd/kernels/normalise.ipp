#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/lanes.hpp>
#include <snnbd/kernels/normalise.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

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

/// `Count` sums over all rows for each channel.
///
/// @returns [sum, channel], valid until the scratch's next sums
template <int Count, class Scalar, class Term>
const double* sum_rows(const Rows& rows, Scratch& scratch, const Term& term) {
  constexpr Index width = lanes::width<Scalar>;
  const Index row_piece = std::max<Index>(piece_values / rows.channels, short_run);
  const Index pieces = (rows.count + row_piece - 1) / row_piece;
  const Index size = Count * rows.channels;
  const auto sums = scratch.get<double>(Scratch::Slot::sums, (pieces + 1) * size);
  double* const partial = sums.data() + size;
  parallel_for(pieces, [&](Index piece) {
    double* const own = partial + piece * size;
    std::fill_n(own, size, 0.0);
    const Index end = std::min(rows.count, (piece + 1) * row_piece);
    for (Index first = piece * row_piece; first < end; first += short_run) {
      const Index last = std::min(end, first + short_run);
      Index channel = 0;
      for (; rows.channels - channel >= 4 * width; channel += 4 * width)
        add_run<4, Count, Scalar>(first, last, channel, rows, term, own);
      for (; channel < rows.channels; channel += width)
        add_run<1, Count, Scalar>(first, last, channel, rows, term, own);
    }
  });
  std::fill_n(sums.data(), size, 0.0);
  for (Index piece = 0; piece < pieces; ++piece)
    for (Index i = 0; i < size; ++i) sums[static_cast<std::size_t>(i)] += partial[piece * size + i];
  return sums.data();
}

/// Calls `body(place, channel, used lanes)` for each register of the values.
template <class Scalar, class Body>
void for_each_row(const Rows& rows, const Body& body) {
  constexpr Index width = lanes::width<Scalar>;
  parallel_ranges(rows.count, piece_values / rows.channels, [&](Index first, Index last) {
    for (Index row = first; row < last; ++row)
      for (Index channel = 0; channel < rows.channels; channel += width)
        body(row * rows.channels + channel, channel,
             static_cast<int>(std::min(width, rows.channels - channel)));
  });
}

/// 1 / sqrt(variance + epsilon)
template <class Scalar>
double inverse_deviation(const Normalisation<Scalar>& by, Index channel) {
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
void normalise(const Scalar* values, const Rows& rows, const Normalisation<Scalar>& by,
               Scratch& scratch, Scalar* result) {
  Scalar* const factor = scratch.get<Scalar>(Scratch::Slot::channel_factors, rows.channels).data();
  for (Index c = 0; c < rows.channels; ++c)
    factor[c] = static_cast<Scalar>(by.scale * static_cast<double>(by.weight[c]) *
                                    detail::inverse_deviation(by, c));
  detail::for_each_row<Scalar>(rows, [&](Index place, Index channel, int used) {
    const auto distance =
        lanes::load(values + place, used) - lanes::load(by.moments.mean + channel, used);
    lanes::store(result + place,
                 xsimd::fma(distance, lanes::load<Scalar>(factor + channel, used),
                            lanes::load(by.bias + channel, used)),
                 used);
  });
}

template <class Scalar>
void normalise_backward(const Scalar* values, const Scalar* gradient, const Rows& rows,
                        const Normalisation<Scalar>& by, bool of_batch, Scratch& scratch,
                        Scalar* weight_gradient, Scalar* bias_gradient, Scalar* input_gradient) {
  using Terms = detail::Lanes<Scalar, 2>;
  const double* const sum =
      detail::sum_rows<2, Scalar>(rows, scratch, [&](Index row, Index channel, int used) {
        const Index place = row * rows.channels + channel;
        const auto slope = lanes::load(gradient + place, used);
        return Terms{slope, slope * (lanes::load(values + place, used) -
                                     lanes::load(by.moments.mean + channel, used))};
      });
  const double* const product = sum + rows.channels;
  // dL/dx = factor * (g - shift - tilt * (x - mean)), which are three values for each channel.
  Scalar* const factor =
      scratch.get<Scalar>(Scratch::Slot::channel_factors, 3 * rows.channels).data();
  Scalar* const shift = factor + rows.channels;
  Scalar* const tilt = shift + rows.channels;
  const double share = of_batch ? 1.0 / static_cast<double>(rows.count) : 0.0;
  for (Index c = 0; c < rows.channels; ++c) {
    const double inverse = detail::inverse_deviation(by, c);
    weight_gradient[c] += static_cast<Scalar>(by.scale * inverse * product[c]);
    bias_gradient[c] += static_cast<Scalar>(sum[c]);
    factor[c] = static_cast<Scalar>(by.scale * static_cast<double>(by.weight[c]) * inverse);
    shift[c] = static_cast<Scalar>(share * sum[c]);
    tilt[c] = static_cast<Scalar>(share * inverse * inverse * product[c]);
  }
  if (input_gradient == nullptr) return;
  detail::for_each_row<Scalar>(rows, [&](Index place, Index channel, int used) {
    const auto distance =
        lanes::load(values + place, used) - lanes::load(by.moments.mean + channel, used);
    const auto centred =
        lanes::load(gradient + place, used) - lanes::load<Scalar>(shift + channel, used);
    const auto slope = xsimd::fnma(distance, lanes::load<Scalar>(tilt + channel, used), centred);
    lanes::store(input_gradient + place, slope * lanes::load<Scalar>(factor + channel, used), used);
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
  template void normalise<Scalar>(const Scalar*, const Rows&, const Normalisation<Scalar>&,        \
                                  Scratch&, Scalar*);                                              \
  template void normalise_backward<Scalar>(const Scalar*, const Scalar*, const Rows&,              \
                                           const Normalisation<Scalar>&, bool, Scratch&, Scalar*,  \
                                           Scalar*, Scalar*);                                      \
  template void follow_moments<Scalar>(const Moments<const Scalar>&, const Moments<const Scalar>&, \
                                       Index, Index, double, const Moments<Scalar>&);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels

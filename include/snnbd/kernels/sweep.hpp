#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/lanes.hpp>

/// Neurons through time: the only loops that walk the steps of a sequence.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Neighbouring units of some pixels at each step: value (step, pixel, channel) stands at
/// `data + step * step_stride + pixel * pixel_stride + channel`. A step stride of 0 says that the
/// values are the same at each step.
template <class Value>
struct Track {
  Value* data = nullptr;
  Index step_stride = 0;
  Index pixel_stride = 0;

  [[nodiscard]] Value* at(Index step, Index pixel) const {
    return data + step * step_stride + pixel * pixel_stride;
  }
};

/// Values of a whole batch, [sample, step, row, pixel, channel], with strides of one's own: a
/// signal as it lies in memory, or the gradient plane of a convolution.
template <class Value>
struct Field {
  Value* data = nullptr;
  Index sample_stride = 0;
  Index step_stride = 0;
  Index row_stride = 0;
  Index pixel_stride = 0;

  /// One row of one sample over all steps, from a channel on.
  [[nodiscard]] Track<Value> row(Index sample, Index y, Index first) const {
    if (data == nullptr) return {};
    return {data + sample * sample_stride + y * row_stride + first, step_stride, pixel_stride};
  }
};

/// A signal of `steps` steps in the library's memory order, `width` values for each pixel.
template <class Value>
Field<Value> field_of(Value* data, const Shape& shape, Index steps, Index width) {
  const Index frame = shape.pixels() * width;
  return {data, steps * frame, steps == 1 ? 0 : frame, shape.width * width, width};
}

/// How much of a track one call covers. At most 64 channels: one word of spikes for each pixel.
struct Span {
  Index steps = 1;
  Index pixels = 1;
  int channels = 1;
};

/// What a backward sweep reads and writes.
template <class Scalar>
struct BackwardTracks {
  Track<const Scalar> charge;          ///< membrane at charge, H, if it was kept
  Track<const Scalar> current;         ///< else the input, from which H is made again
  Track<const Scalar> spike_gradient;  ///< dL/dS from the layer above
  Track<Scalar> current_gradient;      ///< dL/dX; summed over the steps if its step stride is 0
};

namespace detail {

/// 0, 1, 2, ... in the lanes of a register.
template <class Scalar>
constexpr auto lane_numbers() {
  std::array<Scalar, static_cast<std::size_t>(lanes::width<Scalar>)> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<Scalar>(i);
  return numbers;
}

/// Calls `body(first, registers)` so that the channels are covered by groups of full registers and
/// at last by one register that may be partly used.
template <class Scalar, class Body>
void for_each_group(int channels, const Body& body) {
  constexpr int width = lanes::width<Scalar>;
  constexpr int most = std::min(4, word_bits / width);
  int done = 0;
  for (; channels - done >= most * width; done += most * width)
    body(done, std::integral_constant<int, most>{});
  for (; done < channels; done += width) body(done, std::integral_constant<int, 1>{});
}

}  // namespace detail

/// Charges, fires and resets the neurons of a span over all steps.
///
/// @param charge where the membrane at charge is kept for the backward sweep; may be empty
/// @param spikes one word a pixel and step; every word is written
/// @param fired the real value of firing, written instead of words by a smooth neuron
template <class Cell, class Scalar>
void sweep_forward(const Cell& cell, const Span& span, const Track<const Scalar>& current,
                   const Track<Scalar>& charge, const Track<Word>& spikes,
                   const Track<Scalar>& fired) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  for (Index pixel = 0; pixel < span.pixels; ++pixel) {
    detail::for_each_group<Scalar>(span.channels, [&](int first, auto registers) {
      constexpr int count = decltype(registers)::value;
      const int used = std::min(width, span.channels - first);
      std::array<Batch, std::size_t{count}> membrane;
      membrane.fill(cell.initial());
      for (Index step = 0; step < span.steps; ++step) {
        const Scalar* input = current.at(step, pixel) + first;
        Word word = 0;
#pragma GCC unroll 4
        for (int v = 0; v < count; ++v) {
          auto& potential = membrane[static_cast<std::size_t>(v)];
          const Batch high = cell.charge(potential, lanes::load(input + v * width, used));
          const Batch spike = cell.fire(high);
          potential = cell.reset(high, spike);
          if (charge.data != nullptr)
            lanes::store(charge.at(step, pixel) + first + v * width, high, used);
          if constexpr (Cell::smooth) {
            lanes::store(fired.at(step, pixel) + first + v * width, spike, used);
          } else {
            word |= lanes::bits(spike > Batch(Scalar{0})) << (v * width);
          }
        }
        if constexpr (!Cell::smooth) {
          if (used < width) word &= (Word{1} << used) - 1;
          Word& target = *spikes.at(step, pixel);
          target = first == 0 ? word : target | word << first;
        }
      }
    });
  }
}

/// Carries the gradient of the spikes back through time to the input currents.
///
/// With gV from the step after (0 at the last), gH = cell.charge_gradient(gS, gV, H, S),
/// gX = gain * gH and gV = leak * gH (STBP, Wu et al. 2018; the paper's Sec. 2.2.1).
///
/// @returns the gradient of the neuron's own parameter, 0 if it has none
template <class Cell, class Scalar>
Scalar sweep_backward(const Cell& cell, const Span& span, const BackwardTracks<Scalar>& tracks) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  const bool recharge = tracks.charge.data == nullptr;
  Scalar parameter_gradient{0};
  for (Index pixel = 0; pixel < span.pixels; ++pixel) {
    detail::for_each_group<Scalar>(span.channels, [&](int first, auto registers) {
      constexpr int count = decltype(registers)::value;
      const int used = std::min(width, span.channels - first);
      Track<const Scalar> charge = tracks.charge;
      Index charge_pixel = pixel;
      int charge_first = first;
      int charge_used = used;
      if (recharge) {
        Scalar* const again =
            thread_scratch<struct SweepCharges, Scalar>(span.steps * count * width);
        std::array<Batch, std::size_t{count}> membrane;
        membrane.fill(cell.initial());
        for (Index step = 0; step < span.steps; ++step) {
          const Scalar* input = tracks.current.at(step, pixel) + first;
#pragma GCC unroll 4
          for (int v = 0; v < count; ++v) {
            auto& potential = membrane[static_cast<std::size_t>(v)];
            const Batch high = cell.charge(potential, lanes::load(input + v * width, used));
            potential = cell.reset(high, cell.fire(high));
            high.store_aligned(again + (step * count + v) * width);
          }
        }
        charge = {again, Index{count} * width, 0};
        charge_pixel = 0;
        charge_first = 0;
        charge_used = width;
      }
      std::array<Batch, std::size_t{count}> carried;
      std::array<Batch, std::size_t{count}> total;
      carried.fill(Batch(Scalar{0}));
      total.fill(Batch(Scalar{0}));
      Batch own(Scalar{0});
      const bool summed = tracks.current_gradient.step_stride == 0;
      for (Index step = span.steps - 1; step >= 0; --step) {
        const Scalar* slope = tracks.spike_gradient.at(step, pixel) + first;
        const Scalar* membrane = charge.at(step, charge_pixel) + charge_first;
        Scalar* result = tracks.current_gradient.at(step, pixel) + first;
#pragma GCC unroll 4
        for (int v = 0; v < count; ++v) {
          const auto lane = static_cast<std::size_t>(v);
          const Batch high = lanes::load(membrane + v * width, charge_used);
          const Batch spike = cell.fire(high);
          const Batch gradient = cell.charge_gradient(lanes::load(slope + v * width, used),
                                                      carried[lane], high, spike);
          if constexpr (Cell::parameter_count > 0) {
            Batch before = cell.initial();
            if (step > 0) {
              const Scalar* earlier = charge.at(step - 1, charge_pixel) + charge_first + v * width;
              const Batch high_before = lanes::load(earlier, charge_used);
              before = cell.reset(high_before, cell.fire(high_before));
            }
            const auto inside = Batch::load_unaligned(detail::lane_numbers<Scalar>().data()) <
                                Batch(static_cast<Scalar>(used));
            own += lanes::select(inside, gradient * cell.parameter_slope(high, before),
                                 Batch(Scalar{0}));
          }
          const Batch input_gradient = cell.input_gradient(gradient);
          carried[lane] = cell.membrane_gradient(gradient);
          if (summed) {
            total[lane] += input_gradient;
          } else {
            lanes::store(result + v * width, input_gradient, used);
          }
        }
      }
      if (summed) {
        for (int v = 0; v < count; ++v)
          lanes::store(tracks.current_gradient.at(0, pixel) + first + v * width,
                       total[static_cast<std::size_t>(v)], used);
      }
      if constexpr (Cell::parameter_count > 0) parameter_gradient += xsimd::hadd(own);
    });
  }
  return parameter_gradient;
}

/// The rows of a batch as spans, in parallel: `body(task, sample, row, first channel, span)`.
template <class Body>
void for_each_row(const Extent& extent, const Shape& shape, const Body& body) {
  const Index blocks = words_per_pixel(shape.channels);
  parallel_for(extent.samples * shape.height * blocks, [&](Index task) {
    const Index first = task % blocks * word_bits;
    const Span span{extent.steps, shape.width,
                    static_cast<int>(std::min<Index>(word_bits, shape.channels - first))};
    body(task, task / blocks / shape.height, task / blocks % shape.height, first, span);
  });
}

/// Sweeps currents that lie in memory.
template <class Cell, class Scalar>
void sweep_forward(const Cell& cell, const Extent& extent, const Shape& shape,
                   const Field<const Scalar>& current, const Field<Scalar>& charge,
                   const Field<Word>& spikes, const Field<Scalar>& fired) {
  for_each_row(extent, shape,
               [&](Index /*task*/, Index sample, Index y, Index first, const Span& span) {
                 sweep_forward<Cell, Scalar>(
                     cell, span, current.row(sample, y, first), charge.row(sample, y, first),
                     spikes.row(sample, y, first / word_bits), fired.row(sample, y, first));
               });
}

/// Carries the gradient back through a whole batch.
///
/// @returns the gradient of the neuron's own parameter, summed in the order of the rows
template <class Cell, class Scalar>
Scalar sweep_backward(const Cell& cell, const Extent& extent, const Shape& shape,
                      const Field<const Scalar>& charge, const Field<const Scalar>& current,
                      const Field<const Scalar>& spike_gradient,
                      const Field<Scalar>& current_gradient) {
  std::vector<Scalar> partial(
      static_cast<std::size_t>(extent.samples * shape.height * words_per_pixel(shape.channels)));
  for_each_row(
      extent, shape, [&](Index task, Index sample, Index y, Index first, const Span& span) {
        partial[static_cast<std::size_t>(task)] = sweep_backward<Cell, Scalar>(
            cell, span,
            {charge.row(sample, y, first), current.row(sample, y, first),
             spike_gradient.row(sample, y, first), current_gradient.row(sample, y, first)});
      });
  Scalar total{0};
  for (const Scalar value : partial) total += value;
  return total;
}

}  // namespace snnbd::inline SNNBD_ISA::kernels

#pragma once

#include <algorithm>
#include <array>
#include <type_traits>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/simd/lanes.hpp>
#include <snnbd/kernels/simd/strided_view.hpp>

/// Neurons through time: the only loops that walk the steps of a sequence. A group is one, two or
/// four registers of neighbouring channels of one pixel. Its membranes stay in registers through
/// all steps forward, and the gradients that they carry on the way back; several registers hide
/// each other's latency. Currents come from cache (a tile) or from memory. Each update reads and
/// writes a few values and computes little more, so that memory is the limit where no cache holds
/// them; a surrogate with an exponential computes more than it reads.
namespace snnbd::inline SNNBD_ISA::kernels {

/// What a reverse scan reads and writes.
///
/// @tparam Current a track of values, or an input current in place of one (input_current.hpp)
template <class Scalar, class Current = Track<const Scalar>>
struct BackwardTracks {
  Track<const Scalar> charge;          ///< membrane at charge, H, if it was kept
  Current current;                     ///< else the input, from which H is made again
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
/// at last by one register that may be partly used. Several registers hide each other's latency.
template <class Scalar, class Body>
void for_each_group(int channels, const Body& body) {
  constexpr int width = lanes::width<Scalar>;
  int done = 0;
  if constexpr (4 * width <= word_bits) {
    for (; channels - done >= 4 * width; done += 4 * width)
      body(done, std::integral_constant<int, 4>{});
  }
  for (; channels - done >= 2 * width; done += 2 * width)
    body(done, std::integral_constant<int, 2>{});
  for (; done < channels; done += width) body(done, std::integral_constant<int, 1>{});
}

/// Some registers of neighbouring channels of one pixel: what stays in registers through time.
template <int Registers, class Scalar>
struct Group {
  using Batch = lanes::Batch<Scalar>;
  static constexpr int width = lanes::width<Scalar>;
  int used = width;  ///< lanes of each register

  [[nodiscard]] Batch load(const Scalar* source, int number) const {
    return lanes::load(source + number * width, used);
  }
  void store(Scalar* target, int number, const Batch& value) const {
    lanes::store(target + number * width, value, used);
  }
};

/// One register of the currents of a group, whose first channel is `first`.
template <int Registers, class Scalar>
lanes::Batch<Scalar> input_current(const Group<Registers, Scalar>& group,
                                   const Track<const Scalar>& current, Index step, Index pixel,
                                   int first, int number) {
  return group.load(current.at(step, pixel) + first, number);
}

/// Makes the membranes at charge of a group again, [step, register].
template <int Registers, class Cell, class Scalar, class Current>
void recharge(const Cell cell, const Group<Registers, Scalar> group, Index steps,
              const Current current, Index pixel, int first, Scalar* charge) {
  using Batch = lanes::Batch<Scalar>;
  std::array<Batch, std::size_t{Registers}> membrane;
  membrane.fill(cell.initial());
  for (Index step = 0; step < steps; ++step) {
#pragma GCC unroll 4
    for (int v = 0; v < Registers; ++v) {
      Batch& potential = membrane[static_cast<std::size_t>(v)];
      const Batch input = input_current(group, current, step, pixel, first, v);
      const Batch high = cell.charge(potential, input);
      potential = cell.reset(high, cell.fire(high), input);
      high.store_aligned(charge + (step * Registers + v) * group.width);
    }
  }
}

/// Where the membranes of a group stand: kept in a signal, or made again in a packed buffer.
template <class Scalar>
struct Charges {
  const Scalar* data = nullptr;
  Index step_stride = 0;
  int used = 0;
};

/// The ages of the last spikes of a group at each step, [step, register].
template <int Registers, class Cell, class Scalar>
void count_ages(const Cell& cell, Index steps, const Charges<Scalar>& charges, Scalar* ages) {
  using Batch = lanes::Batch<Scalar>;
  const Group<Registers, Scalar> kept{charges.used};
  std::array<Batch, std::size_t{Registers}> age;
  age.fill(cell.unfired_age());
  for (Index step = 0; step < steps; ++step) {
    for (int v = 0; v < Registers; ++v) {
      Batch& last = age[static_cast<std::size_t>(v)];
      last.store_aligned(ages + (step * Registers + v) * kept.width);
      const Batch high = kept.load(charges.data + step * charges.step_stride, v);
      last = cell.older(last, cell.fire(high));
    }
  }
}

/// The gradients of a neuron's own parameters.
template <class Cell, class Scalar>
using OwnGradients = std::array<Scalar, std::size_t{Cell::parameter_count}>;

/// The reverse scan of one group. With `Summed` the steps' input gradients are added up.
///
/// @param ages as `count_ages` gives them, if the cell is timed
template <int Registers, bool Summed, class Cell, class Scalar>
OwnGradients<Cell, Scalar> scan_back(const Cell cell, const Group<Registers, Scalar> group,
                                     Index steps, const Charges<Scalar> charges,
                                     [[maybe_unused]] const Scalar* ages, const Scalar* slope,
                                     Index slope_stride, Scalar* result, Index result_stride) {
  using Batch = lanes::Batch<Scalar>;
  const Group<Registers, Scalar> kept{charges.used};
  std::array<Batch, std::size_t{Registers}> carried;
  std::array<Batch, std::size_t{Registers}> total;
  carried.fill(Batch(Scalar{0}));
  total.fill(Batch(Scalar{0}));
  typename Cell::Parameters own;
  own.fill(Batch(Scalar{0}));
  for (Index step = steps - 1; step >= 0; --step) {
    const Scalar* membrane = charges.data + step * charges.step_stride;
#pragma GCC unroll 4
    for (int v = 0; v < Registers; ++v) {
      const auto lane = static_cast<std::size_t>(v);
      const Batch high = kept.load(membrane, v);
      typename Cell::Step now{group.load(slope + step * slope_stride, v), carried[lane], high,
                              cell.fire(high), high};
      if constexpr (Cell::timed)
        now.age = Batch::load_aligned(ages + (step * Registers + v) * group.width);
      const Batch gradient = cell.charge_gradient(now);
      if constexpr (Cell::parameter_count > 0) {
        Batch before = cell.initial();
        if constexpr (!Cell::delayed) {
          if (step > 0) {
            const Batch earlier = kept.load(membrane - charges.step_stride, v);
            before = cell.reset(earlier, cell.fire(earlier), earlier);
          }
        }
        const auto inside = Batch::load_unaligned(lane_numbers<Scalar>().data()) <
                            Batch(static_cast<Scalar>(group.used));
        const auto gradients = cell.parameter_gradient(now, gradient, before);
        for (std::size_t p = 0; p < own.size(); ++p)
          own[p] += lanes::select(inside, gradients[p], Batch(Scalar{0}));
      }
      carried[lane] = cell.membrane_gradient(gradient);
      if constexpr (Summed) {
        total[lane] += cell.input_gradient(now, gradient);
      } else {
        group.store(result + step * result_stride, v, cell.input_gradient(now, gradient));
      }
    }
  }
  if constexpr (Summed) {
    for (int v = 0; v < Registers; ++v) group.store(result, v, total[static_cast<std::size_t>(v)]);
  }
  OwnGradients<Cell, Scalar> sums{};
  for (std::size_t p = 0; p < own.size(); ++p) sums[p] = xsimd::hadd(own[p]);
  return sums;
}

/// The pixels of a span as one long pixel, if they are neighbours in every track.
template <class Scalar, class Current>
Span joined(const Span& span, const BackwardTracks<Scalar, Current>& tracks) {
  const auto neighbours = [&](const auto& track) {
    if constexpr (requires { track.pixel_stride; }) {
      return track.data == nullptr || track.pixel_stride == span.channels;
    } else {
      return false;
    }
  };
  if (!neighbours(tracks.charge) || !neighbours(tracks.current) ||
      !neighbours(tracks.spike_gradient) || !neighbours(tracks.current_gradient))
    return span;
  return {span.steps, 1, static_cast<int>(span.pixels * span.channels)};
}

}  // namespace detail

/// Charges, fires and resets the neurons of a span over all steps.
///
/// @param current a track of values, or an input current in place of one (input_current.hpp)
/// @param charge where the membrane at charge is kept for the reverse scan; may be empty
/// @param spikes one word a pixel and step; every word is written
/// @param fired the real value of firing, written instead of words by a smooth neuron
/// @param mask the units that a gradient can enter, as the spikes; written if it is not empty
/// @param membranes if the steps are a window of a longer sequence
template <class Cell, class Scalar, class Current = Track<const Scalar>>
void scan_forward(const Cell& neuron, const Span& span, const Current& current,
                  const Track<Scalar>& charge, const Track<Word>& spikes,
                  const Track<Scalar>& fired, const Track<Word>& mask = {},
                  const Membranes<Track<Scalar>>& membranes = {}) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  const Cell cell = neuron;  // a copy whose constants no store can change
  for (Index pixel = 0; pixel < span.pixels; ++pixel) {
    detail::for_each_group<Scalar>(span.channels, [&](int first, auto registers) {
      constexpr int count = decltype(registers)::value;
      const detail::Group<count, Scalar> group{std::min(width, span.channels - first)};
      std::array<Batch, std::size_t{count}> membrane;
      membrane.fill(cell.initial());
      if (membranes.before.data != nullptr) {
        for (int v = 0; v < count; ++v)
          membrane[static_cast<std::size_t>(v)] =
              group.load(membranes.before.at(0, pixel) + first, v);
      }
      [[maybe_unused]] std::array<Batch, std::size_t{count}> age;
      if constexpr (Cell::timed) age.fill(cell.unfired_age());
      for (Index step = 0; step < span.steps; ++step) {
        Word word = 0;
        [[maybe_unused]] Word entered = 0;
#pragma GCC unroll 4
        for (int v = 0; v < count; ++v) {
          Batch& potential = membrane[static_cast<std::size_t>(v)];
          const Batch input = input_current(group, current, step, pixel, first, v);
          const Batch high = cell.charge(potential, input);
          const Batch spike = cell.fire(high);
          potential = cell.reset(high, spike, input);
          if (charge.data != nullptr) group.store(charge.at(step, pixel) + first, v, high);
          if constexpr (Cell::smooth) {
            group.store(fired.at(step, pixel) + first, v, cell.value(spike));
          } else {
            word |= lanes::bits(spike > Batch(Scalar{0})) << (v * width);
          }
          if constexpr (Cell::timed) {
            if (mask.data != nullptr) {
              Batch& last = age[static_cast<std::size_t>(v)];
              entered |= lanes::bits(cell.passes_gradient(high, last)) << (v * width);
              last = cell.older(last, spike);
            }
          } else if constexpr (Cell::compact) {
            entered |= lanes::bits(cell.passes_gradient(high, high)) << (v * width);
          }
        }
        [[maybe_unused]] const auto write = [&](Word* target, Word bits) {
          if (group.used < width) bits &= (Word{1} << group.used) - 1;
          *target = first == 0 ? bits : *target | bits << first;
        };
        if constexpr (!Cell::smooth) write(spikes.at(step, pixel), word);
        if constexpr (Cell::compact) {
          if (mask.data != nullptr) write(mask.at(step, pixel), entered);
        }
      }
      if (membranes.after.data != nullptr) {
        for (int v = 0; v < count; ++v)
          group.store(membranes.after.at(0, pixel) + first, v,
                      membrane[static_cast<std::size_t>(v)]);
      }
    });
  }
}

/// Carries the gradient of the spikes back through time to the input currents.
///
/// With gV from the step after (0 at the last), gH = cell.charge_gradient(gS, gV, H, S),
/// gX = gain * gH and gV = leak * gH (STBP, Wu et al. 2018; the paper's Sec. 2.2.1).
///
/// @returns the gradients of the neuron's own parameters
template <class Cell, class Scalar, class Current = Track<const Scalar>>
detail::OwnGradients<Cell, Scalar> scan_backward(const Cell& cell, const Span& given,
                                                 const BackwardTracks<Scalar, Current>& tracks) {
  constexpr int width = lanes::width<Scalar>;
  const Span span = detail::joined(given, tracks);
  const bool summed = tracks.current_gradient.step_stride == 0;
  detail::OwnGradients<Cell, Scalar> own{};
  for (Index pixel = 0; pixel < span.pixels; ++pixel) {
    detail::for_each_group<Scalar>(span.channels, [&](int first, auto registers) {
      constexpr int count = decltype(registers)::value;
      const detail::Group<count, Scalar> group{std::min(width, span.channels - first)};
      detail::Charges<Scalar> charges;
      if (tracks.charge.data != nullptr) {
        charges = {tracks.charge.at(0, pixel) + first, tracks.charge.step_stride, group.used};
      } else {
        Scalar* const again =
            thread_scratch<struct ScanCharges, Scalar>(span.steps * count * width);
        detail::recharge(cell, group, span.steps, tracks.current, pixel, first, again);
        charges = {again, Index{count} * width, width};
      }
      Scalar* ages = nullptr;
      if constexpr (Cell::timed) {
        ages = thread_scratch<struct ScanAges, Scalar>(span.steps * count * width);
        detail::count_ages<count>(cell, span.steps, charges, ages);
      }
      const auto scan = [&](auto sum) {
        return detail::scan_back<count, decltype(sum)::value>(
            cell, group, span.steps, charges, ages, tracks.spike_gradient.at(0, pixel) + first,
            tracks.spike_gradient.step_stride, tracks.current_gradient.at(0, pixel) + first,
            tracks.current_gradient.step_stride);
      };
      const auto part = summed ? scan(std::true_type{}) : scan(std::false_type{});
      for (std::size_t p = 0; p < own.size(); ++p) own[p] += part[p];
    });
  }
  return own;
}

}  // namespace snnbd::inline SNNBD_ISA::kernels

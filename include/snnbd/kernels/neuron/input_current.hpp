#pragma once

#include <snnbd/kernels/elementwise/normalize.hpp>
#include <snnbd/kernels/linear/tile.hpp>
#include <snnbd/kernels/neuron/scan_batch.hpp>

/// Input currents that do not lie in memory as they are: values that are normalized, spikes that
/// are unpacked, and sums of two, made in registers while a scan reads them. Each stands for a
/// signal of a batch and hands a scan what it takes: the rows of a sample, or a tile. So neither
/// normalized values nor sums are written or read again; the reverse scan makes them a second time,
/// by the same arithmetic. They cost a few operations for each update and save a pass over memory.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Values of a tile in a signal that holds `width` of them for each pixel.
template <class Value>
Track<Value> track_of(Value* data, const Cells& place, Index width, Index first) {
  if (data == nullptr) return {};
  return {data + place.first * width + first, place.step_stride * width,
          place.pixel_stride * width};
}

template <class Scalar>
struct NormedTrack {
  Track<const Scalar> values;
  ChannelMap<Scalar> map;  ///< of the track's channels
};

template <class Scalar>
struct FiredTrack {
  Track<const Word> words;
  Scalar amplitude{1};
};

template <class First, class Second>
struct SummedTrack {
  First first;
  Second second;
};

namespace detail {

template <int Registers, class Scalar>
lanes::Batch<Scalar> input_current(const Group<Registers, Scalar>& group,
                                   const NormedTrack<Scalar>& current, Index step, Index pixel,
                                   int first, int number) {
  const auto distance = input_current(group, current.values, step, pixel, first, number) -
                        group.load(current.map.mean + first, number);
  return xsimd::fma(distance, group.load(current.map.factor + first, number),
                    group.load(current.map.bias + first, number));
}

template <int Registers, class Scalar>
lanes::Batch<Scalar> input_current(const Group<Registers, Scalar>& group,
                                   const FiredTrack<Scalar>& current, Index step, Index pixel,
                                   int first, int number) {
  const Word word = *current.words.at(step, pixel) >> (first + number * group.width);
  return lanes::select(lanes::from_bits<Scalar>(word), lanes::Batch<Scalar>(current.amplitude),
                       lanes::Batch<Scalar>(Scalar{0}));
}

template <int Registers, class Scalar, class First, class Second>
lanes::Batch<Scalar> input_current(const Group<Registers, Scalar>& group,
                                   const SummedTrack<First, Second>& current, Index step,
                                   Index pixel, int first, int number) {
  return input_current(group, current.first, step, pixel, first, number) +
         input_current(group, current.second, step, pixel, first, number);
}

}  // namespace detail

/// The values of a signal as they are.
template <class Scalar>
struct StoredCurrent {
  RealView<const Scalar> values;

  [[nodiscard]] Track<const Scalar> row(Index sample, Index y, Index first) const {
    return field_of(values.data, values.shape, values.extent.steps, Index{values.shape.channels})
        .row(sample, y, first);
  }
  [[nodiscard]] Track<const Scalar> tile(const Tile& tile) const {
    return track_of(values.data, cells(tile, values.extent.steps, values.shape.pixels()),
                    Index{values.shape.channels}, Index{tile.first_channel});
  }
};

/// The values of a signal, normalized.
template <class Scalar>
struct NormedCurrent {
  RealView<const Scalar> values;
  ChannelMap<Scalar> map;

  [[nodiscard]] NormedTrack<Scalar> row(Index sample, Index y, Index first) const {
    return {StoredCurrent<Scalar>{values}.row(sample, y, first), map.from(first)};
  }
  [[nodiscard]] NormedTrack<Scalar> tile(const Tile& tile) const {
    return {StoredCurrent<Scalar>{values}.tile(tile), map.from(tile.first_channel)};
  }
};

/// The amplitude of spikes where there are some.
template <class Scalar>
struct SpikeCurrent {
  SpikeView<const Word> spikes;

  [[nodiscard]] FiredTrack<Scalar> row(Index sample, Index y, Index first) const {
    return {field_of(spikes.words, spikes.shape, spikes.extent.steps, Index{spikes.pixel_words()})
                .row(sample, y, first / word_bits),
            static_cast<Scalar>(spikes.amplitude)};
  }
  [[nodiscard]] FiredTrack<Scalar> tile(const Tile& tile) const {
    return {track_of(spikes.words, cells(tile, spikes.extent.steps, spikes.shape.pixels()),
                     Index{spikes.pixel_words()}, Index{tile.first_channel / word_bits}),
            static_cast<Scalar>(spikes.amplitude)};
  }
};

/// The sum of two.
template <class First, class Second>
struct SummedCurrent {
  First first;
  Second second;

  [[nodiscard]] auto row(Index sample, Index y, Index channel) const {
    return summed(first.row(sample, y, channel), second.row(sample, y, channel));
  }
  [[nodiscard]] auto tile(const Tile& tile) const {
    return summed(first.tile(tile), second.tile(tile));
  }

 private:
  template <class One, class Other>
  static SummedTrack<One, Other> summed(const One& one, const Other& other) {
    return {one, other};
  }
};
template <class First, class Second>
SummedCurrent(First, Second) -> SummedCurrent<First, Second>;

/// Writes the input currents of a span.
template <class Scalar, class Current>
void write_current(const Span& span, const Current& current, const Track<Scalar>& target) {
  for (Index pixel = 0; pixel < span.pixels; ++pixel) {
    detail::for_each_group<Scalar>(span.channels, [&](int first, auto registers) {
      constexpr int count = decltype(registers)::value;
      const detail::Group<count, Scalar> group{
          std::min(lanes::width<Scalar>, span.channels - first)};
      for (Index step = 0; step < span.steps; ++step)
        for (int v = 0; v < count; ++v)
          group.store(target.at(step, pixel) + first, v,
                      detail::input_current(group, current, step, pixel, first, v));
    });
  }
}

/// The same for a whole signal.
template <class Scalar, class Current>
void write_current(const Current& current, const RealView<Scalar>& target) {
  const Field<Scalar> field =
      field_of(target.data, target.shape, target.extent.steps, Index{target.shape.channels});
  detail::for_each_band(
      target.extent, target.shape, 1,
      [&](Index /*task*/, Index sample, Index y, Index /*rows*/, Index first, const Span& span) {
        write_current<Scalar>(span, current.row(sample, y, first), field.row(sample, y, first));
      });
}

/// Takes tiles that are normalized on their way to what `Target` makes of them.
template <class Scalar, class Target>
struct NormedTiles {
  ChannelMap<Scalar> map;
  Target target;  ///< takes `scan(tile, currents of the tile)`

  void operator()(const Tile& tile, const Scalar* values, Index step_stride,
                  Index pixel_stride) const {
    target.scan(tile, NormedTrack<Scalar>{{values, step_stride, pixel_stride},
                                          map.from(tile.first_channel)});
  }
};

/// Adds a second input current to the tiles that it is given.
template <class Second, class Target>
struct SummedTiles {
  Second second;
  Target target;

  template <class First>
  void scan(const Tile& tile, const First& first) const {
    const auto other = second.tile(tile);
    target.scan(tile, SummedTrack<First, std::remove_const_t<decltype(other)>>{first, other});
  }
};

/// Writes input currents where they belong in a signal.
template <class Scalar>
struct CurrentWriter {
  RealView<Scalar> target;

  template <class Current>
  void scan(const Tile& tile, const Current& current) const {
    const Cells place = cells(tile, target.extent.steps, target.shape.pixels());
    write_current<Scalar>(
        {target.extent.steps, tile.count, tile.channels}, current,
        track_of(target.data, place, Index{target.shape.channels}, Index{tile.first_channel}));
  }
};

}  // namespace snnbd::inline SNNBD_ISA::kernels

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/format/npy.hpp>

/// The first inputs of the fuzzer `events`: a small recording in each format.
namespace fuzz {

class EventInput {
 public:
  /// @param choice the format, the convention and so on, as `events.cpp` has it
  explicit EventInput(unsigned choice) { big(choice, 1).big(7, 1); }

  EventInput& text(std::string_view text) {
    for (const char letter : text) bytes.push_back(static_cast<std::byte>(letter));
    return *this;
  }
  EventInput& big(std::uint64_t value, unsigned size) {
    for (unsigned shift = 8 * size; shift > 0; shift -= 8)
      bytes.push_back(static_cast<std::byte>(value >> (shift - 8) & 0xFFU));
    return *this;
  }
  EventInput& little(std::uint64_t value, unsigned size) {
    for (unsigned place = 0; place < size; ++place)
      bytes.push_back(static_cast<std::byte>(value >> 8 * place & 0xFFU));
    return *this;
  }
  EventInput& add(const std::vector<std::byte>& more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return *this;
  }

  std::vector<std::byte> bytes;
};

inline EventInput aedat3_packet(EventInput input, unsigned type, unsigned size, unsigned overflow,
                                unsigned number) {
  input.little(type, 2).little(1, 2).little(size, 4).little(4, 4).little(overflow, 4);
  return input.little(number, 4).little(number, 4).little(number, 4);
}

inline void write_event_corpus(const auto& put) {
  enum Choice : unsigned { automatic, atis, aedat2, aedat3, aedat4, prophesee, table, archive };
  EventInput digit{atis};
  digit.big(3, 1).big(4, 1).big(0x80'00'10, 3).big(0, 1).big(240, 1).big(5, 3);
  put("events/atis", digit.big(33, 1).big(33, 1).big(7, 3).bytes);

  EventInput retina{aedat2};
  retina.text("#!AER-DAT2.0\r\n# AEChip: x.DVS128\r\n#End Of ASCII Header\r\n");
  put("events/dvs128", retina.big(0x0203, 4).big(0xFFFF'FFFF, 4).big(0x8000, 4).big(1, 4).bytes);
  EventInput camera{automatic};
  camera.text("#!AER-DAT2.0\r\n# AEChip: x.DAVIS240C\r\n").big(0x2300'5800, 4).big(1, 4);
  put("events/davis240", camera.big(0x8000'1000, 4).big(2, 4).big(0x0040'1400, 4).big(3, 4).bytes);

  EventInput packets{aedat3};
  packets.text("#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n");
  packets = aedat3_packet(packets, 1, 8, 0, 2);
  packets.little(0x0006'0017, 4).little(9, 4).little(0x0206'0017, 4).little(10, 4);
  packets = aedat3_packet(packets, 2, 12, 0, 1);
  packets = aedat3_packet(packets.big(0, 8).big(0, 4), 1, 8, 1, 1);
  put("events/aedat3", packets.little(3, 4).little(11, 4).bytes);
  EventInput old{aedat3};
  old.text("#!AER-DAT3.0\r\n#Source 1: DAVIS240C\r\n");
  put("events/aedat3_0", aedat3_packet(old, 1, 8, 0, 1).little(3, 4).little(11, 4).bytes);

  EventInput car{prophesee};
  car.text("% Version 2\n% Width 304\n% Height 240\n").big(0x0C08, 2);
  put("events/prophesee", car.little(5, 4).little(0x1000'C001, 4).little(9, 8).bytes);

  namespace npy = snnbd::npy;
  put("events/columns",
      EventInput{table}
          .add(npy::encode(npy::make_array<float>(
              {2, 4}, std::vector{1.0F, 2.0F, 0.0F, 0.5F, 3.0F, 4.0F, 1.0F, 2.25F})))
          .bytes);
  const std::string fields =
      "{'descr': [('x', '<i2'), ('y', '>u2'), ('p', '|b1'), ('t', '<i8')], 'fortran_order': False, "
      "'shape': (1,), }";
  EventInput structured{table};
  structured.text("\x93NUMPY").little(1, 2).little(fields.size(), 2).text(fields);
  put("events/fields", structured.little(1, 2).big(2, 2).little(1, 1).little(77, 8).bytes);

  EventInput arrays{archive};
  for (const int member : {0, 1, 2, 3}) {
    const std::vector<std::int16_t> values{static_cast<std::int16_t>(member % 2), 1};
    const auto array = npy::encode(npy::make_array(values));
    arrays.little(array.size(), 2).add(array);
  }
  put("events/archive", arrays.bytes);
}

}  // namespace fuzz

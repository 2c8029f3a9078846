// NumPy's files, one array or several. What is accepted must survive being written and read again.
// Random changes to an archive would nearly all end at its checksums: most are made to its members.
#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <snnbd/format/npy.hpp>
#include <snnbd/format/zip.hpp>

#include "input_file.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t limit);

namespace {

bool is_archive(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{'P'} && bytes[1] == std::byte{'K'};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace npy = snnbd::npy;
  const auto bytes = std::as_bytes(std::span{data, size});
  if (is_archive(bytes)) {
    std::vector<npy::NamedArray> arrays;
    if (!fuzz::accepts([&] { arrays = npy::decode_npz(bytes, "input"); })) return 0;
    fuzz::expect(npy::decode_npz(npy::encode_npz(arrays), "written again") == arrays,
                 "the same arrays as before");
    return 0;
  }
  npy::Array array;
  if (!fuzz::accepts([&] { array = npy::decode(bytes, "input"); })) return 0;
  fuzz::expect(npy::decode(npy::encode(array), "written again") == array,
               "the same array as before");
  fuzz::accepts([&] { npy::whole_numbers(array, "input"); });
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t limit, unsigned seed) {
  namespace zip = snnbd::zip;
  std::vector<zip::Member> members;
  const auto bytes = std::as_bytes(std::span{data, size});
  if (seed % 4 == 0 || !is_archive(bytes) ||
      !fuzz::accepts([&] { members = zip::decode(bytes, "input"); }) || members.empty())
    return LLVMFuzzerMutate(data, size, limit);
  constexpr std::size_t largest = 1 << 14;
  std::vector<std::byte>& content = members[seed / 4 % members.size()].bytes;
  const std::size_t before = std::min(content.size(), largest);
  content.resize(largest);
  content.resize(
      LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(content.data()), before, largest));
  std::vector<std::byte> changed = zip::encode(members);
  if (changed.size() > limit) return LLVMFuzzerMutate(data, size, limit);
  std::memcpy(data, changed.data(), changed.size());
  return changed.size();
}

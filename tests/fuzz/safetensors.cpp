// Files of named tensors. What is accepted must survive being written and read again.
#include <span>
#include <string>

#include <snnbd/format/safetensors.hpp>

#include "input_file.hpp"
#include "mutate_safetensors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace st = snnbd::safetensors;
  st::File file;
  if (!fuzz::accepts([&] { file = st::decode(std::as_bytes(std::span{data, size}), "input"); }))
    return 0;
  std::vector<std::byte> written;
  // Names that stand for something else are readable, but not written.
  if (!fuzz::accepts([&] { written = st::encode(file.tensors, file.metadata); })) return 0;
  const st::File again = st::decode(written, "written again");
  fuzz::expect(again.tensors.size() == file.tensors.size(), "as many tensors as before");
  for (const st::TensorEntry& tensor : file.tensors) {
    const st::TensorEntry* found = again.find(tensor.name);
    fuzz::expect(found != nullptr && *found == tensor, "each tensor as it was");
  }
  for (const auto& [name, text] : file.metadata) {
    const std::string* found = again.find_metadata(name);
    fuzz::expect(found != nullptr && (name == st::checksum_key || *found == text),
                 "each text as it was");
  }
  return 0;
}

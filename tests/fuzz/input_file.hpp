#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

#include <snnbd/core/error.hpp>

namespace fuzz {

/// Ends the program, as the fuzzer takes for a finding.
inline void expect(bool holds, std::string_view sentence) {
  if (holds) return;
  std::fprintf(stderr, "expected %.*s\n", static_cast<int>(sentence.size()), sentence.data());
  std::abort();
}

/// Calls a reader. An `Error` of one sentence is its way to refuse; every other exception ends the
/// program.
///
/// @returns whether it accepted
template <class Reader>
bool accepts(const Reader& reader) {
  try {
    reader();
    return true;
  } catch (const snnbd::Error& error) {
    expect(!std::string_view{error.what()}.empty(), "an error that says something");
    return false;
  }
}

/// A file in memory, for readers that take a path.
class InputFile {
 public:
  InputFile(const std::uint8_t* data, std::size_t size)
      : descriptor_{::memfd_create("input", MFD_CLOEXEC)} {
    expect(descriptor_ >= 0, "a file in memory");
    std::size_t written = 0;
    while (written < size) {
      const auto count = ::write(descriptor_, data + written, size - written);
      expect(count > 0, "room in memory for the input");
      written += static_cast<std::size_t>(count);
    }
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile() { ::close(descriptor_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace fuzz

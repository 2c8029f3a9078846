#pragma once

#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <system_error>

#include <unistd.h>

namespace snnbd_tests {

/// A file of this process that is not there at first, and gone at the end.
struct TemporaryFile {
  std::string path = (std::filesystem::temp_directory_path() /
                      ("snnbd_test_" + std::to_string(::getpid()) + ".safetensors"))
                         .string();

  TemporaryFile() { remove(); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { remove(); }

  [[nodiscard]] std::string read() const {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  void write(const std::string& bytes) const {
    std::ofstream{path, std::ios::binary}.write(bytes.data(),
                                                static_cast<std::streamsize>(bytes.size()));
  }

 private:
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

}  // namespace snnbd_tests

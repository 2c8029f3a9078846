// Records of CIFAR-10's binary files.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <snnbd/data/cifar10.hpp>

#include "input_file.hpp"

namespace {

/// A folder with the name that the reader looks for, which leads to the file in memory.
class Folder {
 public:
  Folder() { fuzz::expect(::mkdtemp(path_.data()) != nullptr, "a folder in /dev/shm"); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::remove(link().c_str());
    std::remove(path_.c_str());
  }

  const std::string& lead_to(const std::string& target) {
    std::remove(link().c_str());
    fuzz::expect(::symlink(target.c_str(), link().c_str()) == 0, "a name for the input");
    return path_;
  }

 private:
  [[nodiscard]] std::string link() const { return path_ + "/test_batch.bin"; }

  std::string path_ = "/dev/shm/snnbd-fuzz-XXXXXX";
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::InputFile file{data, size};
  static Folder named;
  const std::string& folder = named.lead_to(file.path());
  fuzz::accepts([&] {
    using snnbd::data::Cifar10;
    const Cifar10 set{snnbd::data::Part::test, folder};
    fuzz::expect(set.size() == size / 3073 && size % 3073 == 0, "whole records");
    std::array<float, Cifar10::shape.size()> image{};
    for (std::size_t index = 0; index < set.size(); ++index) {
      fuzz::expect(set.label(index) >= 0 && set.label(index) < Cifar10::classes, "a known class");
      set.read(index, image);
      for (const float value : image)
        fuzz::expect(value >= 0.0F && value <= 1.0F, "pixels from 0 to 1");
    }
  });
  return 0;
}

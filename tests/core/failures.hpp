#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file_operations.hpp>
#include <snnbd/core/parallel.hpp>

#include "file_folder.hpp"
#include "keep_threads.hpp"

namespace snnbd_tests {

/// While it lives, one allocation of this process fails, or that and all behind it.
class AllocationFault {
 public:
  /// @param number of allocations that succeed before
  AllocationFault(long number, bool all_behind);
  AllocationFault(const AllocationFault&) = delete;
  AllocationFault& operator=(const AllocationFault&) = delete;
  ~AllocationFault();

  [[nodiscard]] static bool fired();
};

/// Allocations that were not freed yet.
long allocations_alive();

/// Bytes that this process asked for so far, freed or not.
std::size_t allocated_bytes();

/// While it lives, one call of the system for a file fails.
class FileFault {
 public:
  /// @param number of calls that succeed before
  /// @param reason as in `errno`
  FileFault(long number, int reason);
  FileFault(const FileFault&) = delete;
  FileFault& operator=(const FileFault&) = delete;
  ~FileFault();

  [[nodiscard]] static bool fired();
  /// Whether a file was renamed to its place.
  [[nodiscard]] static bool renamed();
};

/// While it lives, nothing waits for the disk.
class Unflushed : public Replaced {
 public:
  Unflushed() : Replaced{make()} {}

 private:
  static snnbd::detail::FileOperations make() {
    auto operations = snnbd::detail::system_file_operations();
    operations.flush = [](int) { return 0; };
    return operations;
  }
};

/// While it lives, loops run on this thread alone. Which thread takes which part of a loop is not
/// known, and each keeps its scratch, so that others may take theirs during any attempt.
class OneThread : KeepThreads {
 public:
  OneThread() { snnbd::set_thread_count(1); }
};

inline int open_descriptors() {
  std::error_code none;
  int count = 0;
  for (std::filesystem::directory_iterator entry{"/proc/self/fd", none};
       entry != std::filesystem::directory_iterator{}; entry.increment(none))
    ++count;
  return count;
}

/// How a piece of work went.
struct Attempt {
  bool fired = false;    ///< the fault was met
  bool refused = false;  ///< it ended with an error
  bool renamed = false;  ///< a file is in its place; with faults of files only
};

/// Does `work` under a fault and checks that it leaves neither memory nor an open file behind, and
/// that whatever it throws is one sentence, or a lack of memory where memory is lacking. Needs an
/// `OneThread`, under which the work was done once before.
template <class Fault, class Work, class... Arguments>
Attempt attempt(const Work& work, Arguments... arguments) {
  Attempt result;
  std::string sentence;
  sentence.reserve(20'000);
  const int descriptors = open_descriptors();
  const long alive = allocations_alive();
  {
    const Fault fault{arguments...};
    try {
      work();
    } catch (const snnbd::Error& error) {
      result.refused = true;
      sentence = error.what();
    } catch (const std::bad_alloc&) {
      result.refused = true;
      sentence = "expected memory";
    }
    result.fired = Fault::fired();
    if constexpr (requires { Fault::renamed(); }) result.renamed = Fault::renamed();
  }
  CHECK(allocations_alive() == alive);
  CHECK(open_descriptors() == descriptors);
  if (result.refused) {
    CHECK_THAT(sentence, Catch::Contains("expected"));
    CHECK(sentence.find('\n') == std::string::npos);
    if constexpr (std::is_same_v<Fault, FileFault>) CHECK(sentence != "expected memory");
  }
  return result;
}

/// Lets each allocation and each call for a file of `work` fail in turn.
///
/// @param before called before each attempt
/// @param after called behind it with its `Attempt`
template <class Before, class Work, class After>
void with_each_failure(const Before& before, const Work& work, const After& after) {
  const OneThread one_thread;
  // Whatever is made once and kept.
  before();
  work();
  // EIO: the disk; ENOSPC would be told in the same way.
  for (const int reason : {EIO, EACCES}) {
    Attempt last{true, false, false};
    long number = 0;
    for (; last.fired; ++number) {
      before();
      last = attempt<FileFault>(work, number, reason);
      after(last);
    }
    CHECK(number > 1);
    CHECK_FALSE(last.refused);
  }
  const Unflushed unflushed;
  for (const bool all_behind : {false, true}) {
    Attempt last{true, false, false};
    long number = 0;
    for (; last.fired; ++number) {
      before();
      last = attempt<AllocationFault>(work, number, all_behind);
      after(last);
    }
    CHECK(number > 1);
    CHECK_FALSE(last.refused);
  }
}

/// Reads by the system alone.
inline std::string content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Lets each step of writing a file fail in turn: the previous file keeps its content until the new
/// one is there as a whole, and nothing stays beside it.
///
/// @param write writes the same to any path
template <class Write>
void check_writer(const Write& write) {
  const Folder folder;
  const std::string path = folder.at("file");
  write(path);
  const std::string expected = content_of(path);
  const auto before = [&] { std::ofstream{path, std::ios::binary} << "previous"; };
  const auto after = [&](const Attempt& last) {
    const std::string found = content_of(path);
    if (!last.refused || last.renamed)
      REQUIRE(found == expected);
    else
      REQUIRE((found == "previous" || found == expected));
    REQUIRE(folder.entries() == 1);
  };
  with_each_failure(
      before, [&] { write(path); }, after);
}

/// Lets each step of reading a file fail in turn: it gives what it gives without, or an error.
///
/// @param read gives something that can be compared
template <class Read>
void check_reader(const Read& read) {
  const auto expected = read();
  bool right = false;
  with_each_failure([&] { right = false; }, [&] { right = read() == expected; },
                    [&](const Attempt& last) { REQUIRE(last.refused != right); });
}

}  // namespace snnbd_tests

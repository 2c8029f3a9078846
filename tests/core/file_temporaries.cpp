#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/core/file_operations.hpp>

#include "file_folder.hpp"

using Catch::Matchers::Contains;
using snnbd::detail::FileOperations;
using snnbd_tests::Folder;
using snnbd_tests::Replaced;
using snnbd_tests::text_of;
namespace fs = std::filesystem;

namespace {

void make_file(const std::string& path, std::chrono::hours age) {
  std::ofstream{path} << "unfinished";
  fs::last_write_time(path, fs::file_time_type::clock::now() - age);
}

/// A file that is opened and locked, as by a process that writes it.
class Held {
 public:
  explicit Held(const std::string& path) : descriptor_{::open(path.c_str(), O_WRONLY)} {
    REQUIRE(::flock(descriptor_, LOCK_EX | LOCK_NB) == 0);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() { ::close(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

TEST_CASE("What a killed process left behind stops nobody and is removed", "[core]") {
  const Folder folder;
  // Of process 1 of a container, of which the next container has one, too.
  const std::vector<std::string> stale{".snnbd-1-0.tmp", ".snnbd-0123456789abcdef.tmp"};
  for (const std::string& name : stale) make_file(folder.at(name), std::chrono::hours{2});
  const std::vector<std::string> others{".snnbd-notes.tmp", "snnbd-1.tmp", ".snnbd-1.tmp.gz"};
  for (const std::string& name : others) make_file(folder.at(name), std::chrono::hours{2});
  make_file(folder.at(".snnbd-2-0.tmp"), std::chrono::hours{0});   // perhaps still written
  make_file(folder.at(".snnbd-3-0.tmp"), std::chrono::hours{-2});  // by a clock of its own
  make_file(folder.at(".snnbd-4-0.tmp"), std::chrono::hours{2});
  const Held held{folder.at(".snnbd-4-0.tmp")};
  make_file(folder.at("target"), std::chrono::hours{2});
  fs::create_symlink("target", folder.path / ".snnbd-5-0.tmp");
  fs::create_directory(folder.path / ".snnbd-6-0.tmp");
  fs::last_write_time(folder.path / ".snnbd-6-0.tmp",
                      fs::file_time_type::clock::now() - std::chrono::hours{2});

  snnbd::write_file_atomically(folder.at("file"), std::string_view{"new"});
  CHECK(text_of(folder.at("file")) == "new");
  for (const std::string& name : stale) CHECK_FALSE(fs::exists(folder.at(name)));
  for (const std::string& name : others) CHECK(text_of(folder.at(name)) == "unfinished");
  for (const std::string number : {"2", "3", "4"})
    CHECK(text_of(folder.at(".snnbd-" + number + "-0.tmp")) == "unfinished");
  CHECK(fs::is_symlink(folder.path / ".snnbd-5-0.tmp"));
  CHECK(text_of(folder.at("target")) == "unfinished");
  CHECK(fs::is_directory(folder.path / ".snnbd-6-0.tmp"));
  CHECK(folder.entries() == 10);
}

TEST_CASE("A file that is written is locked until it has its name", "[core]") {
  const Folder folder;
  static std::string path;
  static std::vector<std::string> seen;
  path = folder.path.string();
  seen.clear();
  // Whoever looks in the folder while a file is written finds it held, even if it is old.
  const auto look = [] {
    for (const auto& entry : fs::directory_iterator{path}) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with(".snnbd-")) continue;
      const int descriptor = ::open(entry.path().c_str(), O_WRONLY);
      seen.push_back(::flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? "free" : "held");
      ::close(descriptor);
    }
  };
  static void (*observer)() = nullptr;
  observer = look;
  FileOperations watched = snnbd::detail::system_file_operations();
  watched.flush = [](int descriptor) {
    observer();
    return ::fsync(descriptor);
  };
  watched.rename = [](const char* from, const char* to) {
    observer();
    return ::rename(from, to);
  };
  const Replaced replaced{watched};
  snnbd::write_file_atomically(folder.at("file"), std::string_view{"text"});
  // While it is flushed and while it is renamed; then the folder is flushed and nothing is there.
  CHECK(seen == std::vector<std::string>{"held", "held"});
}

TEST_CASE("A name that is taken is not used, and another is tried", "[core]") {
  const Folder folder;
  static std::atomic<int> taken{0};
  static std::set<std::string> names;
  names.clear();
  FileOperations crowded = snnbd::detail::system_file_operations();
  crowded.open = [](const char* path, int flags, mode_t mode) {
    if ((flags & O_EXCL) != 0) {
      names.insert(path);
      if (taken.fetch_sub(1) > 0) {
        errno = EEXIST;
        return -1;
      }
    }
    return ::open(path, flags, mode);
  };
  const Replaced replaced{crowded};
  taken = 50;
  snnbd::write_file_atomically(folder.at("file"), std::string_view{"text"});
  CHECK(text_of(folder.at("file")) == "text");
  CHECK(names.size() == 51);
  taken = 1'000'000;
  CHECK_THROWS_WITH(snnbd::write_file_atomically(folder.at("file"), std::string_view{"next"}),
                    Contains("file: expected a folder that can be written"));
  CHECK(text_of(folder.at("file")) == "text");
}

TEST_CASE("The folder and those made for it are flushed behind the file", "[core]") {
  const Folder folder;
  static std::vector<std::string> calls;
  calls.clear();
  FileOperations watched = snnbd::detail::system_file_operations();
  watched.flush = [](int descriptor) {
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    calls.push_back(fs::read_symlink(link).filename().string());
    return ::fsync(descriptor);
  };
  watched.rename = [](const char* from, const char* to) {
    calls.push_back("rename");
    return ::rename(from, to);
  };
  if (!fs::exists("/proc/self/fd")) {
    WARN("skipped: the system does not tell the names of open files");
    return;
  }
  const Replaced replaced{watched};
  snnbd::write_file_atomically(folder.at("one/two/file"), std::string_view{"text"});
  REQUIRE(calls.size() == 5);
  CHECK(calls[0].starts_with(".snnbd-"));
  CHECK(calls[1] == "rename");
  CHECK(calls[2] == "two");
  CHECK(std::set<std::string>(calls.begin() + 3, calls.end()) ==
        std::set<std::string>{"one", folder.path.filename().string()});
  calls.clear();
  snnbd::write_file_atomically(folder.at("one/two/file"), std::string_view{"next"});
  REQUIRE(calls.size() == 3);
  CHECK(calls[2] == "two");
}

TEST_CASE("Processes that write into one folder do not disturb each other", "[core]") {
  const Folder folder;
  make_file(folder.at(".snnbd-1-0.tmp"), std::chrono::hours{2});
  constexpr int processes = 4;
  constexpr int rounds = 25;
  std::vector<pid_t> children;
  for (int number = 0; number < processes; ++number) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      int wrong = 0;
      for (int round = 0; round < rounds; ++round) {
        const std::string text(1000 + static_cast<std::size_t>(round),
                               static_cast<char>('a' + number));
        try {
          snnbd::write_file_atomically(folder.at("shared"), text);
          snnbd::write_file_atomically(folder.at("own" + std::to_string(number)), text);
          // Someone's text, whole.
          const std::string shared = text_of(folder.at("shared"));
          if (shared.size() < 1000 || shared != std::string(shared.size(), shared[0])) ++wrong;
          if (text_of(folder.at("own" + std::to_string(number))) != text) ++wrong;
        } catch (...) {
          ++wrong;
        }
      }
      ::_exit(wrong == 0 ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  CHECK(folder.entries() == processes + 1);
}

TEST_CASE("A link to a file that is not there yet stays a link", "[core]") {
  const Folder folder;
  fs::create_directory(folder.path / "deep");
  fs::create_symlink("deep/second", folder.path / "first");
  fs::create_symlink("../file", folder.path / "deep/second");
  snnbd::write_file_atomically(folder.at("first"), std::string_view{"text"});
  CHECK(fs::is_symlink(folder.path / "first"));
  CHECK(fs::is_symlink(folder.path / "deep/second"));
  CHECK(text_of(folder.at("file")) == "text");
  fs::create_symlink("circle", folder.path / "circle");
  CHECK_THROWS_WITH(snnbd::write_file_atomically(folder.at("circle"), std::string_view{"x"}),
                    Contains("circle"));
}

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>

#include "file_folder.hpp"

namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using snnbd_tests::Folder;
using snnbd_tests::text_of;

/// While it lives, no file of this process can grow past `bytes`: a disk that is full, even to
/// root.
struct FullDisk {
  rlimit before{};
  explicit FullDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{bytes, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, SIG_DFL);
  }
};

}  // namespace

TEST_CASE("A file that was written is read back and replaced as a whole", "[core]") {
  const Folder folder;
  const std::string path = folder.at("new/folders/file.txt");
  const std::string zeros(100'000, '\0');
  for (const std::string& text : {std::string{"first, the longer one"}, std::string{}, zeros}) {
    snnbd::write_file_atomically(path, text);
    CHECK(text_of(path) == text);
  }
  CHECK(folder.entries() == 1);
  CHECK(std::distance(fs::directory_iterator{folder.path / "new/folders"}, {}) == 1);
}

TEST_CASE("A disk that runs full leaves the previous file and nothing else", "[core]") {
  const Folder folder;
  const std::string path = folder.at("kept");
  snnbd::write_file_atomically(path, std::string_view{"previous"});
  {
    const FullDisk disk{4096};
    CHECK_THROWS_WITH(snnbd::write_file_atomically(path, std::string(50'000, 'x')), Contains(path));
  }
  CHECK(text_of(path) == "previous");
  CHECK(folder.entries() == 1);
}

TEST_CASE("A folder that cannot be written keeps its file", "[core]") {
  if (::geteuid() == 0) {
    WARN("skipped: root may write into every folder");
    return;
  }
  const Folder folder;
  const std::string path = folder.at("kept");
  snnbd::write_file_atomically(path, std::string_view{"previous"});
  fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
  CHECK_THROWS_WITH(snnbd::write_file_atomically(path, std::string_view{"next"}), Contains(path));
  CHECK(text_of(path) == "previous");
}

TEST_CASE("What is no file is neither written nor read", "[core]") {
  const Folder folder;
  fs::create_directory(folder.path / "taken");
  std::ofstream{folder.at("plain")} << "plain";
  const std::string under_a_file = folder.at("plain/below");
  for (const std::string& path :
       {folder.at("taken"), folder.at("taken/"), std::string{}, std::string{"/dev/null"},
        under_a_file, folder.at(std::string(300, 'n'))}) {
    CHECK_THROWS_AS(snnbd::write_file_atomically(path, std::string_view{"x"}), snnbd::Error);
    CHECK_THROWS_AS(snnbd::read_file(path, 100), snnbd::Error);
  }
  CHECK(fs::is_directory(folder.path / "taken"));
  CHECK(text_of(folder.at("plain")) == "plain");
  CHECK(folder.entries() == 2);
}

TEST_CASE("A link stays a link and its file is replaced", "[core]") {
  const Folder folder;
  snnbd::write_file_atomically(folder.at("file"), std::string_view{"old"});
  fs::create_symlink("file", folder.path / "link");
  snnbd::write_file_atomically(folder.at("link"), std::string_view{"new"});
  CHECK(fs::is_symlink(folder.path / "link"));
  CHECK(text_of(folder.at("file")) == "new");
}

TEST_CASE("A file above the limit is refused, one at the limit is read", "[core]") {
  const Folder folder;
  const std::string path = folder.at("file");
  snnbd::write_file_atomically(path, std::string_view{"12345678"});
  CHECK(snnbd::read_file(path, 8).size() == 8);
  CHECK_THROWS_WITH(snnbd::read_file(path, 7),
                    Contains(path) && Contains("at most 7 bytes") && Contains("found 8"));
  CHECK_THROWS_WITH(snnbd::read_file(folder.at("absent"), 7), Contains("absent"));
}

#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <snnbd/core/error.hpp>
#include <snnbd/report/program.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

inline bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

/// A pipe that no other program inherits. Both ends are closed at the latest when it goes.
class Pipe {
 public:
  explicit Pipe(const std::string& program) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0)
      reject(program, "a pipe to read its messages from", std::strerror(errno));
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    for (std::size_t end = 0; end < 2; ++end) close(end);
  }

  [[nodiscard]] int input() const { return ends_[1]; }
  void close_input() { close(1); }

  /// All that is written until the last input is closed, of which the beginning is kept.
  std::string read() {
    std::string text;
    std::array<char, 4096> bytes{};
    while (true) {
      const ssize_t count = ::read(ends_[0], bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return text;
      if (text.size() < 65'536) text.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  void close(std::size_t end) {
    if (ends_[end] >= 0) ::close(ends_[end]);
    ends_[end] = -1;
  }

  std::array<int, 2> ends_{-1, -1};
};

/// In the new process: nothing here may allocate, as another thread may have held the lock.
[[noreturn]] inline void become(const char* path, char* const* arguments, const char* folder,
                                int output) {
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
      ::dup2(output, STDERR_FILENO) >= 0 && ::chdir(folder) == 0)
    ::execv(path, arguments);
  const char* const why = "it could not be started";
  [[maybe_unused]] const auto written = ::write(output, why, std::strlen(why));
  ::_exit(127);
}

}  // namespace detail

SNNBD_COLD std::string find_program(std::string_view name, std::string_view folders) {
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
    if (folder.empty() || folder.front() != '/') continue;
    const std::string path = std::string{folder}.append("/").append(name);
    if (detail::is_program(path)) return path;
  }
  return {};
}

SNNBD_COLD std::string find_program(std::string_view name) {
  const char* const folders = std::getenv("PATH");
  return folders == nullptr ? std::string{} : find_program(name, folders);
}

SNNBD_COLD ProgramResult run_program(const std::string& path,
                                     const std::vector<std::string>& arguments,
                                     const std::string& folder) {
  std::vector<std::string> texts{path};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);

  detail::Pipe pipe{path};
  const pid_t child = ::fork();
  if (child < 0) reject(path, "to be started", std::strerror(errno));
  if (child == 0) detail::become(path.c_str(), pointers.data(), folder.c_str(), pipe.input());
  pipe.close_input();
  ProgramResult result;
  result.message = pipe.read();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) reject(path, "to be waited for", std::strerror(errno));
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (result.status == 127) reject(path, "a program that can be run", result.message);
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::report

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/report/plot.hpp>
#include <snnbd/report/program.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

/// A folder beside the files of a figure that goes with all that is in it.
class PlotFolder {
 public:
  explicit PlotFolder(const std::filesystem::path& parent)
      : path_{(parent / ".snnbd-plot-XXXXXX").string()} {
    if (::mkdtemp(path_.data()) == nullptr)
      reject(parent.string(), "a folder that can be written", "one that cannot");
  }
  PlotFolder(const PlotFolder&) = delete;
  PlotFolder& operator=(const PlotFolder&) = delete;
  ~PlotFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The last line of a message that is not empty: the one in which gnuplot says what is wrong.
inline std::string last_line(std::string_view message) {
  constexpr std::string_view spaces = " \t\r\n";
  const std::size_t end = message.find_last_not_of(spaces);
  if (end == std::string_view::npos) return "no message";
  message = message.substr(0, end + 1);
  const std::size_t begin = message.find_last_of('\n');
  if (begin != std::string_view::npos) message.remove_prefix(begin + 1);
  message.remove_prefix(message.find_first_not_of(spaces));
  return std::string{message};
}

}  // namespace detail

SNNBD_COLD Drawing draw(const std::string& stem, const Figure& figure) {
  const std::filesystem::path path{stem};
  const std::string name = path.filename().string();
  Drawing drawing{stem + ".gp", {}};
  write_file_atomically(drawing.script, gnuplot_script(figure, name + ".png"));
  const std::string program = find_program("gnuplot");
  if (program.empty()) return drawing;
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
  const detail::PlotFolder inner{folder};
  const ProgramResult result = run_program(program, {"-d", "../" + name + ".gp"}, inner.path());
  const std::string made = inner.path() + '/' + name + ".png";
  if (result.status != 0 || !std::filesystem::exists(made))
    reject(drawing.script, "a script that " + program + " draws",
           snnbd::quoted(detail::last_line(result.message)));
  constexpr std::uint64_t most = std::uint64_t{1} << 30U;
  write_file_atomically(stem + ".png", read_file(made, most));
  drawing.picture = stem + ".png";
  return drawing;
}

}  // namespace snnbd::inline SNNBD_ISA::report

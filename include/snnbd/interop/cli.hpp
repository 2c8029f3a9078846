#pragma once

#include <functional>
#include <string>
#include <vector>

#include <snnbd/experiment/settings.hpp>

/// Command lines for programs that run experiments. Needs CLI11; nothing else of the library does.
namespace snnbd::inline SNNBD_ISA::interop {

/// Settings under a name: `smoke` shows that it runs, `quick` gives a figure in minutes, `paper` is
/// what the paper states.
struct Preset {
  std::string name;
  Settings settings;
};

/// An option of one program beside those that all have.
struct ExtraOption {
  std::string name;                  ///< `--neuron`
  std::string help;                  ///< one line
  std::vector<std::string> choices;  ///< empty for any text
  std::string value;                 ///< the default, and then what was given
};

/// What a command line said.
struct CommandLine {
  Settings settings;
  std::vector<ExtraOption> extras;

  /// The value of an extra option, by its name without dashes.
  [[nodiscard]] const std::string& extra(const std::string& name) const;
};

/// Reads the options that every program has, and some of its own, runs `body`, and turns errors
/// into one line and an exit code. Ctrl-C ends training after the present batch.
///
/// @param presets the first one is the default
/// @returns what `main` returns: 0, or 1 after an error
int run_program(int argc, char** argv, const std::string& name, const std::string& purpose,
                const std::vector<Preset>& presets, std::vector<ExtraOption> extras,
                const std::function<void(const CommandLine&)>& body);

/// The same for programs without options of their own.
int run_program(int argc, char** argv, const std::string& name, const std::string& purpose,
                const std::vector<Preset>& presets,
                const std::function<void(const Settings&)>& body);

}  // namespace snnbd::inline SNNBD_ISA::interop

#if !defined(SNNBD_COMPILED)
#include <snnbd/interop/cli.ipp>
#endif

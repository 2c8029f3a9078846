#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>

/// Other programs, run without a shell.
namespace snnbd::inline SNNBD_ISA::report {

/// Where a program is.
///
/// @param name without a folder
/// @param folders to look in, separated by colons, as in the variable PATH; only absolute ones
/// count
/// @returns its path; empty if it is not there
std::string find_program(std::string_view name, std::string_view folders);

/// The same in the folders of the variable PATH.
std::string find_program(std::string_view name);

/// What a program left behind.
struct ProgramResult {
  int status = 0;       ///< what it returned; 128 + N if signal N ended it
  std::string message;  ///< what it printed, on either output; its first 65,536 bytes
};

/// Runs a program with nothing to read, and waits for it.
///
/// @param path of the program
/// @param arguments after its name
/// @param folder where it runs
/// @throws Error that names the program if it cannot be started
ProgramResult run_program(const std::string& path, const std::vector<std::string>& arguments,
                          const std::string& folder);

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/program.ipp>
#endif

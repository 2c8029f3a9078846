#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/report/fields.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// Where data came from and which bytes they were.
struct DataSource {
  std::string name;
  std::string checksum;  ///< with its kind: `crc32:0a1b2c3d`
  std::string source;    ///< a file or several, or `embedded`
  Fields facts{};        ///< what else the set tells of itself
};

/// The facts that somebody needs to repeat a run, or to doubt it.
struct Manifest {
  std::string version;
  std::string compiler;
  std::string instruction_set;
  std::string processor;
  int processor_count = 0;
  int threads = 0;
  std::uint64_t seed = 0;
  std::string time;  ///< UTC, as in 2024-05-06T07:08:09Z
  std::string command_line;
  std::vector<DataSource> data;
  Fields extra;
};

/// A manifest of this program, machine and moment; seed and data are left to the caller.
///
/// @returns `processor` and `command_line` are empty where the system does not tell them
Manifest describe_run();

/// A moment as a manifest writes it.
///
/// @param seconds since the beginning of 1970, UTC
std::string utc_text(std::int64_t seconds);

/// An argument as a shell takes it: in single quotes if it has blanks or signs of its own.
std::string shell_quoted(const std::string& argument);

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/manifest.ipp>
#endif

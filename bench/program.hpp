#pragma once

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include <machine.hpp>

#include <snnbd/core/config.hpp>

/// What all benchmark programs share: their flags, what they measure against, and how they print.
namespace bench {

/// A number that stays the same whatever the number of iterations, divided by the time of one:
/// operations give operations a second; a reference in seconds gives how many times faster we are.
inline benchmark::Counter each(double value) {
  return {value, benchmark::Counter::kIsIterationInvariantRate};
}

/// How many times faster than a reference of `milliseconds`.
inline benchmark::Counter times_faster(double milliseconds) {
  return each(milliseconds * 1e-3);
}

/// Prints one line for each benchmark, the median of its repetitions, and keeps it.
class Medians : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override {
    name_width_ = static_cast<int>(context.name_field_width);
    PrintBasicContext(&GetErrorStream(), context);
    return true;
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    double spread = 0.0;
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Aggregate && run.aggregate_name == "cv")
        spread = run.real_accumulated_time;
    for (const Run& run : runs) {
      if (run.error_occurred)
        std::printf("%-*s %s\n", name_width_, run.benchmark_name().c_str(),
                    run.error_message.c_str());
      else if (run.run_type == Run::RT_Iteration || run.aggregate_name == "median")
        print(run, spread);
    }
    std::fflush(stdout);
  }

  /// Milliseconds of a benchmark by its name, 0 if it was not run.
  [[nodiscard]] double milliseconds(const std::string& name) const {
    const auto found = medians_.find(name);
    return found == medians_.end() ? 0.0 : found->second;
  }

 private:
  void print(const Run& run, double spread) {
    std::string name = run.run_name.str();
    for (const char* const tail : {"/real_time", "/manual_time", "/iterations:"})
      if (const auto place = name.rfind(tail); place != std::string::npos) name.resize(place);
    const double time = run.GetAdjustedRealTime();
    medians_[name] = time;
    std::string header;
    std::string line;
    for (const auto& [key, counter] : run.counters) {
      const std::string value = format(counter.value);
      const std::size_t width = std::max<std::size_t>(key.size(), 7) + 2;
      header += std::string(width - key.size(), ' ') + key;
      line += std::string(width - std::min(width, value.size()), ' ') + value;
    }
    if (header != header_ || medians_.size() == 1) {
      header_ = header;
      std::printf("\n%-*s %10s %6s%s\n", name_width_, "median of the repetitions",
                  GetTimeUnitString(run.time_unit), "+- %", header.c_str());
    }
    std::printf("%-*s %10.3f %6.1f%s\n", name_width_, name.c_str(), time, 100.0 * spread,
                line.c_str());
  }

  static std::string format(double value) {
    static constexpr std::string_view prefixes = " kMGT";
    std::size_t prefix = 0;
    while (value >= 9999.5 && prefix + 1 < prefixes.size()) {
      value /= 1000.0;
      ++prefix;
    }
    char text[32];
    const int length = std::snprintf(text, sizeof text, value < 9.995 ? "%.3f" : "%.4g", value);
    std::string result(text, static_cast<std::size_t>(length));
    if (prefix > 0) result += prefixes[prefix];
    return result;
  }

  int name_width_ = 0;
  std::string header_;
  std::map<std::string, double> medians_;
};

/// Takes the flags of Google Benchmark over defaults of our own, measures the machine, lets
/// `enlist` register the benchmarks, runs them, and passes the medians to `conclude`.
///
/// @returns what main returns
template <class Enlist, class Conclude>
int run_program(int argc, char** argv, const Enlist& enlist, const Conclude& conclude) {
  bool own_table = true;
  std::vector<std::string> arguments{argv[0], "--benchmark_repetitions=5",
                                     "--benchmark_min_time=0.05",
                                     "--benchmark_report_aggregates_only=true"};
  for (int i = 1; i < argc; ++i) {
    arguments.emplace_back(argv[i]);
    for (const char* const flag : {"--benchmark_format=", "--benchmark_list_tests"})
      if (std::strncmp(argv[i], flag, std::strlen(flag)) == 0) own_table = false;
  }
  std::vector<char*> pointers;
  pointers.reserve(arguments.size());
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 1;
  try {
    const auto with_digit = [](double value) {
      char text[32];
      std::snprintf(text, sizeof text, "%.1f", value);
      return std::string{text};
    };
    const auto in_giga = [&](double value) { return with_digit(value * 1e-9); };
    benchmark::AddCustomContext("instruction set", SNNBD_ISA_NAME);
    benchmark::AddCustomContext("threads", std::to_string(machine().threads));
    benchmark::AddCustomContext("threads, cores they had", with_digit(machine().cores()));
    benchmark::AddCustomContext("FMA peak, GFLOP/s, all threads", in_giga(machine().fma_peak));
    benchmark::AddCustomContext("FMA peak, GFLOP/s, one thread",
                                in_giga(machine().fma_peak_of_one));
    benchmark::AddCustomContext("second cache, GB/s, all threads", in_giga(machine().second_cache));
    benchmark::AddCustomContext("memory bandwidth, GB/s", in_giga(machine().bandwidth));
    if (machine().cores() < 0.75 * machine().threads)
      std::fprintf(stderr,
                   "The threads did not have a core each: take these times for a sign that the "
                   "programs run, no more.\n");
    enlist();
    Medians medians;
    if (own_table) {
      if (benchmark::RunSpecifiedBenchmarks(&medians) > 0) conclude(medians);
    } else {
      benchmark::RunSpecifiedBenchmarks();
    }
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
  benchmark::Shutdown();
  return 0;
}

}  // namespace bench

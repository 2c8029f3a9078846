#pragma once

#include <algorithm>
#include <concepts>
#include <cstdio>
#include <exception>
#include <string_view>
#include <type_traits>

#include <CLI/CLI.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/interop/cli.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/report/manifest.hpp>

namespace snnbd::inline SNNBD_ISA::interop {

SNNBD_COLD const std::string& CommandLine::extra(const std::string& name) const {
  for (const ExtraOption& option : extras)
    if (option.name == "--" + name) return option.value;
  throw Error{"this program has no option --" + name};
}

namespace detail {

using snnbd::detail::is_optional;
using snnbd::detail::is_vector;

/// The name of the preset that the command line asks for: it decides the other options' defaults.
inline std::string find_preset(int argc, char** argv, const std::string& fallback) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument{argv[i]};
    if (argument == "--preset" && i + 1 < argc) return argv[i + 1];
    if (argument.starts_with("--preset=")) return argument.substr(9);
  }
  return fallback;
}

/// `--test-samples` for `test_samples`.
inline std::string option_name(std::string_view setting) {
  std::string name = "--" + std::string{setting};
  std::replace(name.begin() + 2, name.end(), '_', '-');
  return name;
}

inline std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    parts.emplace_back(text.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return parts;
}

/// What an option takes, in words.
template <class Value>
std::string expected_text(const Setting& setting) {
  if constexpr (std::is_enum_v<Value>) return "one of " + std::string{setting.names};
  std::string range = snnbd::detail::setting_range(setting);
  if (std::unsigned_integral<Value> && setting.low < 0.0) range = "a number of at least 0";
  if (!std::integral<Value>) return range;
  return range == "a finite number" ? "a whole number" : "a whole " + range.substr(2);
}

/// Takes the text of an option, all of it.
///
/// @throws Error that names the option
template <class Value>
void read_option(const Setting& setting, const std::string& text, Value& value) {
  const std::string name = option_name(setting.name);
  if constexpr (is_optional<Value>) {
    typename Value::value_type read{};
    read_option(setting, text, read);
    value = read;
  } else if constexpr (is_vector<Value>) {
    value.clear();
    for (const std::string& part : split(text)) read_option(setting, part, value.emplace_back());
  } else if constexpr (std::same_as<Value, learn::PoisonedSteps>) {
    const auto& all = learn::every_combination;
    const auto found = std::ranges::find(all, text, [](const auto& one) { return one.name(); });
    std::string names;
    for (const learn::PoisonedSteps& one : all)
      names.append(names.empty() ? "" : ", ").append(one.name());
    if (found == all.end()) reject(name, "some of " + names, "'" + text + "'");
    value = *found;
  } else if constexpr (std::same_as<Value, std::string>) {
    value = text;
  } else if constexpr (std::is_enum_v<Value>) {
    const std::vector<std::string> names = split(setting.names);
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) reject(name, expected_text<Value>(setting), "'" + text + "'");
    value = static_cast<Value>(found - names.begin());
  } else {
    Value read{};
    const bool understood = parse_value(text, read);
    const auto number = static_cast<double>(read);
    const bool within =
        (setting.above ? number > setting.low : number >= setting.low) && number <= setting.high;
    if (!understood || !within) reject(name, expected_text<Value>(setting), "'" + text + "'");
    value = read;
  }
}

/// What a setting is without an option, for the help.
template <class Value>
std::string default_text(const Setting& setting, const Value& value) {
  if constexpr (is_optional<Value>) {
    return value ? default_text(setting, *value) : std::string{};
  } else if constexpr (is_vector<Value>) {
    std::string text;
    for (const auto& element : value)
      text.append(text.empty() ? "" : ",").append(default_text(setting, element));
    return text;
  } else if constexpr (std::same_as<Value, learn::PoisonedSteps>) {
    return value.name();
  } else if constexpr (std::same_as<Value, std::string>) {
    return value;
  } else if constexpr (std::is_enum_v<Value>) {
    return split(setting.names)[static_cast<std::size_t>(value)];
  } else {
    return value_text(value);
  }
}

/// What the help calls the kind of an option's value.
template <class Value>
std::string type_text(const Setting& setting) {
  if constexpr (is_optional<Value>)
    return type_text<typename Value::value_type>(setting);
  else if constexpr (std::is_enum_v<Value>)
    return '{' + std::string{setting.names} + '}';
  else if constexpr (is_vector<Value>)
    return "LIST";
  else if constexpr (std::integral<Value>)
    return "INT";
  else if constexpr (std::floating_point<Value>)
    return "NUMBER";
  else
    return "TEXT";
}

/// An option for a setting: a flag for a truth value, with `--no-` in front if it is usually true.
template <class Value>
void add_option(CLI::App& app, const Setting& setting, Value& value) {
  const std::string help{setting.help};
  if constexpr (std::same_as<Value, bool>) {
    if (value)
      app.add_flag("!--no-" + option_name(setting.name).substr(2), value, "do not " + help);
    else
      app.add_flag(option_name(setting.name), value, help);
  } else {
    app.add_option_function<std::string>(
           option_name(setting.name),
           [setting, &value](const std::string& text) { read_option(setting, text, value); }, help)
        ->type_name(type_text<Value>(setting))
        ->default_str(default_text(setting, value));
  }
}

/// Options for all settings of a list that have one.
template <SettingsList Type>
void add_options(CLI::App& app, Type& settings) {
  for_each_setting(settings, [&]<class Value>(const Setting& setting, Value& value) {
    if constexpr (!std::same_as<Value, poison::Offset> && !std::same_as<Value, learn::Objective> &&
                  !std::same_as<Value, std::optional<poison::Offset>>) {
      if (setting.option) add_option(app, setting, value);
    }
  });
}

inline CommandLine begin_line(const Preset& preset, const std::string& program) {
  CommandLine line;
  line.settings = preset.settings;
  line.settings.experiment = program;
  line.settings.preset = preset.name;
  if (line.settings.out.empty()) line.settings.out = "out/" + program;
  line.conversion = preset.conversion.value_or(learn::ConversionSettings{});
  line.hybrid = preset.hybrid.value_or(learn::HybridSettings{});
  line.threshold_factor = preset.threshold_factor;
  line.report_samples = preset.report_samples;
  return line;
}

inline void add_all_options(CLI::App& app, const std::vector<Preset>& presets, CommandLine& line) {
  const auto any = [&](const auto& has) { return std::ranges::any_of(presets, has); };
  add_options(app, line.settings);
  if (any([](const Preset& one) { return one.conversion.has_value(); })) {
    add_options(app, line.conversion);
  }
  if (any([](const Preset& one) { return one.report_samples > 0; }))
    add_option(app,
               Setting{.name = "report_samples",
                       .help = "test samples for a report on each conversion, written beside the "
                               "results; 0 for none"},
               line.report_samples);
  if (any([](const Preset& one) { return one.hybrid.has_value(); })) {
    add_options(app, line.hybrid);
    add_option(app,
               Setting{.name = "tuning_learning_rate",
                       .help = "of training a converted network; the rule's own if not given",
                       .low = 0,
                       .high = 1e6},
               line.tuning_learning_rate);
    add_option(app,
               Setting{.name = "threshold_factor",
                       .help = "of thresholds before a converted network is trained; the rule's "
                               "own if not given",
                       .low = 0,
                       .above = true},
               line.threshold_factor);
  }
  for (ExtraOption& extra : line.extras) {
    CLI::Option* option =
        app.add_option(extra.name, extra.value, extra.help)->capture_default_str();
    if (!extra.choices.empty()) option->check(CLI::IsMember(extra.choices));
  }
}

/// Says where an interrupted run stands and what goes on from there.
inline void explain_interruption(const std::string& name, const CommandLine& line,
                                 const char* where) {
  const std::string command = report::describe_run().command_line;
  std::fprintf(stderr, "%s: %s\n", name.c_str(), where);
  if (line.settings.checkpoints)
    std::fprintf(stderr, "%s: the same command goes on from there: %s\n", name.c_str(),
                 command.c_str());
  else
    std::fprintf(stderr, "%s: with checkpoints, a run can be gone on with: %s --checkpoints\n",
                 name.c_str(), command.c_str());
}

}  // namespace detail

SNNBD_COLD int run_program(int argc, char** argv, const std::string& name,
                           const std::string& purpose, const std::vector<Preset>& presets,
                           std::vector<ExtraOption> extras,
                           const std::function<void(const CommandLine&)>& body) {
  CommandLine line;
  try {
    std::string preset = detail::find_preset(argc, argv, presets.front().name);
    const auto known = std::ranges::find(presets, preset, &Preset::name);
    line = detail::begin_line(known == presets.end() ? presets.front() : *known, name);
    line.extras = std::move(extras);

    std::vector<std::string> names;
    for (const Preset& one : presets) names.push_back(one.name);
    CLI::App app{purpose, name};
    app.add_option("--preset", preset, "where the other settings come from")
        ->check(CLI::IsMember(names))
        ->capture_default_str();
    detail::add_all_options(app, presets, line);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? 0 : 1;
    }
    if (line.settings.out.empty()) reject("--out", "the name of a folder for results", "none");
    learn::stop_on_interrupt();
    body(line);
    return 0;
  } catch (const learn::Interrupted& end) {
    detail::explain_interruption(name, line, end.what());
    constexpr int interrupted = 128 + 2;
    return interrupted;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: error: %s\n", name.c_str(), error.what());
    return 1;
  }
}

SNNBD_COLD int run_program(int argc, char** argv, const std::string& name,
                           const std::string& purpose, const std::vector<Preset>& presets,
                           const std::function<void(const Settings&)>& body) {
  return run_program(argc, argv, name, purpose, presets, {},
                     [&](const CommandLine& line) { body(line.settings); });
}

}  // namespace snnbd::inline SNNBD_ISA::interop

#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/core/file.hpp>
#include <snnbd/experiment/settings.hpp>
#include <snnbd/learn/hybrid/hybrid.hpp>
#include <snnbd/report/settings.hpp>

using namespace snnbd;

namespace {

std::string default_text(const Setting& setting, const auto& value) {
  const report::Value shown = report::setting_value(setting, value);
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::remove_cvref_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>)
          return "not given";
        else if constexpr (std::is_same_v<Held, std::string>)
          return held.empty() ? "empty" : '`' + held + '`';
        else if constexpr (std::is_same_v<Held, std::vector<double>>)
          return held.empty() ? "none" : "some";
        else
          return value_text(held);
      },
      shown);
}

std::string allowed_text(const Setting& setting, const auto& value) {
  using Value = std::remove_cvref_t<decltype(value)>;
  if (!setting.names.empty()) {
    std::string names{setting.names};
    for (std::size_t at = names.find(','); at != std::string::npos; at = names.find(',', at + 2))
      names.insert(at + 1, " ");
    return names;
  }
  if constexpr (std::is_unsigned_v<Value> && !std::is_same_v<Value, bool>)
    if (setting.low < 0.0) return "at least 0";
  const std::string range = snnbd::detail::setting_range(setting);
  if (range.starts_with("a number of "))
    return range.substr(std::string_view{"a number of "}.size());
  return range == "a finite number" ? std::string{}
                                    : range.substr(std::string_view{"a number "}.size());
}

template <SettingsList Type>
void add_table(const std::string& title, std::string& page) {
  page += "## " + title + "\n\n| setting | default | allowed | what |\n|---|---|---|---|\n";
  Type settings;
  for_each_setting(settings, [&](const Setting& setting, const auto& value) {
    std::string help{setting.help};
    page.append("| `").append(setting.name).append("` | ");
    page.append(default_text(setting, value)).append(" | ");
    page.append(allowed_text(setting, value)).append(" | ").append(help).append(" |\n");
  });
  page += '\n';
}

std::string settings_page() {
  std::string page =
      "# Settings\n\n"
      "The quantities of an experiment, in their order. Those of a type `std::optional` are *not "
      "given* by default.\n"
      "Names are those of reports and, with `--` in front and dashes, of command lines; members "
      "have the same ones, unless\na table says otherwise. This page is made from the lists in the "
      "headers: with `SNNBD_WRITE_PAGES=1` the test\n`The page of settings is what the headers "
      "say` writes it.\n\n";
  add_table<Settings>("Settings", page);
  page += "`poisoning_mode` is the member `mode`.\n\n";
  add_table<learn::ConversionSettings>("learn::ConversionSettings", page);
  page +=
      "The member `conversion` of rules that convert; `converted_timesteps` is its member "
      "`timesteps`.\n\n";
  add_table<learn::HybridSettings>("learn::HybridSettings", page);
  page +=
      "The member `hybrid` of `learn::Hybrid`; `tuning_epochs` and `tuning_objective` are its "
      "members `epochs` and `objective`.\n";
  return page;
}

}  // namespace

TEST_CASE("The page of settings is what the headers say", "[experiment]") {
  const std::string path = SNNBD_SOURCE_DIR "/docs/settings.md";
  const std::string page = settings_page();
  if (std::getenv("SNNBD_WRITE_PAGES") != nullptr)
    write_file_atomically(path, std::string_view{page});
  const auto bytes = read_file(path, 1U << 20U);
  const std::string there{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  CHECK(there == page);
}

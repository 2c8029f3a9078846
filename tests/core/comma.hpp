#pragma once

#include <array>
#include <clocale>
#include <locale>
#include <string>

namespace snnbd_tests {

/// While it lives, numbers have commas and their thousands points: in the streams of C++ by a facet
/// of its own, and in what C prints and reads if the system has such a locale.
class Comma {
 public:
  Comma() : streams_{std::locale::global(std::locale{std::locale::classic(), new Facet})} {
    // The global locale that has no name leaves that of C alone.
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE", "nl_NL.UTF-8"})
      if (std::setlocale(LC_ALL, name) != nullptr) break;
  }
  Comma(const Comma&) = delete;
  Comma& operator=(const Comma&) = delete;
  ~Comma() {
    std::setlocale(LC_ALL, "C");
    std::locale::global(streams_);
  }

  /// Whether C prints commas, too.
  [[nodiscard]] static bool in_c() { return *std::localeconv()->decimal_point == ','; }

 private:
  class Facet : public std::numpunct<char> {
    [[nodiscard]] char do_decimal_point() const override { return ','; }
    [[nodiscard]] char do_thousands_sep() const override { return '.'; }
    [[nodiscard]] std::string do_grouping() const override { return "\3"; }
  };

  std::locale streams_;
};

}  // namespace snnbd_tests

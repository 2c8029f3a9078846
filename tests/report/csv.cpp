#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/report/csv.hpp>

namespace report = snnbd::report;

static_assert(report::Sink<report::Csv>);

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Reads comma-separated values by the rules of RFC 4180.
Rows parse(const std::string& text) {
  Rows rows{{""}};
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    std::string& last = rows.back().back();
    if (quoted && letter == '"' && at + 1 < text.size() && text[at + 1] == '"')
      last += text[++at];
    else if (letter == '"')
      quoted = !quoted;
    else if (!quoted && letter == ',')
      rows.back().emplace_back();
    else if (!quoted && letter == '\n')
      rows.push_back({""});
    else
      last += letter;
  }
  REQUIRE_FALSE(quoted);
  REQUIRE(rows.back() == std::vector<std::string>{""});
  rows.pop_back();
  return rows;
}

std::string at(const Rows& rows, std::size_t row, const std::string& name) {
  const auto found = std::find(rows[0].begin(), rows[0].end(), name);
  REQUIRE(found != rows[0].end());
  return rows[row][static_cast<std::size_t>(found - rows[0].begin())];
}

}  // namespace

TEST_CASE("Texts with commas, quotes and line breaks survive comma-separated values", "[report]") {
  const std::vector<std::string> nasty{"plain",      "a,b", "say \"x\"", "\"",
                                       "two\nlines", "",    "\r\n,"};
  report::Report study;
  for (const std::string& text : nasty) {
    report::Cell cell;
    cell.rule = text;
    cell.extra.set("note, quoted", text);
    study.cells.push_back(cell);
  }
  const Rows rows = parse(report::to_csv(study));
  REQUIRE(rows.size() == nasty.size() + 1);
  for (std::size_t row = 0; row < nasty.size(); ++row) {
    CHECK(rows[row + 1].size() == rows[0].size());
    CHECK(at(rows, row + 1, "rule") == nasty[row]);
    CHECK(at(rows, row + 1, "note, quoted") == nasty[row]);
  }
}

TEST_CASE("Numbers are written so that they read back as they were", "[report]") {
  report::Report study;
  report::Cell cell;
  cell.poisoning_rate = 0.1;
  cell.target = 3;
  cell.acc = snnbd::metric::Rate{2, 3};
  cell.seconds = 1.0 / 3.0;
  cell.extra.set("list", std::vector<double>{1.5, std::numeric_limits<double>::quiet_NaN(), 2.0});
  study.cells = {cell, report::Cell{}};
  study.cells.back().extra.set("late", true);
  const Rows rows = parse(report::to_csv(study));
  CHECK(at(rows, 1, "poisoning_rate") == "0.1");
  CHECK(at(rows, 1, "target") == "3");
  CHECK(std::stod(at(rows, 1, "acc")) == cell.acc->percent());
  CHECK(std::stod(at(rows, 1, "acc_low")) == 100.0 * cell.acc->wilson().low);
  CHECK(std::stod(at(rows, 1, "acc_high")) == 100.0 * cell.acc->wilson().high);
  CHECK(std::stod(at(rows, 1, "seconds")) == cell.seconds);
  CHECK(at(rows, 1, "list") == "1.5;;2");
  CHECK(at(rows, 1, "late").empty());
  CHECK(at(rows, 2, "late") == "true");
  for (const char* name : {"target", "acc", "acc_low", "asr", "seconds", "list"})
    CHECK(at(rows, 2, name).empty());
}

TEST_CASE("A report without cells is one header line", "[report]") {
  CHECK(parse(report::to_csv({})).size() == 1);
}

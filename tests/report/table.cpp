#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/report/table.hpp>

namespace report = snnbd::report;
using Catch::Matchers::Contains;
using Align = report::Table::Align;

static_assert(report::Sink<report::Console>);

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

report::Cell long_cell() {
  report::Cell cell;
  cell.rule = "LR_H conversion and spike-timing-dependent fine-tuning";
  cell.dataset = "MNIST";
  cell.model = "ResNet18 of basic blocks with twice the width of the usual one";
  cell.neuron = "leaky integrate-and-fire, soft reset, detached";
  cell.trigger = "random image patch of 3x3, bottom right";
  cell.poisoning_rate = 0.125;
  cell.target = 1;
  cell.acc = snnbd::metric::Rate{10'000, 10'000};
  cell.asr = cell.asr_excluding_target = cell.asr_clean_model = cell.acc;
  cell.seconds = 123'456.7;
  return cell;
}

}  // namespace

TEST_CASE("A table aligns texts to the left and numbers to the right", "[report]") {
  report::Table table{{{"name", Align::left}, {"n", Align::right}}};
  table.add({"a", "1"});
  table.add({"longer", "1000"});
  CHECK(table.text() ==
        "name       n\n"
        "------  ----\n"
        "a          1\n"
        "longer  1000\n");
  CHECK_THROWS_AS(table.add({"a"}), snnbd::Error);
}

TEST_CASE("A table is as wide as allowed and cuts texts, never numbers", "[report]") {
  report::Report study;
  study.experiment = std::string(300, 'e');
  study.cells = {long_cell(), report::Cell{}, long_cell()};
  study.cells[2].dataset = "CIFAR-10";
  for (const std::size_t width : {100U, 120U, 400U}) {
    const std::string text = report::to_text(study, width);
    for (const std::string& line : lines_of(text)) CHECK(line.size() <= width);
    CHECK_THAT(text, Contains("100.00") && Contains("123456.7") && Contains("0.125"));
  }
  CHECK_THAT(report::to_text(study, 100), Contains("..."));
  CHECK_THAT(report::summarize(study).table.text(400), !Contains("..."));
}

TEST_CASE("A table is plain ASCII of one line a row", "[report]") {
  report::Table table{
      {{"gr\xC3\xB6\xC3\x9F"
        "e",
        Align::left}}};
  table.add({"T\n\x1B[31m\xE2\x82\xAC"});
  const std::string text = table.text();
  for (const char letter : text) CHECK((letter == '\n' || (letter >= ' ' && letter <= '~')));
  CHECK(lines_of(text).size() == 3);
  CHECK_THAT(text, Contains("gr??e") && Contains("T??[31m?"));
}

TEST_CASE("What was not measured is a dash", "[report]") {
  report::Report study;
  study.experiment = "study";
  study.cells = {report::Cell{}};
  study.cells[0].rule = "ANN";
  study.cells[0].dataset = "MNIST";
  const auto lines = lines_of(report::to_text(study));
  CHECK(lines[1] == "data set MNIST");
  std::istringstream row{lines.back()};
  std::vector<std::string> words;
  for (std::string word; row >> word;) words.push_back(word);
  CHECK(words == std::vector<std::string>{"ANN", "-", "-", "-", "-", "0", "-", "-", "-", "-", "-"});
}

TEST_CASE("What all cells share stands above the table, what differs in it", "[report]") {
  report::Report study;
  study.cells = {long_cell(), long_cell()};
  study.cells[1].target = 2;
  auto summary = report::summarize(study);
  CHECK_THAT(summary.common, Contains("data set MNIST") && Contains("trigger random image patch"));
  CHECK_THAT(summary.common, !Contains("target"));
  CHECK_THAT(summary.table.text(), Contains("target") && !Contains("data set"));
  study.cells[1].dataset = "N-MNIST";
  summary = report::summarize(study);
  CHECK_THAT(summary.common, !Contains("MNIST"));
  CHECK_THAT(summary.table.text(), Contains("data set") && Contains("N-MNIST"));
  CHECK_THAT(report::to_markdown(study), Contains("| data set |"));
}

TEST_CASE("A Markdown table escapes the bar", "[report]") {
  report::Table table{{{"name", Align::left}, {"n", Align::right}}};
  table.add({"a|b", "1"});
  CHECK(table.markdown() == "| name | n |\n|---|---:|\n| a\\|b | 1 |\n");
}

TEST_CASE("The console prints what the text is", "[report]") {
  report::Report study;
  study.cells = {long_cell()};
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  report::Console{file}.write(study);
  std::rewind(file);
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  CHECK(text == report::to_text(study));
}

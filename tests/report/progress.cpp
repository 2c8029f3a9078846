#include <cmath>
#include <cstdio>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <snnbd/report/progress.hpp>

namespace report = snnbd::report;
using Catch::Matchers::Contains;
using report::ProgressMode;

namespace {

struct Log {
  std::FILE* file = std::tmpfile();
  Log() { REQUIRE(file != nullptr); }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() { std::fclose(file); }

  [[nodiscard]] std::string text() const {
    std::fflush(file);
    std::rewind(file);
    std::string all(1U << 16U, '\0');
    all.resize(std::fread(all.data(), 1, all.size(), file));
    return all;
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::istringstream stream{text()};
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    return all;
  }
};

}  // namespace

TEST_CASE("Durations are told in the units one would use", "[report]") {
  CHECK(report::duration_text(0.4) == "0 s");
  CHECK(report::duration_text(59.4) == "59 s");
  CHECK(report::duration_text(59.6) == "1 min 00 s");
  CHECK(report::duration_text(65) == "1 min 05 s");
  CHECK(report::duration_text(3600 * 25 + 60 * 3) == "25 h 03 min");
  for (const double unknown : {-1.0, 1e300, std::numeric_limits<double>::quiet_NaN()})
    CHECK(report::duration_text(unknown) == "?");
}

TEST_CASE("A log gets plain lines some seconds apart", "[report]") {
  const Log log;
  double now = 100.0;
  {
    report::Progress progress{"train", 1000, ProgressMode::automatic, log.file,
                              [&now] { return now; }};
    for (std::size_t done = 1; done <= 1000; ++done) {
      now += 0.04;
      progress.advance(done, report::training_status(0.5, 97.125));
    }
    progress.finish("all well");
    progress.finish("again");
    progress.advance(1000);
  }
  CHECK(log.text().find_first_of("\r\x1B") == std::string::npos);
  const auto lines = log.lines();
  REQUIRE(lines.size() >= 7);
  CHECK(lines.size() <= 9);
  CHECK(lines.front().rfind("train: 125/1000, 5 s, 35 s left, loss 0.5000, accuracy 97.1", 0) == 0);
  CHECK(lines.back() == "train: done in 40 s, all well");
}

TEST_CASE("The end of an epoch is always told", "[report]") {
  const Log log;
  report::Progress progress{"train", 30, ProgressMode::lines, log.file, [] { return 0.0; }};
  for (std::size_t epoch = 1; epoch <= 3; ++epoch) {
    for (std::size_t step = 1; step <= 10; ++step) progress.advance(epoch * 10 - 10 + step);
    progress.milestone(epoch * 10, "epoch " + std::to_string(epoch));
  }
  const auto lines = log.lines();
  REQUIRE(lines.size() == 3);
  CHECK_THAT(lines[1], Contains("20/30") && Contains("epoch 2"));
  CHECK_THAT(lines[2], Contains("30/30") && !Contains("left"));
}

TEST_CASE("Silent progress writes nothing", "[report]") {
  const Log log;
  {
    report::Progress progress{"train", 2, ProgressMode::silent, log.file};
    progress.advance(1);
    progress.milestone(2);
    progress.finish();
    report::Progress nowhere{"train", 2, ProgressMode::automatic, nullptr};
    nowhere.milestone(1);
  }
  CHECK(log.text().empty());
}

TEST_CASE("A bar is redrawn in place, never wraps and ends its line", "[report]") {
  const Log log;
  double now = 0.0;
  {
    report::Progress progress{"train", 4, ProgressMode::bar, log.file, [&now] { return now; }};
    for (std::size_t done = 1; done <= 6; ++done) {
      now += 1.0;
      progress.advance(done, std::string(200, 'x'));
      progress.advance(done, "too soon");
    }
    progress.milestone(4, "epoch 1");
    now += 1.0;
    progress.advance(4, "cut short");
  }
  const std::string text = log.text();
  CHECK_THAT(text, Contains("\r\x1B[K[#####...............] train: 1/4, 1 s, 3 s left"));
  CHECK_THAT(text, Contains("[####################] train: 6/4"));
  CHECK_THAT(text, !Contains("too soon"));
  CHECK_THAT(text, Contains("\r\x1B[Ktrain: 4/4, 6 s, epoch 1\n"));
  CHECK(text.back() == '\n');
  std::size_t start = 0;
  for (std::size_t at = 0; at <= text.size(); ++at)
    if (at == text.size() || text[at] == '\r' || text[at] == '\n') {
      CHECK(at - start < 80 + 3);
      start = at + 1;
    }
}

TEST_CASE("Work of unknown size shows what is done", "[report]") {
  const Log log;
  report::Progress progress{"scan", 0, ProgressMode::lines, log.file, [] { return 0.0; }};
  progress.milestone(12);
  CHECK(log.lines() == std::vector<std::string>{"scan: 12, 0 s"});
}

TEST_CASE("A terminal gets a bar without being asked", "[report]") {
  const int leader = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (leader < 0 || ::grantpt(leader) != 0 || ::unlockpt(leader) != 0) {
    WARN("skipped: no pseudo-terminal here");
    return;
  }
  std::FILE* terminal = std::fopen(::ptsname(leader), "w");
  REQUIRE(terminal != nullptr);
  double now = 0.0;
  report::Progress progress{"train", 2, ProgressMode::automatic, terminal, [&now] { return now; }};
  now = 1.0;
  progress.advance(1);
  std::string text(256, '\0');
  const auto size = ::read(leader, text.data(), text.size());
  progress.finish();
  std::fclose(terminal);
  ::close(leader);
  REQUIRE(size > 0);
  text.resize(static_cast<std::size_t>(size));
  CHECK_THAT(text, Contains("\r\x1B[K[##########..........] train: 1/2"));
}

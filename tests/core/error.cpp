#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>

using namespace snnbd;

TEST_CASE("A refusal is one sentence of subject, expectation and finding", "[core]") {
  CHECK_THROWS_WITH(reject("file.gz", "a magic number of 2051", "none"),
                    "file.gz: expected a magic number of 2051, found none");
  CHECK_THROWS_WITH(reject("threads", "a number from 1 to 1024", 0),
                    "threads: expected a number from 1 to 1024, found 0");
  CHECK_THROWS_WITH(reject("size", "less", 18446744073709551615ULL),
                    "size: expected less, found 18446744073709551615");
  CHECK_THROWS_AS(reject("a", "b", 0.5), Error);
  CHECK_THROWS_AS(reject("a", "b", "c"), std::runtime_error);
}

TEST_CASE("Numbers in a refusal are as short as they can be and lose nothing", "[core]") {
  CHECK_THROWS_WITH(reject("rate", "more", 1e-7), "rate: expected more, found 1e-07");
  CHECK_THROWS_WITH(reject("rate", "more", 0.1F), "rate: expected more, found 0.1");
  CHECK_THROWS_WITH(reject("rate", "more", -0.5L), "rate: expected more, found -0.5");
  CHECK(number_text(0.1 + 0.2) == "0.30000000000000004");
  CHECK(number_text(1e300) == "1e+300");
  CHECK(number_text(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(number_text(-std::numeric_limits<float>::infinity()) == "-inf");
  CHECK(number_text(-std::numeric_limits<double>::quiet_NaN()) == "nan");
  const double third = 1.0 / 3.0;
  CHECK(std::stod(number_text(third)) == third);
}

TEST_CASE("Whatever an error is made of, it is one line that a terminal can show", "[core]") {
  const std::string steering = "a\x1B[31mb\nc\td\x7F\xC2\x9B" + std::string(1, '\0') + "e";
  const std::string shown = "a\\x1B[31mb\\nc\\td\\x7F\\xC2\\x9B\\x00e";
  CHECK_THROWS_WITH(reject("s" + steering, "e" + steering, "f" + steering),
                    "s" + shown + ": expected e" + shown + ", found f" + shown);
  CHECK(std::string{Error{steering}.what()} == shown);
  // Letters of all kinds stay; a broken one, an overlong one and a surrogate do not.
  const std::string letters = "Z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\x90\x8D \\ '";
  CHECK(std::string{Error{letters}.what()} == letters);
  CHECK(std::string{Error{"\xC3"}.what()} == "\\xC3");
  CHECK(std::string{Error{"\xC3("}.what()} == "\\xC3(");
  CHECK(std::string{Error{"\xC0\xAF"}.what()} == "\\xC0\\xAF");
  CHECK(std::string{Error{"\xE0\x80\xAF"}.what()} == "\\xE0\\x80\\xAF");
  CHECK(std::string{Error{"\xED\xA0\x80"}.what()} == "\\xED\\xA0\\x80");
  CHECK(std::string{Error{"\xF4\x90\x80\x80"}.what()} == "\\xF4\\x90\\x80\\x80");
  // What would write the rest of the line from right to left.
  CHECK(std::string{Error{"\xE2\x80\xAE"}.what()} == "\\xE2\\x80\\xAE");
}

TEST_CASE("A refusal is short however long its parts are", "[core]") {
  const std::string endless(20'000'000, 'x');
  try {
    reject(endless, endless, endless);
  } catch (const Error& error) {
    const std::string sentence = error.what();
    CHECK(sentence.size() < 3 * 4200);
    CHECK(sentence.find("xxx... (20000000 bytes): expected xxx") != std::string::npos);
    CHECK(sentence.ends_with("xxx... (20000000 bytes)"));
  }
}

TEST_CASE("A quoted text is in quotes, printable and cut", "[core]") {
  CHECK(quoted("") == "''");
  CHECK(quoted("plain \xC3\xBC") == "'plain \xC3\xBC'");
  CHECK(quoted("it's \\ \x1B[2J\n") == "'it\\'s \\\\ \\x1B[2J\\n'");
  const auto cut = [](std::size_t letters, std::string_view behind) {
    return std::string{"'"}.append(letters, 'a').append(behind);
  };
  CHECK(quoted(std::string(80, 'a')) == cut(80, "'"));
  CHECK(quoted(std::string(81, 'a')) == cut(80, "'... (81 bytes)"));
  // Never in the midst of a character or of what stands for one.
  const std::string umlauts = quoted(std::string(79, 'a') + "\xC3\xBC\xC3\xBC");
  CHECK(umlauts == cut(79, "\xC3\xBC'... (83 bytes)"));
  CHECK(quoted(std::string(78, 'a') + "\x1B") == cut(78, "'... (79 bytes)"));
  CHECK(quoted(std::string(20'000'000, '\n')).size() < 200);
}

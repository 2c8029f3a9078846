#include <array>
#include <clocale>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <locale>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/core/number.hpp>
#include <snnbd/core/random.hpp>

#include "comma.hpp"

using namespace snnbd;

namespace {

std::string printed(const char* format, int precision, double number) {
  std::array<char, 500> text{};
  const int length = std::snprintf(text.data(), text.size(), format, precision, number);
  return {text.data(), static_cast<std::size_t>(length)};
}

double drawn(random::Stream& stream) {
  const int power = static_cast<int>(stream.below(600)) - 300;
  return (stream.uniform() - 0.5) * std::pow(10.0, power);
}

}  // namespace

TEST_CASE("Numbers become the texts that printf gives in the C locale", "[core]") {
  REQUIRE(std::string{std::setlocale(LC_NUMERIC, nullptr)} == "C");
  random::Stream stream{1, random::Purpose::synthetic};
  for (int round = 0; round < 2000; ++round) {
    const double number = round == 0 ? 0.0 : drawn(stream);
    for (const int precision : {0, 1, 2, 4, 17}) {
      REQUIRE(decimal_text(number, precision) == printed("%.*f", precision, number));
      if (precision > 0)
        REQUIRE(rounded_text(number, precision) == printed("%.*g", precision, number));
    }
    REQUIRE(std::strtod(number_text(number).c_str(), nullptr) == number);
    const auto single = static_cast<float>(number);
    REQUIRE(std::strtof(number_text(single).c_str(), nullptr) == single);
  }
  for (const double tie : {0.5, 1.5, 2.5, 0.125, 0.375, 1e22, -0.0, 9.9999999})
    CHECK(decimal_text(tie, 2) == printed("%.*f", 2, tie));
  CHECK(decimal_text(std::numeric_limits<double>::max(), 60).size() == 309 + 1 + 60);
  CHECK(decimal_text(1.0, 1000).size() == 2 + 60);
  CHECK(rounded_text(std::numeric_limits<double>::infinity(), 4) == "inf");
  CHECK(number_text(-0.0) == "-0");
}

TEST_CASE("Numbers have a point where the locale has a comma", "[core]") {
  const snnbd_tests::Comma comma;
  CHECK(number_text(1234.5) == "1234.5");
  CHECK(number_text(0.25F) == "0.25");
  CHECK(decimal_text(1234567.5, 2) == "1234567.50");
  CHECK(rounded_text(0.1234567, 4) == "0.1235");
}

TEST_CASE("Hexadecimal digits are the last ones, with zeros in front", "[core]") {
  CHECK(hexadecimal_text(0, 1) == "0");
  CHECK(hexadecimal_text(0xBEEF, 8) == "0000beef");
  CHECK(hexadecimal_text(0x123456789ABCDEF0U, 16) == "123456789abcdef0");
  CHECK(hexadecimal_text(0x123, 2) == "23");
}

#include <cstddef>

#include <catch2/catch.hpp>

#include <snnbd/poison/ledger.hpp>

using namespace snnbd;

TEST_CASE("A ledger's checksum is that of its bytes, lowest first", "[poison][ledger]") {
  poison::Ledger ledger;
  CHECK(ledger.checksum() == 0);
  // Python: zlib.crc32(struct.pack("<QQii", 5, 5, 7, 1))
  ledger.entries.push_back({5, 5, 7, 1});
  CHECK(ledger.checksum() == 0x83C28232U);
  // Python: the same, followed by struct.pack("<QQii", 2**33, 258, 0, 1)
  ledger.entries.push_back({std::size_t{1} << 33U, 258, 0, 1});
  CHECK(ledger.checksum() == 0xB3323D4BU);
}

TEST_CASE("A ledger's checksum tells every part of an entry", "[poison][ledger]") {
  poison::Ledger ledger;
  ledger.entries = {{3, 3, 4, 1}, {8, 8, 2, 1}};
  const auto before = ledger.checksum();
  for (const poison::Ledger::Entry& other :
       {poison::Ledger::Entry{4, 3, 4, 1}, {3, 4, 4, 1}, {3, 3, 5, 1}, {3, 3, 4, 0}}) {
    poison::Ledger changed = ledger;
    changed.entries[0] = other;
    CHECK(changed.checksum() != before);
  }
}

TEST_CASE("The achieved rate is the poisoned share of the resulting set", "[poison][ledger]") {
  poison::Ledger ledger;
  CHECK(ledger.rate_achieved() == 0.0);
  ledger.entries.resize(3);
  ledger.size = 12;
  CHECK(ledger.rate_achieved() == 0.25);
}

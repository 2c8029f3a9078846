#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// What was done to a set, so that a report can tell it and a defence can be judged by it.
struct Ledger {
  /// One poisoned sample.
  struct Entry {
    std::size_t index = 0;   ///< its place in the poisoned set
    std::size_t source = 0;  ///< its place in the clean set
    int original_label = 0;
    int new_label = 0;

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  std::vector<Entry> entries;  ///< ascending by `index`
  std::size_t clean_size = 0;
  std::size_t size = 0;  ///< of the poisoned set
  std::string trigger;
  std::string relabel;
  std::string selector;
  std::string mode;
  std::uint64_t seed = 0;
  double rate_asked = 0.0;

  /// The share of the poisoned set that is poisoned; 0 for an empty set.
  [[nodiscard]] double rate_achieved() const;

  /// CRC-32 of the entries, each as index and source (8 bytes) and both labels (4 bytes), lowest
  /// byte first: the same on any machine.
  [[nodiscard]] std::uint32_t checksum() const;
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/ledger.ipp>
#endif

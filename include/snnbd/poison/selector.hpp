#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// A sample that may be poisoned.
struct Candidate {
  std::size_t index;  ///< its place in the clean set
  int label;          ///< its label there
  int new_label;      ///< its label once it is poisoned
};

/// Which samples are poisoned: `select` gives at most `count` of the candidates (which come in the
/// order of the set), each once, in any order, the same for the same seed.
template <class Type>
concept Selector = requires(const Type& selector, const std::vector<Candidate>& candidates,
                            std::size_t count, std::uint64_t seed) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { selector.select(candidates, count, seed) } -> std::convertible_to<std::vector<Candidate>>;
};

/// Candidates at random, each as likely as any other. With the same seed, what a lower rate selects
/// is part of what a higher rate selects, so that a sweep over rates compares like with like.
struct RandomSelector {
  static constexpr std::string_view name = "random";

  /// Leaves samples out whose label would stay the same. The paper leaves them in.
  bool exclude_target = false;

  [[nodiscard]] std::vector<Candidate> select(std::vector<Candidate> candidates, std::size_t count,
                                              std::uint64_t seed) const;
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/selector.ipp>
#endif

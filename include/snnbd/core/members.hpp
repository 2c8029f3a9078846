#pragma once

#include <cstddef>
#include <exception>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <snnbd/core/config.hpp>

/// The members of a part, one by one, with their names: what keys, files and reports are made from,
/// so that no member can be forgotten. An aggregate of up to 24 members needs nothing for it. Other
/// types, and those with members beside the members of a base, list them:
///
/// ```cpp
/// struct Wavelet : Filter {
///   int levels = 3;
///   template <class Self, class Visit>
///   static constexpr void members(Self& self, const Visit& visit) {
///     snnbd::members::of_base<Filter>(self, visit);
///     visit("levels", self.levels);
///   }
/// };
/// ```
namespace snnbd::inline SNNBD_ISA::members {

namespace detail {

struct Ignore {
  constexpr void operator()(std::string_view /*name*/, const auto& /*member*/) const {}
};

/// Stands for the initializer of anything; never called.
struct Any {
  template <class Member>
  operator Member() const {
    std::terminate();
  }
};

/// Stands for the initializer of any base of `Part`; never called.
template <class Part>
struct AnyBase {
  template <class Base>
  requires(std::is_base_of_v<Base, Part> && !std::is_same_v<Base, Part>) operator Base() const {
    std::terminate();
  }
};

inline constexpr std::size_t most = 48;

/// Whether `Part`, or the first base of its first base and so on, `depth` times, takes as many
/// initializers.
template <class Part, int depth, class Initializer, std::size_t... Number>
constexpr bool takes(std::index_sequence<Number...> /*numbers*/) {
  [[maybe_unused]] const auto any = [](std::size_t) -> Initializer { return {}; };
  if constexpr (depth == 0) return requires {
      Part{any(Number)...};
    };
  else if constexpr (depth == 1)
    return requires {
      Part{{any(Number)...}};
    };
  else if constexpr (depth == 2)
    return requires {
      Part{{{any(Number)...}}};
    };
  else
    return requires {
      Part{{{{any(Number)...}}}};
    };
}

/// The largest number of initializers, bases among them.
template <class Part, int depth, class Initializer, std::size_t count>
constexpr std::size_t initializers() {
  if constexpr (count == 0)
    return 0;
  else if constexpr (takes<Part, depth, Initializer>(std::make_index_sequence<count>{}))
    return count;
  else
    return initializers<Part, depth, Initializer, count - 1>();
}

/// How many members there are, and how many of the classes that they may come from have any: the
/// part itself, its base, the base of that.
struct Census {
  std::size_t members = 0;
  std::size_t owners = 0;
};

template <class Part, int depth = 0>
constexpr Census census() {
  constexpr std::size_t all = initializers<Part, depth, Any, most>();
  constexpr std::size_t bases = initializers<Part, depth, AnyBase<Part>, 4>();
  static_assert(bases <= 1 && (bases == 0 || depth < 3),
                "snnbd: members are counted through one base of each class, three deep at most");
  Census total{all - bases, all > bases ? 1U : 0U};
  if constexpr (bases == 1 && depth < 3) {
    constexpr Census base = census<Part, depth + 1>();
    total.members += base.members;
    total.owners += base.owners;
  }
  return total;
}

template <class Part>
struct Stored {
  const Part value;
};

/// Never defined: only the names of its members are asked for.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class Part>
extern const Stored<Part> example;

template <class Part>
constexpr const Part& example_of() {
  return example<Part>.value;
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace detail

/// A part that lists its members by name.
template <class Part>
concept Listed = requires(const Part& part) {
  Part::members(part, detail::Ignore{});
};

/// The number of members of an aggregate, those of its bases among them.
template <class Part>
requires std::is_aggregate_v<Part>
inline constexpr std::size_t count = detail::census<Part>().members;

namespace detail {

#define SNNBD_TIE(number, ...)           \
  else if constexpr (size == (number)) { \
    auto& [__VA_ARGS__] = part;          \
    return std::tie(__VA_ARGS__);        \
  }

/// References to the members of an aggregate.
template <class Part>
constexpr auto tie(Part& part) {
  constexpr std::size_t size = count<std::remove_const_t<Part>>;
  static_assert(size <= 24,
                "snnbd: a part of more than 24 members must list them, see core/members.hpp");
  if constexpr (size == 0) {
    return std::tuple<>{};
  }
  SNNBD_TIE(1, a)
  SNNBD_TIE(2, a, b)
  SNNBD_TIE(3, a, b, c)
  SNNBD_TIE(4, a, b, c, d)
  SNNBD_TIE(5, a, b, c, d, e)
  SNNBD_TIE(6, a, b, c, d, e, f)
  SNNBD_TIE(7, a, b, c, d, e, f, g)
  SNNBD_TIE(8, a, b, c, d, e, f, g, h)
  SNNBD_TIE(9, a, b, c, d, e, f, g, h, i)
  SNNBD_TIE(10, a, b, c, d, e, f, g, h, i, j)
  SNNBD_TIE(11, a, b, c, d, e, f, g, h, i, j, k)
  SNNBD_TIE(12, a, b, c, d, e, f, g, h, i, j, k, l)
  SNNBD_TIE(13, a, b, c, d, e, f, g, h, i, j, k, l, m)
  SNNBD_TIE(14, a, b, c, d, e, f, g, h, i, j, k, l, m, n)
  SNNBD_TIE(15, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
  SNNBD_TIE(16, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
  SNNBD_TIE(17, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)
  SNNBD_TIE(18, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r)
  SNNBD_TIE(19, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s)
  SNNBD_TIE(20, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)
  SNNBD_TIE(21, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u)
  SNNBD_TIE(22, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v)
  SNNBD_TIE(23, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w)
  SNNBD_TIE(24, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x)
}

#undef SNNBD_TIE

template <class Pointer>
struct Address {
  Pointer pointer;
};
template <class Pointer>
Address(Pointer) -> Address<Pointer>;

/// The compiler's own words for a place, which end with the name of a member.
template <Address place>
constexpr std::string_view spelling() {
  return __PRETTY_FUNCTION__;
}

template <class Part, std::size_t number>
consteval std::string_view name_of() {
  constexpr auto* place = &std::get<number>(tie(example_of<Part>()));
  constexpr std::string_view text = spelling<Address{place}>();
#if defined(__clang__)
  constexpr std::size_t end = text.rfind('}');
#else
  constexpr std::size_t end = text.rfind(")}");
#endif
  constexpr std::size_t begin = text.find_last_of(".:", end) + 1;
  return text.substr(begin, end - begin);
}

/// How many members a part lists.
template <class Part>
consteval std::size_t listed() {
  std::size_t number = 0;
  Part::members(example_of<Part>(),
                [&](std::string_view /*name*/, const auto& /*member*/) { ++number; });
  return number;
}

}  // namespace detail

/// Calls `visit(name, member)` for each member, those of bases first.
template <class Part, class Visit>
constexpr void for_each(Part& part, const Visit& visit) {
  using Plain = std::remove_const_t<Part>;
  if constexpr (Listed<Plain>) {
    if constexpr (std::is_aggregate_v<Plain>)
      static_assert(detail::listed<Plain>() == count<Plain>,
                    "snnbd: members() of a part must visit each of its members, those of its base "
                    "through members::of_base");
    Plain::members(part, visit);
  } else {
    static_assert(
        std::is_aggregate_v<Plain>,
        "snnbd: a part of an experiment is an aggregate, without constructors or private members, "
        "or lists its members by a static function members(self, visit), see core/members.hpp");
    if constexpr (std::is_aggregate_v<Plain>) {
      static_assert(detail::census<Plain>().owners <= 1,
                    "snnbd: a part with members beside those of its base lists them by a static "
                    "function members(self, visit), see core/members.hpp");
      if constexpr (detail::census<Plain>().owners <= 1) {
        const auto members = detail::tie(part);
        [&]<std::size_t... number>(std::index_sequence<number...> /*numbers*/) {
          (visit(detail::name_of<Plain, number>(), std::get<number>(members)), ...);
        }
        (std::make_index_sequence<count<Plain>>{});
      }
    }
  }
}

/// The same for the members that a part has from its base: for a part that lists its own.
template <class Base, class Part, class Visit>
constexpr void of_base(Part& part, const Visit& visit) {
  if constexpr (std::is_const_v<Part>) {
    for_each(static_cast<const Base&>(part), visit);
  } else {
    for_each(static_cast<Base&>(part), visit);
  }
}

}  // namespace snnbd::inline SNNBD_ISA::members

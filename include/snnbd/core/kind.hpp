#pragma once

#include <string>
#include <string_view>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace detail {

template <class Type>
constexpr std::string_view spelled_type() {
  return __PRETTY_FUNCTION__;
}

/// The compiler's spelling of a type without what it says around it and without the namespace that
/// tells how the program was built.
std::string bare_spelling(std::string_view text);

}  // namespace detail

/// The full name of a type, arguments of templates among it, as the compiler spells it:
/// `snnbd::poison::PixelPatch<snnbd::poison::White, ...>`. Two compilers may differ.
template <class Type>
std::string kind_of() {
  return detail::bare_spelling(detail::spelled_type<Type>());
}

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/kind.ipp>
#endif

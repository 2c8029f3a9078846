#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <snnbd/core/kind.hpp>
#include <snnbd/core/members.hpp>
#include <snnbd/core/value_text.hpp>
#include <snnbd/layer/batch_norm.hpp>
#include <snnbd/layer/conv.hpp>
#include <snnbd/layer/dense.hpp>

/// Names of types in files, which all compilers must spell alike: `MaxPool<2, 2>`,
/// `Conv<32, 3, {stride: 1, padding: 1, bias: false}>`, `Delayed<Leaky>`.
namespace snnbd::inline SNNBD_ISA::network {

namespace detail {

/// A compiler's spelling of a type without namespaces, functions that it is local to, and spaces
/// between brackets.
std::string without_namespaces(std::string_view spelling);

/// The name of a template, from the spelling of a type that is made from it.
std::string template_name(std::string_view spelling);

/// `NAME<a, b>`, or `NAME` if there are no arguments to tell.
std::string with_arguments(std::string name, const std::vector<std::string>& arguments);

/// `{stride: 1, padding: 0}`: options that are an argument of a template.
template <class Options>
std::string options_text(const Options& options) {
  std::string text;
  members::for_each(options, [&](std::string_view name, const auto& option) {
    text.append(text.empty() ? "" : ", ").append(name).append(": ").append(value_text(option));
  });
  return '{' + text + '}';
}

/// How a type is made. One that is made from types and numbers mixed, or from values of classes, is
/// left to the compiler's spelling, and so may be spelled in two ways.
template <class Type>
struct Making {
  static std::string text(const std::vector<std::string>& /*known*/) {
    return without_namespaces(kind_of<Type>());
  }
};

template <template <class...> class Template, class... Arguments>
struct Making<Template<Arguments...>> {
  static std::string text(const std::vector<std::string>& known) {
    std::vector<std::string> arguments;
    [[maybe_unused]] const auto add =
        [&]<class Argument>(std::type_identity<Argument> /*argument*/) {
          const bool is_known = std::ranges::find(known, kind_of<Argument>()) != known.end();
          arguments.push_back(is_known ? std::string{} : Making<Argument>::text(known));
        };
    (add(std::type_identity<Arguments>{}), ...);
    return with_arguments(template_name(kind_of<Template<Arguments...>>()), arguments);
  }
};

template <template <auto...> class Template, auto... Arguments>
requires(PlainValue<decltype(Arguments)>&&...) struct Making<Template<Arguments...>> {
  static std::string text(const std::vector<std::string>& /*known*/) {
    return with_arguments(template_name(kind_of<Template<Arguments...>>()),
                          {value_text(Arguments)...});
  }
};

/// A padding that is left to the kernel's size is the same as that padding.
template <int Channels, int Kernel, layer::ConvOptions Options>
struct Making<layer::Conv<Channels, Kernel, Options>> {
  static std::string text(const std::vector<std::string>& /*known*/) {
    layer::ConvOptions options = Options;
    options.padding = layer::Conv<Channels, Kernel, Options>::padding;
    return with_arguments("Conv",
                          {value_text(Channels), value_text(Kernel), options_text(options)});
  }
};

template <int Units, layer::DenseOptions Options>
struct Making<layer::Dense<Units, Options>> {
  static std::string text(const std::vector<std::string>& /*known*/) {
    return with_arguments("Dense", {value_text(Units), options_text(Options)});
  }
};

template <layer::BatchNormOptions Options>
struct Making<layer::BatchNorm<Options>> {
  static std::string text(const std::vector<std::string>& /*known*/) {
    return with_arguments("BatchNorm", {options_text(Options)});
  }
};

}  // namespace detail

/// The kind of a part of a network. Types that are those of its members are left out: `Plif` for
/// `Plif<SoftReset, Sigmoid>`, as files tell the kinds of members beside it.
template <class Part>
std::string kind_text(const Part& part) {
  std::vector<std::string> known;
  members::for_each(part, [&]<class Member>(std::string_view /*name*/, const Member& /*member*/) {
    known.push_back(kind_of<Member>());
  });
  return detail::Making<Part>::text(known);
}

}  // namespace snnbd::inline SNNBD_ISA::network

#if !defined(SNNBD_COMPILED)
#include <snnbd/network/kind_text.ipp>
#endif

#pragma once

#include <algorithm>

#include <snnbd/network/kind_text.hpp>

namespace snnbd::inline SNNBD_ISA::network::detail {

inline void drop_word(std::string& text) {
  constexpr std::string_view letters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
  text.resize(text.find_last_not_of(letters) + 1);
}

/// Removes what stands before `::` at the end of `text`: a namespace, one without a name, or a
/// function. The scope of a class template stays, as it is part of what the type is.
///
/// @returns whether it did
inline bool drop_scope(std::string& text) {
  const auto drop_brackets = [&](char open, char close) {
    int depth = 0;
    while (!text.empty()) {
      const char last = text.back();
      text.pop_back();
      if (last == close) ++depth;
      if (last == open && --depth == 0) break;
    }
  };
  if (!text.empty() && text.back() == ']') {  // g++: f() [with Type = int]::Local
    drop_brackets('[', ']');
    while (text.ends_with(' ')) text.pop_back();
  }
  if (text.empty() || text.back() == '>') return false;
  if (text.back() == '}') {
    drop_brackets('{', '}');
    return true;
  }
  if (text.back() == ')') {
    drop_brackets('(', ')');
    if (text.ends_with('>')) drop_brackets('<', '>');
  }
  drop_word(text);
  return true;
}

SNNBD_COLD std::string without_namespaces(std::string_view spelling) {
  std::string text;
  for (std::size_t at = 0; at < spelling.size(); ++at) {
    if (spelling.substr(at, 2) == "::") {
      if (!drop_scope(text)) text += "::";
      ++at;
    } else if (spelling[at] == '{') {
      drop_word(text);  // g++ names the class of a value, clang++ does not
      text += '{';
    } else if (spelling[at] != ' ' || !text.ends_with('>')) {
      text += spelling[at];
    }
  }
  return text;
}

SNNBD_COLD std::string template_name(std::string_view spelling) {
  // The list of arguments is the last group of brackets.
  std::size_t begin = spelling.size();
  int depth = 0;
  while (begin > 0) {
    --begin;
    if (spelling[begin] == '>') ++depth;
    if (spelling[begin] == '<' && --depth == 0) break;
  }
  return without_namespaces(spelling.substr(0, begin));
}

SNNBD_COLD std::string with_arguments(std::string name, const std::vector<std::string>& arguments) {
  if (std::ranges::all_of(arguments, [](const std::string& one) { return one.empty(); }))
    return name;
  std::string list;
  for (const std::string& one : arguments)
    list.append(list.empty() ? "" : ", ").append(one.empty() ? "_" : one);
  return name.append("<").append(list).append(">");
}

}  // namespace snnbd::inline SNNBD_ISA::network::detail

#pragma once

#include <snnbd/format/safetensors.hpp>
#include <snnbd/network/layer_text.hpp>

namespace snnbd::inline SNNBD_ISA::network::detail {

SNNBD_COLD std::string joined(const std::string& name, std::string_view below) {
  return name.empty() ? std::string{below} : std::string{name}.append(".").append(below);
}

SNNBD_COLD UnreadLines::UnreadLines(const std::string& text, std::string subject)
    : subject_{std::move(subject)} {
  const Key key = Key::parse(text, subject_ + ", layers");
  for (const Key::Line& line : key.lines()) lines_.emplace(line.first, Value{line.second});
}

SNNBD_COLD const std::string* UnreadLines::take(const std::string& name) {
  const auto found = lines_.find(name);
  if (found == lines_.end()) return nullptr;
  found->second.read = true;
  return &found->second.text;
}

SNNBD_COLD void UnreadLines::skip(const std::string& prefix) {
  for (auto line = lines_.lower_bound(prefix);
       line != lines_.end() && line->first.starts_with(prefix); ++line)
    line->second.read = true;
}

SNNBD_COLD void UnreadLines::finish() const {
  for (const auto& [name, value] : lines_)
    if (!value.read)
      reject(subject_ + ", layers", "members of the network", snnbd::quoted(name) + " beside them");
}

SNNBD_COLD void UnreadLines::refuse(const std::string& name, std::string_view expected,
                                    const std::string* found) const {
  reject(subject_ + ", layer " + name, expected,
         found == nullptr ? std::string{"nothing"} : snnbd::quoted(*found));
}

}  // namespace snnbd::inline SNNBD_ISA::network::detail

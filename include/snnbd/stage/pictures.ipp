#pragma once

#include <algorithm>
#include <cctype>
#include <span>
#include <vector>

#include <snnbd/core/crc32.hpp>
#include <snnbd/stage/pictures.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

namespace detail {

/// A text as the beginning of a file's name: small letters, digits and hyphens.
inline std::string file_name_of(std::string_view text) {
  std::string name;
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (code < 0x80 && std::isalnum(code) != 0)
      name += static_cast<char>(std::tolower(code));
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  // Names of files have a limit, descriptions have none.
  return name.substr(0, 80);
}

}  // namespace detail

SNNBD_COLD std::string Pictures::draw(const Context& context) const {
  const data::DatasetView triggered = context.tests.triggered();
  const std::size_t count = std::min(samples, triggered.size());
  std::vector<float> values(count * triggered.sample_size());
  for (std::size_t i = 0; i < count; ++i)
    triggered.read(i,
                   std::span{values}.subspan(i * triggered.sample_size(), triggered.sample_size()));
  std::string stem = "pictures/";
  if (count > 0) stem += detail::file_name_of(triggered.triggers_on(0)) + '-';
  const std::string sum = crc32_text(std::as_bytes(std::span<const float>{values}));
  stem += sum.substr(sum.find(':') + 1);
  report::write_poisoned(context.out + '/' + stem, context.tests.clean(), triggered, count,
                         {.zoom = zoom});
  return stem + ".png";
}

}  // namespace snnbd::inline SNNBD_ISA::stage

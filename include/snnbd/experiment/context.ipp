#pragma once

#include <cctype>

#include <snnbd/core/value_text.hpp>
#include <snnbd/experiment/context.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

SNNBD_COLD std::string file_stem(std::string_view rule, std::string_view neuron,
                                 double poisoning_rate) {
  std::string stem;
  for (const char c : rule) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0 || c == '_' || c == '+')
      stem += static_cast<char>(std::tolower(letter));
    else
      stem += '-';
  }
  stem.append("-").append(neuron);
  if (poisoning_rate == 0.0) return stem + "-clean";
  return stem + "-backdoored-" + value_text(poisoning_rate);
}

}  // namespace snnbd::inline SNNBD_ISA::experiment

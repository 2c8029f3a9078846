#pragma once

#include <algorithm>
#include <cmath>

#include <snnbd/kernels/elementwise/softmax.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
double softmax_cross_entropy(const Scalar* logits, std::span<const int> labels,
                             std::span<const double> weights, int classes, Scalar* gradient) {
  double loss = 0.0;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const Scalar* z = logits + static_cast<Index>(row) * classes;
    Scalar* slope = gradient + static_cast<Index>(row) * classes;
    const double largest = static_cast<double>(*std::max_element(z, z + classes));
    double sum = 0.0;
    for (int c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(z[c]) - largest);
    for (int c = 0; c < classes; ++c) {
      const double share = std::exp(static_cast<double>(z[c]) - largest) / sum;
      slope[c] = static_cast<Scalar>(weights[row] * (share - (c == labels[row] ? 1.0 : 0.0)));
    }
    loss += weights[row] * (std::log(sum) + largest - static_cast<double>(z[labels[row]]));
  }
  return loss;
}

template <class Scalar>
void first_largest(const Scalar* rows, int classes, std::span<int> result) {
  for (std::size_t row = 0; row < result.size(); ++row) {
    const Scalar* value = rows + static_cast<Index>(row) * classes;
    result[row] = static_cast<int>(std::max_element(value, value + classes) - value);
  }
}

#if defined(SNNBD_COMPILED)
template double softmax_cross_entropy<float>(const float*, std::span<const int>,
                                             std::span<const double>, int, float*);
template double softmax_cross_entropy<double>(const double*, std::span<const int>,
                                              std::span<const double>, int, double*);
template void first_largest<float>(const float*, int, std::span<int>);
template void first_largest<double>(const double*, int, std::span<int>);
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels

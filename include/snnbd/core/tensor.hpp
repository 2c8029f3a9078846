#pragma once

#include <unsupported/Eigen/CXX11/Tensor>

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA {

/// The tensor of the public interface: row-major, the last index fastest.
template <class Value, int Rank>
using Tensor = Eigen::Tensor<Value, Rank, Eigen::RowMajor>;

/// A tensor that looks at memory owned by someone else.
template <class Value, int Rank>
using TensorView = Eigen::TensorMap<Eigen::Tensor<Value, Rank, Eigen::RowMajor>>;

/// Images or logits that are only looked at.
template <class Value, int Rank>
using ConstTensorView = Eigen::TensorMap<const Eigen::Tensor<Value, Rank, Eigen::RowMajor>>;

}  // namespace snnbd::inline SNNBD_ISA

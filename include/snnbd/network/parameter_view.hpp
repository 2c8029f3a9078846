#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/tensor/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::network {

/// A parameter tensor of a network: which layer owns it and where it lies in the flat vector.
struct ParameterTensor {
  int layer = 0;  ///< among the network's specs
  layer::Parameter parameter{};
  Index offset = 0;
  int place = 0;  ///< of its layer among all, those within layers counted too

  /// `3.weight`, as a PyTorch `Sequential` of the same layers names it.
  [[nodiscard]] std::string name() const {
    return std::to_string(layer) + '.' + std::string{parameter.name};
  }

  /// 4 for weights, [kernel row, kernel column, in, out] or [row, column, channel, out]; 1 for all
  /// others.
  [[nodiscard]] int rank() const {
    using enum layer::ParameterKind;
    return parameter.kind == conv_weight || parameter.kind == dense_weight ? 4 : 1;
  }
};

/// A parameter tensor of a network, or its gradient, under its name: it looks at memory of the
/// network or of a `Gradient`. It becomes an Eigen tensor of its natural rank:
///
/// ```cpp
/// TensorView<float, 4> weight = net.parameter("3.weight");  // [row, column, channel, out]
/// TensorView<float, 1> bias = net.parameter("3.bias");
/// ```
template <class Scalar>
class ParameterView {
 public:
  ParameterView(const ParameterTensor& tensor, Scalar* values) : tensor_{tensor}, data_{values} {}

  [[nodiscard]] std::string name() const { return tensor_.name(); }
  [[nodiscard]] layer::ParameterKind kind() const { return tensor_.parameter.kind; }
  [[nodiscard]] int rank() const { return tensor_.rank(); }
  [[nodiscard]] std::span<Scalar> values() const {
    return {data_, static_cast<std::size_t>(tensor_.parameter.size())};
  }

  /// The tensor itself, without a copy.
  ///
  /// @throws Error if it has another number of indices
  template <int Rank>
  [[nodiscard]] auto tensor() const {
    static_assert(Rank == 1 || Rank == 4, "snnbd: parameters are tensors of rank 1 or 4");
    if (Rank != rank())
      reject("parameter " + name(), "a tensor of rank " + std::to_string(rank()),
             "one of rank " + std::to_string(Rank));
    using Value = std::remove_const_t<Scalar>;
    using View = std::conditional_t<std::is_const_v<Scalar>, ConstTensorView<Value, Rank>,
                                    TensorView<Value, Rank>>;
    if constexpr (Rank == 1) {
      return View{data_, tensor::sizes(tensor_.parameter.size())};
    } else {
      const auto& dims = tensor_.parameter.dims;
      return View{data_, tensor::sizes(dims[0], dims[1], dims[2], dims[3])};
    }
  }

  // NOLINTNEXTLINE(google-explicit-constructor): a parameter is a tensor
  operator TensorView<std::remove_const_t<Scalar>, 4>() const requires(!std::is_const_v<Scalar>) {
    return tensor<4>();
  }
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  operator TensorView<std::remove_const_t<Scalar>, 1>() const requires(!std::is_const_v<Scalar>) {
    return tensor<1>();
  }
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  operator ConstTensorView<std::remove_const_t<Scalar>, 4>() const {
    return as_constant().template tensor<4>();
  }
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  operator ConstTensorView<std::remove_const_t<Scalar>, 1>() const {
    return as_constant().template tensor<1>();
  }

 private:
  [[nodiscard]] ParameterView<const Scalar> as_constant() const { return {tensor_, data_}; }

  ParameterTensor tensor_;
  Scalar* data_;
};

/// The parameter of a name in a flat vector.
///
/// @throws Error that names all there are if there is none of that name
template <class Scalar>
ParameterView<Scalar> find_parameter(const std::vector<ParameterTensor>& tensors,
                                     std::string_view name, Scalar* values) {
  std::string names;
  for (const ParameterTensor& tensor : tensors) {
    if (tensor.name() == name) return {tensor, values + tensor.offset};
    names.append(names.empty() ? "" : ", ").append(tensor.name());
  }
  reject("parameter of a network", names.empty() ? "none" : "one of " + names, quoted(name));
}

/// The gradient of a loss by all parameters of a network: zero at first, added to by
/// `Pass::backward`. Of a batch norm's running moments it is the change that they want.
template <class Net>
class Gradient {
 public:
  using Scalar = typename Net::ScalarType;

  /// All of it, in the order of `Net::parameters()`.
  [[nodiscard]] std::span<Scalar> values() { return values_; }
  [[nodiscard]] std::span<const Scalar> values() const { return values_; }

  /// The part of one parameter: `gradient("3.weight")`.
  ///
  /// @throws Error if the network has no parameter of that name
  [[nodiscard]] ParameterView<Scalar> operator()(std::string_view name) {
    return find_parameter(Net::tensors(), name, values_.data());
  }
  [[nodiscard]] ParameterView<const Scalar> operator()(std::string_view name) const {
    return find_parameter<const Scalar>(Net::tensors(), name, values_.data());
  }

  void set_zero() { std::fill(values_.begin(), values_.end(), Scalar{0}); }

 private:
  AlignedVector<Scalar> values_ =
      AlignedVector<Scalar>(static_cast<std::size_t>(Net::parameter_count));
};

}  // namespace snnbd::inline SNNBD_ISA::network

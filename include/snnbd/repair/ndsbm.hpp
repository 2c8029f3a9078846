#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/network/view.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

namespace detail {

/// The weights of the first convolutions of each block. A residual's branch is a block, and so is
/// what stands between two poolings or residuals.
template <class Net>
std::vector<network::ParameterTensor> first_convolutions(const Net& net, int per_block) {
  std::vector<network::ParameterTensor> found;
  int begin = 0;  // places: of the shortcut that is skipped
  int end = 0;
  int in_branch = 0;  // where the present branch ends
  int taken = 0;
  layer::for_each_layer(net.layers(), [&]<class Spec>(const Spec& /*spec*/, int place) {
    if (place == in_branch) taken = 0;
    if constexpr (requires { typename Spec::BranchType; }) {
      in_branch = place + 1 + Spec::BranchType::places;
      begin = in_branch;
      end = begin + Spec::ShortcutType::places;
      taken = 0;
    } else if constexpr (Spec::name.ends_with("pool")) {
      taken = 0;
    } else {
      for (const network::ParameterTensor& tensor : Net::tensors()) {
        if (tensor.place != place || tensor.parameter.kind != layer::ParameterKind::conv_weight)
          continue;
        if (place >= begin && place < end) continue;
        if (taken++ < per_block) found.push_back(tensor);
      }
    }
  });
  return found;
}

}  // namespace detail

/// The class with the largest output of each sample, [sample, class], the first one among equals.
[[nodiscard]] std::vector<std::size_t> leading_classes(std::span<const float> outputs,
                                                       std::size_t classes);

/// By how much the output of each sample's class lies above the largest other one, on average.
///
/// @param leading a class for each sample
/// @throws Error if the sizes do not fit or there are less than two classes
[[nodiscard]] double mean_margin(std::span<const float> outputs,
                                 std::span<const std::size_t> leading, std::size_t classes);

/// Neural dendrites suppression (NDSBM, Li et al. 2025): clamps the weights of the first two
/// convolutions of each block to [-cap, cap], so that no dendrite can carry a trigger through
/// alone. The caps are a share of each layer's largest weight, the same for all layers. It goes
/// down as long as the membrane margins of clean samples stand: by how much the class that the
/// network chose lies above the others in what its outputs accumulate over the steps. It takes no
/// labels.
///
/// Only the abstract was read, which names the weights, the clamping and the membranes of few
/// clean samples without labels. What a block is where there are no residuals, one share for all
/// layers, and the search for it in steps are ours.
struct Ndsbm {
  static constexpr std::string_view name = "ndsbm";
  int per_block = 2;       ///< convolutions that are clamped in each
  double step = 0.05;      ///< by which the share goes down
  double least = 0.05;     ///< the smallest share; 1 clamps nothing
  double tolerance = 0.1;  ///< by how much of itself the mean margin may fall

  void check() const {
    if (per_block < 0) reject("convolutions of a block of NDSBM", "at least 0", per_block);
    require_positive("step of NDSBM", step);
    require_share("least share of NDSBM", least);
    require_share("tolerance of NDSBM", tolerance);
  }

  /// @param path called with 1 minus the share of the largest weight that is left
  /// @throws Error if a setting is out of range or there are no clean samples
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    using Net = typename Subject::Net;
    using Scalar = typename Net::ScalarType;
    check();
    Net net = subject.net;
    path(std::as_const(net), 0.0);
    if (least >= 1.0) return net;
    if (evidence.clean.size() == 0) reject("clean samples of NDSBM", "at least one", "none");
    Net trial = net;
    const NetworkView view =
        view_of(std::as_const(trial), subject.encoding, subject.steps, evidence.batch_size);
    const auto classes = static_cast<std::size_t>(view.classes());
    const std::vector<float> before = view.outputs(evidence.clean);
    const std::vector<std::size_t> leading = leading_classes(before, classes);
    const double wanted = (1.0 - tolerance) * mean_margin(before, leading, classes);
    const auto tensors = detail::first_convolutions(net, per_block);
    for (int number = 1;; ++number) {
      const double share = 1.0 - number * step;
      if (share < least - 1e-9) return net;
      for (const network::ParameterTensor& tensor : tensors) {
        const auto place = static_cast<std::size_t>(tensor.offset);
        const auto size = static_cast<std::size_t>(tensor.parameter.size());
        Scalar largest{0};
        for (const Scalar weight : subject.net.parameters().subspan(place, size))
          largest = std::max(largest, std::abs(weight));
        const auto cap = static_cast<Scalar>(share * static_cast<double>(largest));
        for (Scalar& weight : trial.parameters().subspan(place, size))
          weight = std::clamp(weight, -cap, cap);
      }
      if (mean_margin(view.outputs(evidence.clean), leading, classes) < wanted) return net;
      net = trial;
      path(std::as_const(net), 1.0 - share);
    }
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair

#if !defined(SNNBD_COMPILED)
#include <snnbd/repair/ndsbm.ipp>
#endif

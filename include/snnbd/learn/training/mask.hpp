#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/network/parameter_view.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// What an optimizer may do with one parameter.
enum class Hold : std::uint8_t {
  free,     ///< train it
  still,    ///< leave it where it is
  at_zero,  ///< keep it at 0
};

/// Which parameters of a network are held while it is trained, see `Masked`. One entry for each
/// value of the flat vector; all are free at first.
///
/// ```cpp
/// learn::Mask mask{Net::parameter_count};
/// mask.hold_layer(Net::tensors(), "last_conv");                     // frozen
/// mask.hold_channel(Net::tensors()[0], 3, learn::Hold::at_zero);    // pruned
/// mask.apply(net.parameters());
/// ```
class Mask {
 public:
  /// Holds nothing, of whichever network.
  Mask() = default;
  explicit Mask(Index parameters);

  /// Holds some neighbouring parameters. The last call for a parameter counts.
  ///
  /// @throws Error if they are not all among the parameters
  Mask& hold(Index offset, Index count, Hold how = Hold::still);

  /// Holds all that one output channel of a tensor has: of weights what leads to it, of a bias or a
  /// norm its one value.
  ///
  /// @throws Error if the tensor has no such channel, or is none of this network
  Mask& hold_channel(const network::ParameterTensor& tensor, Index channel,
                     Hold how = Hold::at_zero);

  /// Holds all parameters of a layer, or one of them.
  ///
  /// @param tensors `Net::tensors()`
  /// @param name the beginning of names of parameters, whole parts of it: `3.weight`, or `3` for
  ///   all of layer 3, layers within it too; or `last_conv`, `last_dense`, and `last` for the last
  ///   layer with weights of one kind, or of either
  /// @throws Error that names all parameters if it is the name of none
  Mask& hold_layer(const std::vector<network::ParameterTensor>& tensors, std::string_view name,
                   Hold how = Hold::still);

  /// The parameters that it is for; 0 if it holds nothing of whichever network.
  [[nodiscard]] Index size() const { return static_cast<Index>(entries_.size()); }
  [[nodiscard]] std::span<const Hold> entries() const { return entries_; }
  /// How many parameters it holds.
  [[nodiscard]] Index held() const;

  /// Calls `body(offset, count, how)` for each stretch that is held, in order, as long as it goes.
  template <class Body>
  void for_each_held(const Body& body) const {
    const auto end = entries_.end();
    for (auto at = entries_.begin(); at != end;) {
      const Hold how = *at;
      const auto next = std::find_if(at, end, [&](Hold other) { return other != how; });
      if (how != Hold::free) body(at - entries_.begin(), next - at, how);
      at = next;
    }
  }

  /// Sets to 0 what is held there.
  ///
  /// @throws Error if there are not as many parameters as entries
  template <class Scalar>
  void apply(std::span<Scalar> parameters) const {
    check_count(static_cast<Index>(parameters.size()));
    for_each_held([&](Index offset, Index count, Hold how) {
      if (how == Hold::at_zero) std::fill_n(parameters.begin() + offset, count, Scalar{0});
    });
  }

  /// Refuses another number of parameters, if it is for a number of them at all.
  void check_count(Index parameters) const;

  /// How many are held of how many, and a checksum of the entries.
  void add_to(Key& key, const std::string& name) const;

  friend bool operator==(const Mask&, const Mask&) = default;

 private:
  std::vector<Hold> entries_;
};

}  // namespace snnbd::inline SNNBD_ISA::learn

#if !defined(SNNBD_COMPILED)
#include <snnbd/learn/training/mask.ipp>
#endif

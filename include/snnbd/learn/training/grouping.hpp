#pragma once

#include <cstddef>
#include <span>

#include <snnbd/data/dataset_view.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// Passes each batch through the network whole, and as the network is: what training usually does.
///
/// What stands in its place has the same member function, which calls `use` for groups that each
/// sample of the batch is in once, and may change settings of the network's layers for the time of
/// a call. `splits` says whether there may be several groups. Its members are in the training's
/// key.
struct WholeBatch {
  static constexpr bool splits = false;

  template <class Net, class Use>
  void each(Net& /*net*/, const data::DatasetView& /*set*/, std::span<const std::size_t> batch,
            const Use& use) const {
    use(batch);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn

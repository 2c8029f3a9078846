#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include <snnbd/core/key.hpp>
#include <snnbd/core/kind.hpp>
#include <snnbd/learn/training/model.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

/// A network that was trained, and what is known of it.
template <class Net>
struct Trained {
  Net net;
  learn::Facts facts;
  std::size_t number = 0;  ///< that it was given when it was handed on
};

/// Networks that were trained so far in a run, by the key of their training: what is asked for
/// twice is trained once, by whichever rule.
class TrainedNetworks {
 public:
  /// Null if there is none of that key.
  template <class Net>
  [[nodiscard]] const Trained<Net>* find(const Key& key) const {
    const auto found = networks_.find(place_of<Net>(key));
    return found == networks_.end() ? nullptr
                                    : static_cast<const Trained<Net>*>(found->second.network.get());
  }

  /// @param lasting whether it is kept from one poisoning rate to the next
  template <class Net>
  void keep(const Key& key, Trained<Net> trained, bool lasting) {
    networks_[place_of<Net>(key)] = {std::make_shared<Trained<Net>>(std::move(trained)), lasting};
  }

  /// Drops those that do not last: each rate has others.
  void drop_passing() {
    std::erase_if(networks_, [](const auto& entry) { return !entry.second.lasting; });
  }

 private:
  struct Entry {
    std::shared_ptr<void> network;
    bool lasting = false;
  };

  /// The type is part of it, so that no network is taken for one of another type.
  template <class Net>
  static std::string place_of(const Key& key) {
    return kind_of<Net>() + '\n' + key.text();
  }

  std::map<std::string, Entry> networks_;
};

}  // namespace snnbd::inline SNNBD_ISA::experiment

#pragma once

#include <map>
#include <memory>
#include <string>

#include <snnbd/core/key.hpp>
#include <snnbd/learn/model.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

/// A network that was trained, and what is known of it.
template <class Net>
struct Trained {
  Net net;
  learn::Facts facts;
  std::size_t number = 0;  ///< that it was given when it was handed on
};

/// Networks that were trained so far in a run, by the key of their training: what is asked for
/// twice is trained once.
class TrainedNetworks {
 public:
  /// Null if there is none of that key.
  template <class Net>
  [[nodiscard]] const Trained<Net>* find(const Key& key) const {
    const auto found = networks_.find(key.text());
    return found == networks_.end() ? nullptr
                                    : static_cast<const Trained<Net>*>(found->second.get());
  }

  template <class Net>
  void keep(const Key& key, Trained<Net> trained) {
    networks_[key.text()] = std::make_shared<Trained<Net>>(std::move(trained));
  }

 private:
  std::map<std::string, std::shared_ptr<void>> networks_;
};

}  // namespace snnbd::inline SNNBD_ISA::experiment

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/value_text.hpp>
#include <snnbd/kernels/elementwise/finite.hpp>
#include <snnbd/network/checkpoint.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// How one epoch went.
struct EpochRecord {
  int epoch = 0;  ///< from 0
  double loss = 0.0;
  double accuracy = 0.0;  ///< percent of the training samples, as they were seen
  double seconds = 0.0;
};

namespace detail {
/// `optimizer.0` and so on: the buffers beside the parameters.
std::string buffer_name(std::size_t number);
/// The records as a text that `parse_epochs` reads back exactly.
std::string format_epochs(const std::vector<EpochRecord>& epochs);
std::vector<EpochRecord> parse_epochs(std::string_view text, const std::string& subject);
Index parse_count(const std::string& text, const std::string& subject);
bool file_exists(const std::string& path);
/// Refuses the state of another run.
void check_key(const safetensors::File& file, const Key& key, const std::string& path);
/// The metadata of that name.
const std::string& state_text(const safetensors::File& file, std::string_view name,
                              const std::string& path);
}  // namespace detail

/// Writes a network with all members of its layers, its optimizer and the epochs behind it: what
/// `load_train_state` goes on from.
///
/// @param key what the run is made of
template <class Net, class State>
void save_train_state(const std::string& path, const Net& net, State& state,
                      const std::vector<EpochRecord>& epochs, const Key& key = {}) {
  auto entries = network::export_parameters(net);
  std::size_t number = 0;
  for (const auto buffer : state.buffers())
    entries.push_back(safetensors::make_entry<typename Net::ScalarType>(
        detail::buffer_name(number++), {static_cast<std::int64_t>(buffer.size())}, buffer));
  safetensors::Metadata metadata = network::network_metadata(net);
  metadata.emplace_back("key", key.text());
  metadata.emplace_back("steps", value_text(state.steps));
  metadata.emplace_back("epochs", detail::format_epochs(epochs));
  safetensors::write(path, entries, metadata);
}

/// Reads such a file if there is one. Unlike `network::load` it refuses surrogates of another kind.
///
/// @returns the epochs that are done; none if there is no file
/// @param key what the run is made of; the file's must be the same
/// @throws Error if the file is damaged, of another network or of another run, naming what differs;
///   network and optimizer are then as they were
template <class Net, class State>
std::vector<EpochRecord> load_train_state(const std::string& path, Net& net, State& state,
                                          const Key& key = {}) {
  using Scalar = typename Net::ScalarType;
  if (!detail::file_exists(path)) return {};
  const safetensors::File file = safetensors::read(path);
  const std::string* made_by = file.find_metadata("network");
  if (made_by == nullptr || *made_by != net.description())
    reject(path, "a checkpoint of " + net.description(),
           made_by == nullptr ? "one that does not name its network" : snnbd::quoted(*made_by));
  const std::string& epochs = detail::state_text(file, "epochs", path);
  const std::string& steps = detail::state_text(file, "steps", path);
  detail::check_key(file, key, path);
  auto records = detail::parse_epochs(epochs, path);
  const Index step_count = detail::parse_count(steps, path);
  std::vector<std::vector<Scalar>> buffers;
  for (const auto own : state.buffers()) {
    const auto* entry = file.find(detail::buffer_name(buffers.size()));
    if (entry == nullptr || entry->dtype != safetensors::dtype_of<Scalar>() ||
        entry->bytes.size() != own.size_bytes())
      reject(path, "the buffers of the same optimizer", "others");
    buffers.push_back(safetensors::values_of<Scalar>(*entry));
    if (!kernels::all_finite(buffers.back().data(), static_cast<Index>(buffers.back().size())))
      reject(path, "finite values in the buffers of the optimizer", "others");
  }
  if (file.find(detail::buffer_name(buffers.size())) != nullptr)
    reject(path, "the buffers of the same optimizer", "more of them");
  auto content = network::read_content(file, net, path, network::OtherSurrogate::refused);
  const auto own = state.buffers();
  std::move(content).apply(net);
  for (std::size_t number = 0; number < buffers.size(); ++number)
    std::copy(buffers[number].begin(), buffers[number].end(), own[number].begin());
  state.steps = step_count;
  return records;
}

}  // namespace snnbd::inline SNNBD_ISA::learn

#if !defined(SNNBD_COMPILED)
#include <snnbd/learn/training/train_state.ipp>
#endif

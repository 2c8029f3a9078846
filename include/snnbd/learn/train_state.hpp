#pragma once

#include <string>
#include <vector>

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
/// `optimiser.0` and so on: the buffers beside the parameters.
std::string buffer_name(std::size_t number);
/// The records as a text that `parse_epochs` reads back exactly.
std::string format_epochs(const std::vector<EpochRecord>& epochs);
std::vector<EpochRecord> parse_epochs(const std::string& text, const std::string& subject);
Index parse_count(const std::string& text, const std::string& subject);
bool file_exists(const std::string& path);
}  // namespace detail

/// Writes a network, its optimiser and the epochs behind it: what `load_train_state` goes on from.
template <class Net, class State>
void save_train_state(const std::string& path, const Net& net, State& state,
                      const std::vector<EpochRecord>& epochs, const std::string& fingerprint = {}) {
  auto entries = network::export_parameters(net);
  std::size_t number = 0;
  for (const auto buffer : state.buffers())
    entries.push_back(safetensors::make_entry<typename Net::ScalarType>(
        detail::buffer_name(number++), {static_cast<std::int64_t>(buffer.size())}, buffer));
  safetensors::write(path, entries,
                     {{"network", net.description()},
                      {"settings", fingerprint},
                      {"steps", std::to_string(state.steps)},
                      {"epochs", detail::format_epochs(epochs)}});
}

/// Reads such a file if there is one.
///
/// @returns the epochs that are done; none if there is no file
/// @param fingerprint the settings that the file must have been made with
/// @throws Error if the file is damaged, of another network or made with other settings
template <class Net, class State>
std::vector<EpochRecord> load_train_state(const std::string& path, Net& net, State& state,
                                          const std::string& fingerprint = {}) {
  using Scalar = typename Net::ScalarType;
  if (!detail::file_exists(path)) return {};
  const safetensors::File file = safetensors::read(path);
  const std::string* made_by = file.find_metadata("network");
  if (made_by == nullptr || *made_by != net.description())
    reject(path, "a checkpoint of " + net.description(),
           made_by == nullptr ? "one that does not name its network" : *made_by);
  const std::string* epochs = file.find_metadata("epochs");
  const std::string* steps = file.find_metadata("steps");
  if (epochs == nullptr || steps == nullptr)
    reject(path, "the state of a training run", "parameters only");
  const std::string* settings = file.find_metadata("settings");
  const std::string made_with = settings == nullptr ? std::string{} : *settings;
  if (made_with != fingerprint) reject(path, "a checkpoint made with " + fingerprint, made_with);
  auto records = detail::parse_epochs(*epochs, path);
  const Index step_count = detail::parse_count(*steps, path);
  std::vector<std::vector<Scalar>> buffers;
  for (std::size_t number = 0; number < state.buffers().size(); ++number) {
    const auto* entry = file.find(detail::buffer_name(number));
    if (entry == nullptr || entry->bytes.size() != state.buffers()[number].size_bytes())
      reject(path, "the buffers of the same optimiser", "others");
    buffers.push_back(safetensors::values_of<Scalar>(*entry));
  }
  if (file.find(detail::buffer_name(buffers.size())) != nullptr)
    reject(path, "the buffers of the same optimiser", "more of them");
  network::import_parameters(file, net, path);
  for (std::size_t number = 0; number < buffers.size(); ++number)
    std::copy(buffers[number].begin(), buffers[number].end(), state.buffers()[number].begin());
  state.steps = step_count;
  return records;
}

}  // namespace snnbd::inline SNNBD_ISA::learn

#if !defined(SNNBD_COMPILED)
#include <snnbd/learn/train_state.ipp>
#endif

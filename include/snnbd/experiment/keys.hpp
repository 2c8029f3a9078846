#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/key.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/experiment/settings.hpp>

/// The keys of experiments, of their models, and of a folder of results.
namespace snnbd::inline SNNBD_ISA::experiment {

/// What decides all models of an experiment, whatever their rule and whether they are poisoned.
///
/// @param study with the overrides of the settings
template <class Study>
Key common_key(const Settings& settings, const Study& study) {
  Key key;
  key.set("version", SNNBD_VERSION_STRING);
  add_settings(settings, "settings", key);
  key.set("set", kind_of<typename Study::Parts::Clean>())
      .add("encoding", study.encoding)
      .add("network", study.network)
      .add("stages", study.stages);
  constexpr int frames = data::frames_of<typename Study::Parts::Clean>();
  if constexpr (frames > 1) key.add("frames", frames);
  return key;
}

/// What the attacker decides.
template <class Study>
Key poison_key(const Settings& settings, const Study& study) {
  Key key;
  key.add("poison.rate", settings.poisoning_rate)
      .add("poison.mode", settings.mode)
      .add("poison.trigger", study.trigger)
      .add("poison.relabel", study.relabel)
      .add("poison.selector", study.selector);
  return key;
}

/// Everything that a user can set and that a result may depend on.
template <class Study>
Key study_key(const Settings& settings, const Study& study) {
  Key key = common_key(settings, study);
  key.append(poison_key(settings, study)).add("objective", settings.objective);
  key.add("rule", study.rule);
  return key;
}

/// Takes a folder for results: makes it, and leaves in it the key of what will be there, so that a
/// run does not end with nowhere to put its results, and two runs do not meet in one folder.
///
/// @param key of all experiments of the run
/// @throws Error if the folder cannot be made or written, or holds the results of another run and
///   `overwrite` is off: names what differs
void take_folder(const std::string& path, const Key& key, bool overwrite);

}  // namespace snnbd::inline SNNBD_ISA::experiment

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/keys.ipp>
#endif

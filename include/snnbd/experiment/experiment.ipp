#pragma once

#include <cctype>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>

#include <snnbd/experiment/experiment.hpp>
#include <snnbd/learn/interrupt.hpp>

namespace snnbd::inline SNNBD_ISA::detail {

SNNBD_INLINE learn::Observer Watcher::begin(const std::string& title,
                                            const learn::TrainEstimate& estimate, double seconds,
                                            const learn::TrainSettings& settings,
                                            std::size_t samples) {
  const auto batch = static_cast<std::size_t>(settings.batch_size);
  const std::size_t batches = (samples + batch - 1) / batch;
  if (mode_ != report::ProgressMode::silent) {
    constexpr double megabyte = 1e6;
    std::fprintf(stderr, "%s: %zu samples, about %s and %.0f MB\n", title.c_str(), samples,
                 report::duration_text(seconds).c_str(),
                 static_cast<double>(estimate.signal_bytes + estimate.parameter_bytes) / megabyte);
  }
  progress_ = std::make_shared<report::Progress>(
      title, batches * static_cast<std::size_t>(settings.epochs), mode_);
  return [progress = progress_](const learn::TrainProgress& now) {
    const std::size_t done = static_cast<std::size_t>(now.epoch) * now.batches + now.batch;
    const std::string status = report::training_status(now.loss, now.accuracy);
    if (now.epoch_done)
      progress->milestone(done, status);
    else
      progress->advance(done, status);
  };
}

SNNBD_INLINE void Watcher::finish() {
  if (progress_) progress_->finish();
  progress_.reset();
}

/// Shows progress from the moment on at which it is clear that it will take some time.
class LateProgress {
 public:
  LateProgress(std::string title, std::size_t total, report::ProgressMode mode)
      : title_{std::move(title)}, total_{total}, mode_{mode} {}

  void operator()(std::size_t done) {
    if (learn::interrupt_requested().load()) throw Error{"interrupted"};
    if (!progress_ && std::chrono::steady_clock::now() - begin_ > std::chrono::seconds{3}) {
      progress_ = std::make_shared<report::Progress>(title_, total_ - done, mode_);
      shown_from_ = done;
    }
    if (!progress_) return;
    progress_->advance(done - shown_from_);
    if (done == total_) progress_->finish();
  }

 private:
  std::string title_;
  std::size_t total_;
  report::ProgressMode mode_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::shared_ptr<report::Progress> progress_;
  std::size_t shown_from_ = 0;
};

SNNBD_INLINE NetworkView::Observer Watcher::measuring(const std::string& title,
                                                      std::size_t samples) const {
  return LateProgress{title, samples, mode_};
}

SNNBD_INLINE void prepare_folder(const std::string& path) {
  if (path.empty()) return;
  std::error_code problem;
  std::filesystem::create_directories(path, problem);
  if (problem || !std::filesystem::is_directory(path))
    reject("folder for results '" + path + "'", "a folder that is there or can be made",
           problem ? problem.message() : std::string{"a file"});
}

SNNBD_INLINE std::string file_stem(std::string_view rule, std::string_view neuron,
                                   double poisoning_rate) {
  std::string stem;
  for (const char c : rule) stem += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  stem.append("-").append(neuron);
  if (poisoning_rate == 0.0) return stem + "-clean";
  char text[40];
  std::snprintf(text, sizeof(text), "-backdoored-%g", poisoning_rate);
  return stem + text;
}

SNNBD_INLINE std::string fingerprint(const Settings& settings, const std::string& model,
                                     bool poisoned) {
  char text[512];
  std::snprintf(text, sizeof(text),
                ", seed %llu, timesteps %td, epochs %d, batch size %td, learning rate %g, "
                "samples %zu, threshold %g, tau %g, data '",
                static_cast<unsigned long long>(settings.seed), settings.timesteps, settings.epochs,
                settings.batch_size, settings.learning_rate, settings.samples,
                static_cast<double>(settings.threshold.value_or(0.0F)),
                static_cast<double>(settings.tau.value_or(0.0F)));
  // What has no largest length stays out of the buffer: a text cut off would match too much.
  std::string result = model + (poisoned ? " backdoored" : " clean") + text + settings.data + '\'';
  if (poisoned) {
    std::snprintf(text, sizeof(text),
                  ", poisoning rate %g, mode %d, target %d, trigger size %d at %d,%d, %s %g %g",
                  settings.poisoning_rate, static_cast<int>(settings.mode), settings.target,
                  settings.trigger_size, settings.trigger_offset.dx, settings.trigger_offset.dy,
                  std::string{settings.objective.name()}.c_str(), settings.objective.alpha,
                  settings.objective.beta);
    result += text;
  }
  return result;
}

SNNBD_INLINE std::string tuning_fingerprint(const Settings& settings, const std::string& model,
                                            const learn::PoisonedSteps& steps) {
  char text[256];
  std::snprintf(text, sizeof(text),
                ", %d epochs of tuning, learning rate %g, threshold factor %g, calibrated on %zu, ",
                settings.tuning_epochs, settings.tuning_learning_rate,
                static_cast<double>(settings.threshold_factor.value_or(0.0F)),
                settings.calibration_samples);
  return fingerprint(settings, model, steps.any()) + text + steps.parts() +
         ", artificial network '" + settings.pretrained + '\'';
}

SNNBD_INLINE report::Fields summarise(const poison::Ledger& ledger) {
  char checksum[32];
  std::snprintf(checksum, sizeof(checksum), "crc32:%08x", static_cast<unsigned>(ledger.checksum()));
  report::Fields fields;
  fields.set("poisoned", ledger.entries.size())
      .set("samples", ledger.size)
      .set("rate_asked", ledger.rate_asked)
      .set("rate_achieved", ledger.rate_achieved())
      .set("mode", ledger.mode)
      .set("trigger", ledger.trigger)
      .set("relabel", ledger.relabel)
      .set("selector", ledger.selector)
      .set("seed", ledger.seed)
      .set("checksum", std::string{checksum});
  return fields;
}

}  // namespace snnbd::inline SNNBD_ISA::detail

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/learn/training/train_state.hpp>

/// What a training run is told, and what it tells.
namespace snnbd::inline SNNBD_ISA::learn {

/// The quantities of a training run.
struct TrainSettings {
  static constexpr Index usual_timesteps = 4;

  int epochs = 3;
  Index batch_size = 64;
  /// Of a sequence. Where the encoder passes frames on, it is the number of frames of a sample, and
  /// any other than that and the default is refused.
  Index timesteps = usual_timesteps;
  std::uint64_t seed = 1;
  std::size_t memory_budget = std::size_t{1} << 30U;  ///< bytes for the signals of a pass
  std::string checkpoint{};                           ///< written after each epoch; empty for none
  bool resume = true;  ///< goes on from the checkpoint if there is one
  Key key{};           ///< what else decides the result: a checkpoint must have been made with it

  /// @throws Error that names the setting
  void check() const {
    if (epochs < 0) reject("epochs", "at least 0", epochs);
    if (batch_size < 1 || batch_size > 1048576)
      reject("batch size", "from 1 to 1048576", batch_size);
    if (timesteps < 1 || timesteps > 65536) reject("timesteps", "from 1 to 65536", timesteps);
  }

  /// The steps of sequences of such samples.
  ///
  /// @param set its name
  /// @param frames of each of its samples
  /// @throws Error as `encode::FrameRule::steps` does
  template <encode::Encoder Encoding>
  [[nodiscard]] Index steps_of(std::string_view set, int frames) const {
    return encode::FrameRule::of<Encoding>().steps(set, frames, timesteps,
                                                   timesteps != usual_timesteps);
  }
};

/// What is known after each batch.
struct TrainProgress {
  int epoch = 0;  ///< from 0
  int epochs = 0;
  std::size_t batch = 0;  ///< done in this epoch
  std::size_t batches = 0;
  double loss = 0.0;      ///< mean over this epoch so far
  double accuracy = 0.0;  ///< percent, over this epoch so far
  bool epoch_done = false;
};
using Observer = std::function<void(const TrainProgress&)>;

/// The memory that a run takes, for whoever decides whether to start it.
struct TrainEstimate {
  std::size_t signal_bytes = 0;     ///< of one micro-batch
  std::size_t parameter_bytes = 0;  ///< weights, gradient and the optimizer's buffers
  Index micro_batch = 0;            ///< samples that are in memory at a time
};

/// How a run went.
struct TrainRecord {
  std::vector<EpochRecord> epochs;
  double seconds = 0.0;
  bool interrupted = false;
  /// Of the first epoch whose mean loss lies above 10 times what the loss is if all outputs are 0
  /// or all are 1, whichever is larger (for cross entropy, 10 ln(classes)); empty if there is none.
  std::string warning{};
};

}  // namespace snnbd::inline SNNBD_ISA::learn

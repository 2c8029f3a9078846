#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <snnbd/report/recording_picture.hpp>
#include <snnbd/stage/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

/// Draws some triggered test samples into `OUT/pictures/`: images as a grid, recordings beside the
/// clean ones as a PNG sheet and an animated GIF, see `report::write_poisoned`. Files are named by
/// the trigger and a checksum of what they show; `pictures` in the cells of the report names the
/// PNG. They do not depend on the model and are drawn once.
///
/// An experiment without a folder for results draws none.
struct Pictures {
  static constexpr std::string_view name = "pictures";
  std::size_t samples = 2;  ///< of the test set, the first ones
  int zoom = 0;             ///< of recordings, see `report::FrameStyle`

  /// Where the first model's turn drew them.
  struct Memory {
    std::string file;
  };

  /// @throws Error if there are no samples to draw, or a file cannot be written
  template <class Model>
  void inspect(const Model& /*model*/, Context& context, Memory& memory) const {
    if (context.out.empty()) return;
    if (memory.file.empty()) memory.file = draw(context);
    for (report::Cell& cell : context.cells) cell.extra.set("pictures", memory.file);
  }

 private:
  /// @returns where the PNG is in the folder for results
  [[nodiscard]] std::string draw(const Context& context) const;
};

}  // namespace snnbd::inline SNNBD_ISA::stage

#if !defined(SNNBD_COMPILED)
#include <snnbd/stage/pictures.ipp>
#endif

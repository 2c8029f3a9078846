#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/data/dataset.hpp>

/// What the sets that are folders of files share.
namespace snnbd::inline SNNBD_ISA::data::detail {

/// The names in a folder, sorted byte by byte, but for those that a dot hides.
///
/// @throws Error if the folder cannot be read
std::vector<std::string> names_in(const std::string& folder);

/// The names in a folder of folders, one for each class.
///
/// @throws Error if there is anything but folders
std::vector<std::string> class_folders(const std::string& folder);

/// The folder that a set is in: the first of `names` in `directory`, or `directory` itself.
///
/// @throws Error if no directory is given
std::string set_folder(const std::string& directory, const std::vector<std::string>& names);

/// The folder of a part: `Train` or `train`, `Test` or `test`; empty if there is none.
std::string part_folder(const std::string& folder, Part part);

}  // namespace snnbd::inline SNNBD_ISA::data::detail

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/folder.ipp>
#endif

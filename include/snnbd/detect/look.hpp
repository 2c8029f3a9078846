#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <snnbd/data/dataset_view.hpp>
#include <snnbd/defend/evidence.hpp>
#include <snnbd/network/probe.hpp>
#include <snnbd/statistics/matrix.hpp>

/// Detectors of backdoors.
namespace snnbd::inline SNNBD_ISA::detect {

/// What detectors that look into one layer have in common.
namespace detail {

/// The places of every other sample of each class, and of the others.
std::array<std::vector<std::size_t>, 2> halves_of(data::DatasetView set);

/// The layer that a detector looks at: the one it names, or the last.
///
/// @throws Error as `NetworkProbe::last_place` does
int place_of(const NetworkProbe& probe, std::optional<int> place);

/// The layer at a place.
///
/// @throws Error if there is none
const network::ProbedLayer& layer_at(const NetworkProbe& probe, int place);

/// What the units of a layer did, a row for each sample; see `NetworkProbe::features`.
statistics::Matrix features_of(const NetworkProbe& probe, data::DatasetView set, int place,
                               network::Quantity quantity,
                               const NetworkView::Observer& observer = {});

/// The samples of a clean set that a detector learns from, none of whose classes may be missing.
///
/// @param who names the detector
/// @param least samples of each class
/// @throws Error if a class has fewer
void check_clean(std::string_view who, data::DatasetView clean, std::size_t least);

/// How far samples are from the means of the classes, [sample, class], in deviations within
/// classes: the root of the mean squared distance of samples from the mean of their own class,
/// divided by the number of samples less that of classes. Nothing of it depends on which unit is
/// which, so that networks can be compared that were trained apart.
///
/// @param features of clean samples, [sample, feature]
/// @throws Error if a class has no samples, or all samples are the means of their classes
statistics::Matrix distances_from_means(const statistics::Matrix& features,
                                        const std::vector<int>& labels, int classes);

/// @throws Error if a detector of poisoned training samples has no training set
data::DatasetView training_of(std::string_view who, const defend::Evidence& evidence);

}  // namespace detail
}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/look.ipp>
#endif

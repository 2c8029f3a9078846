#pragma once

#include <string>
#include <vector>

#include <snnbd/core/file.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/learn/training/model.hpp>
#include <snnbd/network/checkpoint.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/stage/context.hpp>
#include <snnbd/stage/detection.hpp>

/// How a repair becomes a stage of an experiment.
namespace snnbd::inline SNNBD_ISA::stage {

/// What a repair is given of a model.
template <class Model>
using SubjectOf =
    defend::Subject<typename Model::Net, typename Model::Encoding, typename Model::Origin>;

/// What a network does with the test sets at some strength of a repair.
struct PathPoint {
  double strength = 0.0;
  Measurement measured;
};

namespace detail {

/// `strength,acc,asr,ra`, and a line for each point, in percent.
std::string path_text(const std::vector<PathPoint>& points);

}  // namespace detail

/// Repairs a model, and writes what each strength along the way costs and brings to
/// `OUT/repairs/STEM-NAME.csv`, and the network to `OUT/repairs/STEM-NAME.safetensors`. The repair
/// sees nothing of the test sets: they are measured on by whoever watches it.
///
/// @throws Error if nothing was held out for the defender, or a file cannot be written
template <class Repair, class Model>
[[nodiscard]] auto repair_with(const Repair& repair, const Model& model, Context& context) {
  const defend::Evidence evidence = detail::evidence_of(context);
  const SubjectOf<Model> subject{model.net, model.encoding, model.step_counts.back(), model.origin};
  std::vector<PathPoint> points;
  auto repaired = repair.repair(subject, evidence, [&](const auto& net, double strength) {
    points.push_back(
        {strength, measure(view_of(net, model.encoding, subject.steps, context.batch_size),
                           context.tests.clean(), context.tests.triggered())});
  });
  if (!context.out.empty()) {
    const std::string path =
        context.out + "/repairs/" + context.stem + '-' + std::string{Repair::name};
    write_file_atomically(path + ".csv", detail::path_text(points));
    network::save(path + ".safetensors", repaired);
  }
  return repaired;
}

}  // namespace snnbd::inline SNNBD_ISA::stage

#if !defined(SNNBD_COMPILED)
#include <snnbd/stage/repairing.ipp>
#endif

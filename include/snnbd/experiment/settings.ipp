#pragma once

#include <algorithm>
#include <string>

#include <snnbd/experiment/settings.hpp>
#include <snnbd/report/settings.hpp>

namespace snnbd::inline SNNBD_ISA {

SNNBD_COLD void Settings::check() const {
  check_settings(*this);
  objective.check();
}

SNNBD_COLD report::Fields Settings::fields() const {
  report::Fields fields;
  report::add_settings(*this, fields);
  fields.set("threads", threads == 0 ? thread_count() : threads);
  if (objective.kind == learn::Objective::Kind::balanced)
    fields.set("alpha", objective.alpha).set("beta", objective.beta);
  return fields;
}

SNNBD_COLD std::string Settings::result(const std::string& name) const {
  if (out.empty()) reject("folder for results (Settings::out, --out)", "its name", "none");
  return out + '/' + name;
}

SNNBD_COLD learn::TrainSettings Settings::training() const {
  learn::TrainSettings result;
  result.epochs = epochs;
  result.batch_size = batch_size;
  result.timesteps = timesteps;
  result.seed = seed;
  result.memory_budget = memory_budget;
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA

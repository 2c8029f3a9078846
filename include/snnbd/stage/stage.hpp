#pragma once

#include <snnbd/stage/acc_asr.hpp>
#include <snnbd/stage/concepts.hpp>
#include <snnbd/stage/context.hpp>
#include <snnbd/stage/conversion_reports.hpp>
#include <snnbd/stage/detection.hpp>
#include <snnbd/stage/measurement.hpp>
#include <snnbd/stage/pictures.hpp>
#include <snnbd/stage/repairing.hpp>
#include <snnbd/stage/save_outputs.hpp>
#include <snnbd/stage/spike_activity.hpp>
#include <snnbd/stage/stealth.hpp>

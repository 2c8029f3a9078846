#pragma once

#include <snnbd/report/conversion.hpp>
#include <snnbd/report/csv.hpp>
#include <snnbd/report/fields.hpp>
#include <snnbd/report/figure.hpp>
#include <snnbd/report/gnuplot_script.hpp>
#include <snnbd/report/json.hpp>
#include <snnbd/report/manifest.hpp>
#include <snnbd/report/plot.hpp>
#include <snnbd/report/png.hpp>
#include <snnbd/report/program.hpp>
#include <snnbd/report/progress.hpp>
#include <snnbd/report/record.hpp>
#include <snnbd/report/recording_picture.hpp>
#include <snnbd/report/stealth.hpp>
#include <snnbd/report/table.hpp>

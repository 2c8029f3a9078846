#pragma once

/// The version of the library, for `#if`. CMake reads it from here: it is written once.
#define SNNBD_VERSION_MAJOR 0
#define SNNBD_VERSION_MINOR 1
#define SNNBD_VERSION_PATCH 0
#define SNNBD_VERSION_STRING "0.1.0"

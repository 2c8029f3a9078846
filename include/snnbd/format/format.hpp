#pragma once

#include <snnbd/format/flatbuffer.hpp>
#include <snnbd/format/gif.hpp>
#include <snnbd/format/gzip.hpp>
#include <snnbd/format/image.hpp>
#include <snnbd/format/lz4.hpp>
#include <snnbd/format/npy.hpp>
#include <snnbd/format/number_array.hpp>
#include <snnbd/format/safetensors.hpp>
#include <snnbd/format/unpacker.hpp>
#include <snnbd/format/xml.hpp>
#include <snnbd/format/zip.hpp>
#include <snnbd/format/zstd.hpp>

// Writes the inputs from which the fuzzers start: make_corpus FOLDER
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include <snnbd/core/file.hpp>
#include <snnbd/format/npy.hpp>
#include <snnbd/learn/training/optimizer.hpp>
#include <snnbd/learn/training/train_state.hpp>
#include <snnbd/network/checkpoint.hpp>

#include "../event/aedat4_files.hpp"
#include "event_corpus.hpp"
#include "small_cache.hpp"
#include "small_network.hpp"

namespace {

using Bytes = std::vector<std::byte>;

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Bytes bytes_of(std::string_view text) {
  const auto view = std::as_bytes(std::span{text.data(), text.size()});
  return {view.begin(), view.end()};
}

/// An IDX file whose values count up.
Bytes idx(const std::vector<unsigned>& sizes) {
  Bytes bytes{std::byte{0}, std::byte{0}, std::byte{8}, static_cast<std::byte>(sizes.size())};
  unsigned count = 1;
  for (const unsigned size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<std::byte>(size >> static_cast<unsigned>(shift) & 0xFFU));
    count *= size;
  }
  for (unsigned value = 0; value < count; ++value)
    bytes.push_back(static_cast<std::byte>(value & 0xFFU));
  return bytes;
}

Bytes gzip(Bytes bytes) {
  Bytes packed(bytes.size() + 64);
  z_stream stream{};
  constexpr int gzip_window = 16 + MAX_WBITS;
  constexpr int memory_level = 8;
  ::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, memory_level,
                 Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ::deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  ::deflateEnd(&stream);
  return packed;
}

/// One image of CIFAR-10, a ramp.
Bytes record(unsigned label) {
  Bytes bytes(3073);
  bytes[0] = static_cast<std::byte>(label);
  for (std::size_t place = 1; place < bytes.size(); ++place)
    bytes[place] = static_cast<std::byte>(place / 16 & 0xFFU);
  return bytes;
}

/// Renames the checksum, so that changes to the values are not all refused for the same reason.
Bytes without_checksum(Bytes bytes) {
  const Bytes name = bytes_of('"' + std::string{snnbd::safetensors::checksum_key} + '"');
  const auto place = std::search(bytes.begin(), bytes.end(), name.begin(), name.end());
  if (place != bytes.end()) *(place + 1) = std::byte{'k'};
  return bytes;
}

Bytes mixed_tensors() {
  namespace st = snnbd::safetensors;
  const std::vector<float> reals{0.0F, 1.0F, -2.5F, 1e-3F};
  const std::vector<std::int64_t> whole{1, -1};
  const std::vector<std::uint8_t> small{0, 255, 7};
  return st::encode(
      std::vector<st::TensorEntry>{st::make_entry<float>("real", {2, 2}, reals),
                                   st::make_entry<std::int64_t>("whole", {2}, whole),
                                   st::make_entry<std::uint8_t>("small", {3, 1}, small),
                                   st::make_entry<float>("none", {0, 5}, {})},
      {{"made by", "quotes \" and \u00e4"}});
}

/// Changes a text in a file to another of the same length.
Bytes replaced(Bytes bytes, std::string_view before, std::string_view after) {
  const Bytes from = bytes_of(before);
  const Bytes to = bytes_of(after);
  const auto place = std::search(bytes.begin(), bytes.end(), from.begin(), from.end());
  if (place != bytes.end()) std::copy(to.begin(), to.end(), place);
  return bytes;
}

/// A zip archive of one deflated member, which the library does not write.
Bytes deflated_npz(const Bytes& array) {
  const Bytes gzipped = gzip(array);
  constexpr std::ptrdiff_t head = 10;
  constexpr std::ptrdiff_t tail = 8;
  const Bytes packed(gzipped.begin() + head, gzipped.end() - tail);
  Bytes bytes;
  const auto number = [&](std::uint64_t value, unsigned size) {
    for (unsigned place = 0; place < size; ++place)
      bytes.push_back(static_cast<std::byte>(value >> 8U * place & 0xFFU));
  };
  const auto shared = [&] {  // what both headers have alike
    number(20, 2), number(0, 2), number(8, 2), number(0x210000, 4);
    bytes.insert(bytes.end(), gzipped.end() - tail, gzipped.end() - tail / 2);  // CRC-32
    number(packed.size(), 4), number(array.size(), 4), number(5, 2), number(0, 2);
  };
  number(0x04034B50, 4), shared();
  bytes = joined(joined(bytes, bytes_of("a.npy")), packed);
  const std::size_t directory = bytes.size();
  number(0x02014B50, 4), number(20, 2), shared();
  number(0, 6), number(0, 4), number(0, 4);
  bytes = joined(bytes, bytes_of("a.npy"));
  const std::size_t end = bytes.size();
  number(0x06054B50, 4), number(0, 4), number(1, 2), number(1, 2);
  number(end - directory, 4), number(directory, 4), number(0, 2);
  return bytes;
}

void write_npy_corpus(const auto& put) {
  namespace npy = snnbd::npy;
  const npy::Array reals =
      npy::make_array<float>({2, 3}, std::vector{0.0F, 1.0F, -2.5F, 1e-3F, 4.0F, 5.0F});
  const npy::Array whole = npy::make_array(std::vector<std::int64_t>{1, -1, 9});
  const npy::Array flags{"b1", {2, 0, 3}, {}};
  const Bytes plain = npy::encode(reals);
  put("npy/reals", plain);
  put("npy/big_endian", replaced(plain, "<f4", ">f4"));
  put("npy/fortran", replaced(plain, "False,", "True, "));
  put("npy/whole", npy::encode(whole));
  put("npy/nothing", npy::encode(flags));
  put("npy/claims_more", replaced(plain, "(2, 3)", "(9, 9)"));
  put("npy/archive",
      npy::encode_npz(std::vector<npy::NamedArray>{{"reals", reals}, {"whole", whole}}));
  put("npy/archive_deflated", deflated_npz(plain));
}

void write_aedat4_corpus(const auto& put) {
  using snnbd_tests::Aedat4Writer;
  using snnbd_tests::Packing;
  const std::string streams =
      snnbd_tests::stream_node(0, "EVTS", 20, 10) + snnbd_tests::stream_node(1, "IMUS");
  const auto recording = [&](Packing packing) {
    Aedat4Writer writer{streams, packing};
    writer.packet(0, {{1LL << 40, 3, 4, 1}, {(1LL << 40) + 1, -1, 10, 0}, {5, 19, 9, 1}});
    writer.packet(1, snnbd_tests::FlatbufferWriter{}.number(0, 7, 8).finish("IMUS"));
    return writer.packet(0, std::vector<snnbd_tests::StoredEvent>(20, {6, 1, 1, 0}));
  };
  put("aedat4/plain", recording(Packing::none).file());
  put("aedat4/ended", recording(Packing::none).file(true));
  put("aedat4/lz4", recording(Packing::lz4).file());
  put("aedat4/zstd", recording(Packing::zstd_high).file());
  put("aedat4/no_events", Aedat4Writer{snnbd_tests::stream_node(2, "EVTS")}.file());
  const Bytes whole = recording(Packing::lz4).file();
  put("aedat4/short", Bytes(whole.begin(), whole.end() - 9));
}

void write_frame_cache_corpus(const auto& put) {
  const std::vector<Bytes> records{fuzz::cached_record(0), fuzz::cached_record(1),
                                   fuzz::cached_record(2)};
  const Bytes whole = fuzz::cache_file(records);
  put("frame_cache/whole", whole);
  put("frame_cache/short", Bytes(whole.begin(), whole.end() - 9));
  // Whole by its checksums: a frame that ends before it begins, counts of three bytes.
  const auto changed = [&](std::size_t place, std::byte value) {
    auto others = records;
    others[1][place] = value;
    return fuzz::cache_file(others);
  };
  put("frame_cache/ends_before", changed(96, std::byte{200}));
  put("frame_cache/wide_counts", changed(128, std::byte{3}));
  put("frame_cache/fewer", fuzz::cache_file({records[0]}));
}

void write_corpus(const std::string& folder) {
  const auto put = [&](const std::string& name, const Bytes& bytes) {
    snnbd::write_file_atomically(folder + '/' + name, bytes);
  };
  const Bytes labels = idx({5});
  const Bytes images = idx({2, 3, 4});
  put("idx/labels", labels);
  put("idx/images", images);
  put("idx/no_images", idx({0, 28, 28}));
  Bytes huge = idx({0, 1, 1});
  std::fill(huge.begin() + 8, huge.end(), std::byte{0xFF});
  put("idx/nothing_of_huge_size", huge);
  put("idx/claims_more", Bytes(images.begin(), images.end() - 9));
  put("idx_gzip/labels", gzip(labels));
  put("idx_gzip/images", gzip(images));
  put("idx_gzip/two_streams", joined(gzip(Bytes(images.begin(), images.begin() + 16)),
                                     gzip(Bytes(images.begin() + 16, images.end()))));
  put("cifar10/one", record(9));
  put("cifar10/unknown_class", record(10));
  put("cifar10/short", Bytes(100));

  write_npy_corpus(put);
  fuzz::write_event_corpus(put);
  write_aedat4_corpus(put);
  write_frame_cache_corpus(put);

  const Bytes tensors = mixed_tensors();
  put("safetensors/mixed", tensors);
  put("safetensors/without_checksum", without_checksum(tensors));
  put("safetensors/empty", snnbd::safetensors::encode({}));

  const fuzz::SmallNetwork net = fuzz::small_network();
  const std::string path = folder + "/network/whole";
  snnbd::network::save(path, net);
  constexpr std::uint64_t largest = 4096;
  put("network/without_checksum", without_checksum(snnbd::read_file(path, largest)));

  snnbd::learn::Sgd::State<float> state{static_cast<snnbd::Index>(net.parameters().size())};
  state.steps = 12;
  const std::string state_path = folder + "/train_state/whole";
  snnbd::learn::save_train_state(state_path, net, state,
                                 {{0, 2.25, 30.0, 1.5}, {1, 1.5, 60.0, 1.5}});
  put("train_state/without_checksum", without_checksum(snnbd::read_file(state_path, largest)));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) snnbd::reject("make_corpus", "the folder to write to", argc - 1);
  write_corpus(argv[1]);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}

#pragma once

#include <algorithm>
#include <limits>
#include <optional>

#include <nlohmann/json.hpp>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/core/number.hpp>
#include <snnbd/format/safetensors.hpp>
#include <snnbd/format/safetensors_header.ipp>

namespace snnbd::inline SNNBD_ISA::safetensors {

namespace detail {

/// The bytes of one value, or 0 for a type that is not known.
inline std::uint64_t value_size(std::string_view dtype) {
  struct Known {
    std::string_view name;
    std::uint64_t size;
  };
  static constexpr Known known[] = {{"F64", 8}, {"I64", 8}, {"U64", 8},  {"F32", 4}, {"I32", 4},
                                    {"U32", 4}, {"F16", 2}, {"BF16", 2}, {"I16", 2}, {"U16", 2},
                                    {"I8", 1},  {"U8", 1},  {"BOOL", 1}};
  for (const Known& one : known)
    if (one.name == dtype) return one.size;
  return 0;
}

/// The bytes of a tensor, or nothing if a size is negative or the product does not fit.
inline std::optional<std::uint64_t> tensor_size(std::uint64_t one_value,
                                                std::span<const std::int64_t> shape) {
  std::uint64_t product = one_value;
  for (const std::int64_t size : shape) {
    if (size < 0) return std::nullopt;
    const auto factor = static_cast<std::uint64_t>(size);
    if (factor != 0 && product > std::numeric_limits<std::uint64_t>::max() / factor)
      return std::nullopt;
    product *= factor;
  }
  return product;
}

/// A CRC-32 piece by piece.
class Checksum {
 public:
  Checksum& add(std::span<const std::byte> bytes) {
    sum_ = crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, sum_);
    return *this;
  }
  Checksum& add(std::uint64_t number) { return add(std::as_bytes(std::span{&number, 1})); }
  /// A text behind its length, so that its end cannot move.
  Checksum& add(std::string_view text) {
    return add(std::uint64_t{text.size()}).add(std::as_bytes(std::span{text}));
  }
  [[nodiscard]] std::string text() const { return hexadecimal_text(sum_, 8); }

 private:
  std::uint32_t sum_ = 0;
};

inline constexpr std::string_view content_prefix = "content-crc32:";
inline constexpr std::string_view values_prefix = "crc32:";

/// The checksum of all that a file holds but the checksum itself, whatever the order in the file.
template <class Tensors>
std::string content_checksum(const Tensors& tensors, const Metadata& metadata) {
  const auto by_name = [](const auto* a, const auto* b) { return *a < *b; };
  std::vector<const std::pair<std::string, std::string>*> texts;
  texts.reserve(metadata.size());
  for (const auto& entry : metadata)
    if (entry.first != checksum_key) texts.push_back(&entry);
  std::sort(texts.begin(), texts.end(), by_name);
  std::vector<const TensorEntry*> order;
  order.reserve(tensors.size());
  for (const TensorEntry& tensor : tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(),
            [](const TensorEntry* a, const TensorEntry* b) { return a->name < b->name; });

  Checksum sum;
  sum.add(std::uint64_t{texts.size()});
  for (const auto* entry : texts) sum.add(entry->first).add(entry->second);
  sum.add(std::uint64_t{order.size()});
  for (const TensorEntry* tensor : order) {
    sum.add(tensor->name).add(tensor->dtype).add(std::uint64_t{tensor->shape.size()});
    sum.add(std::as_bytes(std::span{tensor->shape})).add(std::span{tensor->bytes});
  }
  return std::string{content_prefix} + sum.text();
}

/// Refuses a file whose content is not what its checksum is of.
inline void check_content(const File& file, std::span<const std::byte> values,
                          std::string_view subject) {
  const std::string* written_by = file.find_metadata(version_key);
  const std::string* expected = file.find_metadata(checksum_key);
  if (written_by != nullptr && *written_by != version)
    reject(subject, "version " + std::string{version} + " of the format, or an earlier one",
           "version " + snnbd::quoted(*written_by));
  const bool of_content = expected != nullptr && expected->starts_with(content_prefix);
  if (written_by != nullptr && !of_content)
    reject(subject, "a checksum of all that it holds",
           expected == nullptr ? "none" : snnbd::quoted(*expected));
  if (expected == nullptr) return;
  const std::string found = of_content ? content_checksum(file.tensors, file.metadata)
                                       : std::string{values_prefix} + Checksum{}.add(values).text();
  if (*expected != found)
    reject(subject,
           std::string{of_content ? "content" : "values"} + " with the checksum " +
               snnbd::quoted(*expected),
           found);
}

inline void check_names_differ(std::vector<std::string_view> names, std::string_view subject) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) reject(subject, "names that differ", snnbd::quoted(*twice) + " twice");
}

inline void check_names_differ(const Metadata& metadata, std::string_view subject) {
  std::vector<std::string_view> names;
  names.reserve(metadata.size());
  for (const auto& [name, text] : metadata) names.push_back(name);
  check_names_differ(std::move(names), subject);
}

/// Refuses claims that do not fill the values from the first byte to the last, each once.
inline void check_claims(std::vector<Claim>& claims, std::uint64_t available,
                         std::string_view subject) {
  std::vector<std::string_view> names;
  names.reserve(claims.size());
  for (const Claim& claim : claims) names.push_back(claim.name);
  check_names_differ(std::move(names), subject);

  std::stable_sort(claims.begin(), claims.end(),
                   [](const Claim& a, const Claim& b) { return *a.offsets < *b.offsets; });
  std::uint64_t next = 0;
  for (const Claim& claim : claims) {
    const std::string where = std::string{subject} + ", tensor " + snnbd::quoted(claim.name);
    const std::uint64_t one_value = value_size(*claim.dtype);
    if (one_value == 0) reject(where, "a known dtype", snnbd::quoted(*claim.dtype));
    const std::uint64_t begin = claim.offsets->front();
    const std::uint64_t end = claim.offsets->back();
    const std::string found = std::to_string(begin) + " to " + std::to_string(end);
    if (begin > end || end > available)
      reject(where, "offsets within " + std::to_string(available) + " bytes of values", found);
    if (begin != next)
      reject(where, "values from byte " + std::to_string(next) + " on, without gap or overlap",
             found);
    const auto size = tensor_size(one_value, *claim.shape);
    if (!size || *size != end - begin)
      reject(where,
             size ? std::to_string(*size) + " bytes, as its shape says" : "a shape that fits",
             found);
    next = end;
  }
  if (next != available)
    reject(subject, std::to_string(next) + " bytes of values", std::to_string(available));
}

/// What the header says of one entry; refuses an entry that contradicts itself.
inline std::string describe(const TensorEntry& entry, std::uint64_t begin) {
  const std::string where = "tensor '" + entry.name + "'";
  if (entry.name.empty() || entry.name == metadata_name)
    reject(where, "a name other than '' and '__metadata__'", "that name");
  const std::uint64_t one_value = value_size(entry.dtype);
  if (one_value == 0) reject(where, "a known dtype", "'" + entry.dtype + "'");
  const auto size = tensor_size(one_value, entry.shape);
  if (!size || *size != entry.bytes.size())
    reject(where, size ? std::to_string(*size) + " bytes, as its shape says" : "a shape that fits",
           std::to_string(entry.bytes.size()));
  std::string sizes;
  for (const std::int64_t one : entry.shape)
    sizes.append(sizes.empty() ? "" : ",").append(std::to_string(one));
  return nlohmann::json(entry.name).dump() + R"(:{"dtype":")" + entry.dtype + R"(","shape":[)" +
         sizes + R"(],"data_offsets":[)" + std::to_string(begin) + ',' +
         std::to_string(begin + *size) + "]}";
}

inline std::string describe(const Metadata& metadata) {
  std::string text;
  for (const auto& [name, value] : metadata)
    text.append(text.empty() ? "" : ",")
        .append(nlohmann::json(name).dump())
        .append(":")
        .append(nlohmann::json(value).dump());
  return '"' + std::string{metadata_name} + "\":{" + text + '}';
}

}  // namespace detail

SNNBD_COLD const TensorEntry* File::find(std::string_view name) const {
  for (const TensorEntry& tensor : tensors)
    if (tensor.name == name) return &tensor;
  return nullptr;
}

SNNBD_COLD const std::string* File::find_metadata(std::string_view name) const {
  for (const auto& entry : metadata)
    if (entry.first == name) return &entry.second;
  return nullptr;
}

SNNBD_COLD void set_metadata(Metadata& metadata, std::string_view name, std::string text) {
  for (auto& entry : metadata)
    if (entry.first == name) {
      entry.second = std::move(text);
      return;
    }
  metadata.emplace_back(name, std::move(text));
}

SNNBD_COLD std::vector<std::byte> encode(std::span<const TensorEntry> entries,
                                         const Metadata& metadata) {
  // Larger types first keep every tensor on a multiple of its value size.
  std::vector<const TensorEntry*> order;
  order.reserve(entries.size());
  for (const TensorEntry& entry : entries) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const TensorEntry* a, const TensorEntry* b) {
    return detail::value_size(a->dtype) > detail::value_size(b->dtype);
  });

  std::vector<std::string_view> names;
  std::vector<std::byte> values;
  std::string tensors;
  try {
    for (const TensorEntry* entry : order) {
      names.push_back(entry->name);
      tensors += ',' + detail::describe(*entry, values.size());
      values.insert(values.end(), entry->bytes.begin(), entry->bytes.end());
    }
    detail::check_names_differ(std::move(names), "tensors");
    detail::check_names_differ(metadata, "metadata");
    Metadata texts;
    for (const auto& entry : metadata)
      if (entry.first != checksum_key && entry.first != version_key) texts.push_back(entry);
    texts.emplace_back(version_key, version);
    texts.emplace_back(checksum_key, detail::content_checksum(entries, texts));
    std::string header = '{' + detail::describe(texts) + tensors + '}';
    header.resize((header.size() + 7) / 8 * 8, ' ');
    if (header.size() > header_limit)
      reject("tensors", "a header of at most 100 MB", header.size());

    std::vector<std::byte> bytes(sizeof(std::uint64_t));
    const std::uint64_t length = header.size();
    std::memcpy(bytes.data(), &length, sizeof(length));
    const auto text = std::as_bytes(std::span{header});
    bytes.reserve(bytes.size() + text.size() + values.size());
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.insert(bytes.end(), values.begin(), values.end());
    return bytes;
  } catch (const nlohmann::json::exception&) {
    reject("tensors", "names and metadata in UTF-8", "other bytes");
  }
}

SNNBD_COLD File decode(std::span<const std::byte> bytes, std::string_view subject) {
  std::uint64_t length = 0;
  if (bytes.size() < sizeof(length)) reject(subject, "at least 8 bytes", bytes.size());
  std::memcpy(&length, bytes.data(), sizeof(length));
  const auto rest = bytes.subspan(sizeof(length));
  if (length > header_limit || length > rest.size())
    reject(subject,
           "a header of at most " +
               std::to_string(std::min<std::uint64_t>(rest.size(), header_limit)) + " bytes",
           std::to_string(length));
  const auto header = rest.first(static_cast<std::size_t>(length));
  const auto values = rest.subspan(static_cast<std::size_t>(length));
  if (header.empty() || header.front() != std::byte{'{'})
    reject(subject, "a JSON header that begins with '{'", "another byte");
  // The parser would take a zero byte for the end of the text and never see what follows.
  if (std::find(header.begin(), header.end(), std::byte{0}) != header.end())
    reject(subject, "a JSON header without zero bytes", "one");

  detail::HeaderReader reader{subject};
  const auto* text = reinterpret_cast<const char*>(header.data());
  nlohmann::json::sax_parse(text, text + header.size(), &reader);
  detail::check_claims(reader.claims, values.size(), subject);
  detail::check_names_differ(reader.metadata, std::string{subject} + ", metadata");

  File file;
  file.metadata = std::move(reader.metadata);
  file.tensors.reserve(reader.claims.size());
  for (detail::Claim& claim : reader.claims) {
    const auto begin = static_cast<std::size_t>(claim.offsets->front());
    const auto end = static_cast<std::size_t>(claim.offsets->back());
    const auto piece = values.subspan(begin, end - begin);
    file.tensors.push_back({std::move(claim.name), std::move(*claim.dtype), std::move(*claim.shape),
                            std::vector<std::byte>(piece.begin(), piece.end())});
  }
  detail::check_content(file, values, subject);
  return file;
}

SNNBD_COLD void write(const std::string& path, std::span<const TensorEntry> entries,
                      const Metadata& metadata) {
  write_file_atomically(path, encode(entries, metadata));
}

SNNBD_COLD File read(const std::string& path, std::uint64_t limit) {
  return decode(read_file(path, limit), path);
}

}  // namespace snnbd::inline SNNBD_ISA::safetensors

#pragma once

#include <limits>
#include <optional>

#include <nlohmann/json.hpp>

#include <snnbd/format/safetensors.hpp>

namespace snnbd::inline SNNBD_ISA::safetensors::detail {

inline constexpr std::string_view metadata_name = "__metadata__";
inline constexpr std::size_t rank_limit = 32;
inline constexpr std::size_t metadata_limit = 65'536;

/// What the header says of one tensor.
struct Claim {
  std::string name;
  std::optional<std::string> dtype;
  std::optional<std::vector<std::int64_t>> shape;
  std::optional<std::vector<std::uint64_t>> offsets;
};

/// Takes the header event by event: no tree of values is built, so that a header cannot take more
/// memory than a small multiple of its own length, and nesting is refused where it begins.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit HeaderReader(std::string_view subject) : subject_{subject} {}

  std::vector<Claim> claims;
  Metadata metadata;

  bool null() override { refuse("null"); }
  bool boolean(bool /*value*/) override { refuse("a truth value"); }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    refuse(snnbd::quoted(text));
  }
  bool binary(binary_t& /*value*/) override { refuse("binary data"); }
  bool number_integer(number_integer_t value) override { refuse(std::to_string(value)); }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ == Place::sizes) {
      auto& shape = *claims.back().shape;
      constexpr auto most = std::numeric_limits<std::int64_t>::max();
      if (value > static_cast<std::uint64_t>(most)) refuse(std::to_string(value));
      if (shape.size() == rank_limit) refuse("more than 32 sizes");
      shape.push_back(static_cast<std::int64_t>(value));
    } else if (place_ == Place::offsets) {
      auto& offsets = *claims.back().offsets;
      if (offsets.size() == 2) refuse("more than two offsets");
      offsets.push_back(value);
    } else {
      refuse(std::to_string(value));
    }
    return true;
  }

  bool string(string_t& value) override {
    if (place_ == Place::metadata_value) {
      metadata.back().second = std::move(value);
      place_ = Place::metadata;
    } else if (place_ == Place::dtype) {
      claims.back().dtype = std::move(value);
      place_ = Place::tensor;
    } else {
      refuse("a text");
    }
    return true;
  }

  bool start_object(std::size_t /*count*/) override {
    if (place_ == Place::start)
      place_ = Place::root;
    else if (place_ == Place::metadata_start)
      place_ = Place::metadata;
    else if (place_ == Place::tensor_start)
      place_ = Place::tensor;
    else
      refuse("an object");
    return true;
  }

  bool key(string_t& name) override {
    if (place_ == Place::root) {
      if (name == metadata_name) {
        if (seen_metadata_) refuse("metadata twice");
        seen_metadata_ = true;
        place_ = Place::metadata_start;
      } else {
        claims.push_back({std::move(name), {}, {}, {}});
        place_ = Place::tensor_start;
      }
    } else if (place_ == Place::metadata) {
      if (metadata.size() == metadata_limit) refuse("more than 65536 texts");
      metadata.emplace_back(std::move(name), std::string{});
      place_ = Place::metadata_value;
    } else {
      field(name);
    }
    return true;
  }

  bool end_object() override {
    if (place_ == Place::tensor) {
      const Claim& claim = claims.back();
      if (!claim.dtype || !claim.shape || !claim.offsets || claim.offsets->size() != 2)
        refuse("less");
    }
    place_ = place_ == Place::root ? Place::end : Place::root;
    return true;
  }

  bool start_array(std::size_t /*count*/) override {
    if (place_ == Place::sizes_start) {
      claims.back().shape.emplace();
      place_ = Place::sizes;
    } else if (place_ == Place::offsets_start) {
      claims.back().offsets.emplace();
      place_ = Place::offsets;
    } else {
      refuse("a list");
    }
    return true;
  }

  bool end_array() override {
    place_ = Place::tensor;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*failure*/) override {
    reject(subject_, "a JSON header", "an error at its byte " + std::to_string(position));
  }

 private:
  enum class Place {
    start,
    root,
    metadata_start,
    metadata,
    metadata_value,
    tensor_start,
    tensor,
    dtype,
    sizes_start,
    sizes,
    offsets_start,
    offsets,
    end
  };

  void field(std::string_view name) {
    const Claim& claim = claims.back();
    if (name == "dtype" && !claim.dtype)
      place_ = Place::dtype;
    else if (name == "shape" && !claim.shape)
      place_ = Place::sizes_start;
    else if (name == "data_offsets" && !claim.offsets)
      place_ = Place::offsets_start;
    else
      refuse("another field or one of them twice");
  }

  [[noreturn]] void refuse(std::string_view found) const {
    const bool in_metadata = place_ == Place::metadata_start || place_ == Place::metadata ||
                             place_ == Place::metadata_value;
    std::string where{subject_};
    if (in_metadata) {
      reject(where + ", metadata", "an object of texts", found);
    } else if (place_ == Place::start || place_ == Place::root) {
      reject(where + ", header", "one object of tensors", found);
    } else {
      reject(where + ", tensor " + snnbd::quoted(claims.back().name),
             "dtype (a text), shape (whole numbers) and data_offsets (two whole numbers)", found);
    }
  }

  std::string_view subject_;
  Place place_ = Place::start;
  bool seen_metadata_ = false;
};

}  // namespace snnbd::inline SNNBD_ISA::safetensors::detail

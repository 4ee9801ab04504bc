// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "model_header.hpp"

#include "model_format.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/param_text.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

namespace format = model_format;

constexpr std::string_view params_prefix = "params.";
constexpr std::string_view crc_prefix = "crc32.";

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string version_text(std::uint32_t version) {
  return std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
         std::to_string(version % 100);
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Reads the header front to back. It takes what header_bytes writes and no other JSON: no spaces
// between tokens, no escapes, keys of sections in their order. So nothing nests and nothing is
// allocated but what stands in the header.
class header_reader {
 public:
  header_reader(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  model_header read() {
    check_start();
    check_length();
    check_sum_and_version();
    at_ = format::length_size;
    literal(R"({"__metadata__":{)");
    read_metadata();
    while (skip(',')) read_section();
    literal("}");
    if (bytes_.substr(at_, header_.data_at - at_).find_first_not_of(' ') !=
        std::string_view::npos) {
      fail_syntax("spaces up to its end");
    }
    check_end();
    return std::move(header_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw parse_error(file_, 0, 0, message);
  }
  [[noreturn]] void fail_foreign() const {
    fail("is not a model file of recokit: it does not begin with the bytes of one");
  }
  [[noreturn]] void fail_syntax(std::string_view expected) const {
    fail("has a header that no recokit writes: at byte " + std::to_string(at_) + " expected " +
         std::string(expected));
  }
  [[noreturn]] void fail_version(const std::string& found, const std::string& writer) const {
    fail("has format version " + found +
         (writer.empty() ? "" : " (written by recokit " + writer + ")") +
         ", this recokit reads version " + std::to_string(format::version) +
         "; save the model again with this recokit");
  }

  // As far as the file goes, it begins as a model file does.
  void check_start() const {
    if (bytes_.substr(0, format::old_magic.size()) == format::old_magic) fail_old();
    const auto length = bytes_.substr(0, format::length_size);
    // The header ends at a multiple of 64 bytes, and is not long.
    if (length.empty() || (length[0] & 63) != 56) fail_foreign();
    for (std::size_t n = 3; n < length.size(); ++n) {
      if (length[n] != 0) fail_foreign();
    }
    const auto text = bytes_.substr(length.size(), format::start.size());
    if (text != format::start.substr(0, text.size())) fail_foreign();
  }

  [[noreturn]] void fail_old() const {
    if (bytes_.size() < 20) fail_version("1", "");
    const bool big_endian = load<std::uint32_t>(bytes_.data() + 8, true) == 0x01020304;
    fail_version(std::to_string(load<std::uint32_t>(bytes_.data() + 12, big_endian)),
                 version_text(load<std::uint32_t>(bytes_.data() + 16, big_endian)));
  }

  void check_length() {
    if (bytes_.size() < format::length_size + format::start.size()) {
      fail("is cut off: it has " + std::to_string(bytes_.size()) +
           " bytes, less than any header; copy or save it again");
    }
    const auto length = load_little<std::uint64_t>(bytes_, 0);
    if (length > format::longest_header) fail_foreign();
    if (length > bytes_.size() - format::length_size) {
      fail("is cut off or damaged: its header of " + std::to_string(length) +
           " bytes does not fit into the file of " + std::to_string(bytes_.size()) +
           " bytes; copy or save it again");
    }
    header_.data_at = format::length_size + static_cast<std::size_t>(length);
  }

  void check_sum_and_version() const {
    const auto header = bytes_.substr(0, header_.data_at);
    std::size_t at = format::length_size + format::start.size();
    const std::size_t digits = at;
    while (at < header.size() && at < digits + 9 && is_digit(header[at])) ++at;
    const std::string found(header.substr(std::min(digits, header.size()), at - digits));
    const auto mark = header.substr(std::min(at, header.size()), format::crc_mark.size());
    at += format::crc_mark.size();
    if (found.empty() || mark != format::crc_mark || header.size() < at + format::crc_digits ||
        header.substr(at, format::crc_digits) !=
            format::crc_text(format::header_checksum(header, at))) {
      fail("is damaged: the checksum of its header is wrong; copy or save it again");
    }
    if (found != std::to_string(format::version)) fail_version(found, writer_of(header));
  }

  // Of a header of any version: the text of the key, if it has one.
  static std::string writer_of(std::string_view header) {
    constexpr std::string_view key = R"("recokit_version":")";
    const auto at = header.find(key);
    if (at == std::string_view::npos) return {};
    const auto text = header.substr(at + key.size(), 32);
    const auto value = text.substr(0, text.find('"'));
    return format::is_plain(value) ? std::string(value) : std::string();
  }

  char here() const noexcept { return at_ < header_.data_at ? bytes_[at_] : '\0'; }
  bool skip(char c) noexcept {
    const bool found = here() == c;
    if (found) ++at_;
    return found;
  }
  void literal(std::string_view expected) {
    for (const char c : expected) {
      if (!skip(c)) fail_syntax(expected);
    }
  }
  std::string_view string() {
    literal("\"");
    const std::size_t begin = at_;
    while (at_ < header_.data_at && format::is_plain(bytes_.substr(at_, 1))) ++at_;
    const auto text = bytes_.substr(begin, at_ - begin);
    literal("\"");
    return text;
  }
  std::int64_t number() {
    const std::size_t begin = at_;
    std::int64_t value = 0;
    for (; is_digit(here()); ++at_) {
      const int digit = here() - '0';
      if (value > (std::numeric_limits<std::int64_t>::max() - digit) / 10) {
        fail_syntax("a number below 2^63");
      }
      value = 10 * value + digit;
    }
    if (at_ == begin || (at_ > begin + 1 && bytes_[begin] == '0')) fail_syntax("a whole number");
    return value;
  }

  void read_metadata() {
    do {
      const auto key = string();
      literal(":");
      const auto value = string();
      if (!metadata_.emplace(key, value).second)
        fail("has the metadata " + in_quotes(key) + " twice");
      if (key.substr(0, params_prefix.size()) == params_prefix) {
        header_.params += std::string(key.substr(params_prefix.size())) + "=";
        header_.params += std::string(value) + "\n";
      } else if (key.substr(0, crc_prefix.size()) == crc_prefix) {
        ++checksums_;
      } else if (std::find(known.begin(), known.end(), key) == known.end()) {
        fail("has the unknown metadata " + in_quotes(key) +
             "; was the file written by a newer recokit?");
      }
    } while (skip(','));
    literal("}");
    header_.kind = std::string(needed("algorithm"));
    if (header_.kind.empty() || header_.kind.size() > format::longest_kind) {
      fail("has no good metadata \"algorithm\"");
    }
    read_version(needed("recokit_version"));
  }

  std::string_view needed(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) fail("has no metadata " + in_quotes(key));
    return found->second;
  }

  void read_version(std::string_view text) {
    std::array<int, 3> parts{};
    std::size_t at = 0;
    for (std::size_t n = 0; n < 3; ++n) {
      for (int digits = 0; digits < 2 && at < text.size() && is_digit(text[at]); ++digits) {
        parts[n] = 10 * parts[n] + (text[at++] - '0');
      }
      if (n < 2 && at < text.size() && text[at] == '.') ++at;
    }
    header_.version = 10000 * parts[0] + 100 * parts[1] + parts[2];
    if (version_text(static_cast<std::uint32_t>(header_.version)) != text) {
      fail("has the metadata \"recokit_version\" = " + in_quotes(text) + ", expected a version");
    }
  }

  void read_section() {
    const auto name = string();
    if (name.empty() || name.size() > format::longest_name) {
      fail("has no good name in section " + std::to_string(header_.sections.size() + 1));
    }
    const std::string named = "section " + in_quotes(name);
    if (!names_.emplace(name, 0).second) fail(named + " is there twice");
    literal(R"(:{"dtype":)");
    stored_section next{std::string(name), shape_of(named, string()), 0, 0, 0};
    literal(R"(,"data_offsets":[)");
    const auto begin = static_cast<std::uint64_t>(number());
    literal(",");
    const auto end = static_cast<std::uint64_t>(number());
    literal("]}");
    place(next, named, begin, end);
    const auto crc = metadata_.find(std::string(crc_prefix) + std::string(name));
    if (crc == metadata_.end() || !read_crc(crc->second, next.crc)) {
      fail(named + " has no good checksum in the metadata");
    }
    header_.sections.push_back(std::move(next));
  }

  // dtype is read, ,"shape":[…] follows.
  section_shape shape_of(const std::string& named, std::string_view dtype) {
    const auto type = std::find(format::dtypes.begin() + 1, format::dtypes.end(), dtype);
    if (type == format::dtypes.end()) fail(named + " has the unknown type " + in_quotes(dtype));
    section_shape shape;
    shape.type = static_cast<section_type>(type - format::dtypes.begin());
    literal(R"(,"shape":[)");
    if (!skip(']')) {
      do {
        const auto size = number();
        if (shape.rank < 2) (shape.rank == 0 ? shape.rows : shape.cols) = size;
        ++shape.rank;
      } while (skip(','));
      literal("]");
    }
    const auto size = static_cast<std::int64_t>(format::element_size(shape.type));
    if (shape.rank > 2 || (shape.cols > 0 && shape.rows > std::numeric_limits<std::int64_t>::max() /
                                                              size / shape.cols)) {
      fail(named + " has an impossible shape: rank " + std::to_string(shape.rank) + ", " +
           std::to_string(shape.rows) + " x " + std::to_string(shape.cols));
    }
    return shape;
  }

  void place(stored_section& next, const std::string& named, std::uint64_t begin,
             std::uint64_t end) {
    const auto element = format::element_size(next.shape.type);
    next.begin = begin;
    next.size = static_cast<std::uint64_t>(next.shape.rows) *
                static_cast<std::uint64_t>(next.shape.cols) * element;
    if (begin != data_) {
      fail(named + " begins at byte " + std::to_string(begin) + " of the data, expected " +
           std::to_string(data_) + ", where the section before it ends");
    }
    if (begin % element != 0) {
      fail(named + " begins at byte " + std::to_string(begin) +
           " of the data, expected a multiple of " + std::to_string(element));
    }
    if (end < begin || end - begin != next.size) {
      fail(named + " goes from byte " + std::to_string(begin) + " to " + std::to_string(end) +
           " of the data, but its shape takes " + std::to_string(next.size) + " bytes");
    }
    if (next.size > bytes_.size() - header_.data_at - static_cast<std::size_t>(data_)) {
      fail("is cut off: " + named + " holds " + std::to_string(next.size) + " bytes from byte " +
           std::to_string(header_.data_at + data_) + " on, but the file ends at " +
           std::to_string(bytes_.size()) + "; copy or save it again");
    }
    data_ = end;
  }

  static bool read_crc(std::string_view text, std::uint32_t& crc) {
    crc = 0;
    for (const char c : text) {
      const auto digit = std::string_view("0123456789abcdef").find(c);
      if (digit == std::string_view::npos) return false;
      crc = crc << 4 | static_cast<std::uint32_t>(digit);
    }
    return text.size() == format::crc_digits;
  }

  void check_end() const {
    if (checksums_ != header_.sections.size()) {
      fail("has " + std::to_string(checksums_) + " checksums of " +
           std::to_string(header_.sections.size()) + " sections");
    }
    const auto left = bytes_.size() - header_.data_at - static_cast<std::size_t>(data_);
    if (left != 0) {
      fail("has " + std::to_string(left) + " bytes after its end; copy or save it again");
    }
  }

  static constexpr std::array<std::string_view, 5> known{"format", "format_version", "header_crc32",
                                                         "algorithm", "recokit_version"};

  std::string_view bytes_;
  const std::string& file_;
  std::size_t at_ = 0;
  model_header header_;
  std::map<std::string_view, std::string_view, std::less<>> metadata_;
  std::map<std::string_view, int, std::less<>> names_;
  std::size_t checksums_ = 0;
  std::uint64_t data_ = 0;  // bytes of the sections so far
};

std::string section_text(const stored_section& section) {
  const auto& shape = section.shape;
  std::string text = "," + in_quotes(section.name) + R"(:{"dtype":)";
  text += in_quotes(format::dtypes[static_cast<std::size_t>(shape.type)]) + R"(,"shape":[)";
  if (shape.rank > 0) text += std::to_string(shape.rows);
  if (shape.rank > 1) text += "," + std::to_string(shape.cols);
  return text + R"(],"data_offsets":[)" + std::to_string(section.begin) + "," +
         std::to_string(section.begin + section.size) + "]}";
}

}  // namespace

std::string header_bytes(const model_header& header) {
  std::string text(format::start);
  text += std::to_string(format::version) + std::string(format::crc_mark);
  const std::size_t digits_at = format::length_size + text.size();
  text += format::crc_zeros;
  text += R"(","algorithm":)" + in_quotes(header.kind) + R"(,"recokit_version":)" +
          in_quotes(version_text(static_cast<std::uint32_t>(header.version)));
  for (const auto& [name, value] : param_lines(header.params)) {
    text +=
        "," + in_quotes(std::string(params_prefix) + std::string(name)) + ":" + in_quotes(value);
  }
  for (const auto& each : header.sections) {
    text += "," + in_quotes(std::string(crc_prefix) + each.name) + ":" +
            in_quotes(format::crc_text(each.crc));
  }
  text += "}";
  for (const auto& each : header.sections) text += section_text(each);
  text += "}";
  while ((format::length_size + text.size()) % format::alignment != 0) text += ' ';
  if (text.size() > format::longest_header) {
    throw value_error("sections", std::to_string(header.sections.size()),
                      "are more than the header of a model file takes");
  }
  std::string bytes;
  append_little(bytes, static_cast<std::uint64_t>(text.size()));
  bytes += text;
  return bytes.replace(digits_at, format::crc_digits,
                       format::crc_text(format::header_checksum(bytes, digits_at)));
}

model_header parse_header(std::string_view bytes, const std::string& file) {
  return header_reader(bytes, file).read();
}

}  // namespace recokit::inline RECOKIT_ABI::detail

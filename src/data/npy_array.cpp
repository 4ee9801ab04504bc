// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "npy_array.hpp"

#include "../core/text_scan.hpp"

#include <recokit/core/errors.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <limits>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

/// Reads the dictionary of a header: keys in quotes; a value is a string, True, False or a tuple of
/// integers.
class header_scan {
 public:
  header_scan(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

  [[noreturn]] void fail(const std::string& message) const {
    throw parse_error(name_, 0, 0, "the .npy header is damaged: " + message);
  }
  bool take(std::string_view token) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n\t"), rest_.size()));
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  void need(std::string_view token) {
    if (!take(token)) fail("expected " + in_quotes(token) + " before " + in_quotes(rest_));
  }
  std::string text() {
    const char quote = take("'") ? '\'' : '"';
    if (quote == '"') need("\"");
    const auto end = rest_.find(quote);
    if (end == std::string_view::npos) fail("a string has no end");
    const std::string value(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return value;
  }
  std::uint64_t number() {
    take("");
    std::uint64_t value = 0;
    const char* const end = rest_.data() + rest_.size();
    const auto [stop, status] = std::from_chars(rest_.data(), end, value);
    if (status != std::errc{}) fail("expected a size before " + in_quotes(rest_));
    rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
    take("L");  // Python 2 wrote long integers so
    return value;
  }

 private:
  std::string_view rest_;
  const std::string& name_;
};

}  // namespace

npy_array::npy_array(std::string_view bytes, const std::string& name) {
  const auto fail = [&](const std::string& message) { throw parse_error(name, 0, 0, message); };
  if (!bytes.starts_with("\x93NUMPY")) fail("not an .npy array");
  if (bytes.size() < 10) fail("the .npy header is truncated");
  const int version = bytes[6];
  if (version < 1 || version > 3) fail("unknown .npy version " + std::to_string(version));
  const std::size_t begin = version == 1 ? 10 : 12;
  if (bytes.size() < begin) fail("the .npy header is truncated");
  const std::size_t length =
      version == 1 ? load_little<std::uint16_t>(bytes, 8) : load_little<std::uint32_t>(bytes, 8);
  if (bytes.size() - begin < length) fail("the .npy header is truncated");
  data_ = bytes.substr(begin + length);

  header_scan scan(bytes.substr(begin, length), name);
  bool seen[3] = {};
  scan.need("{");
  while (!scan.take("}")) {
    const std::string key = scan.text();
    scan.need(":");
    if (key == "descr") {
      seen[0] = true;
      if (scan.take("[")) fail("structured dtypes are not supported");
      dtype_ = scan.text();
    } else if (key == "fortran_order") {
      seen[1] = true;
      fortran_order_ = scan.take("True");
      if (!fortran_order_) scan.need("False");
    } else if (key == "shape") {
      seen[2] = true;
      shape_.clear();
      scan.need("(");
      while (!scan.take(")")) {
        shape_.push_back(scan.number());
        if (!scan.take(",")) {
          scan.need(")");
          break;
        }
      }
    } else {
      scan.fail("unknown key " + in_quotes(key));
    }
    if (!scan.take(",")) {
      scan.need("}");
      break;
    }
  }
  if (!seen[0] || !seen[1] || !seen[2]) scan.fail("descr, fortran_order or shape is missing");

  std::string_view type = dtype_;
  if (!type.empty() && std::strchr("<>|=", type[0]) != nullptr) {
    big_endian_ = type[0] == '>' || (type[0] == '=' && std::endian::native == std::endian::big);
    type.remove_prefix(1);
  }
  std::int64_t item_size = 0;
  if (type.size() < 2 || parse_integer(type.substr(1), item_size) != number_status::good ||
      item_size < 0 || item_size > (1 << 20)) {
    fail("unknown dtype " + in_quotes(dtype_));
  }
  kind_ = type[0];
  item_size_ = static_cast<std::size_t>(item_size) * (kind_ == 'U' ? 4 : 1);
  std::uint64_t size = 1;
  bool empty = false;
  for (const std::uint64_t n : shape_) empty = empty || n == 0;
  for (const std::uint64_t n : shape_) {
    // More elements than the file has bytes are too many, whatever they are.
    if (!empty && item_size_ != 0 && n > bytes.size() / size) fail("the array is truncated");
    size = empty ? 0 : size * n;
  }
  if (item_size_ != 0 && size > data_.size() / item_size_) {
    fail("the array is truncated: " + std::to_string(size) + " elements of " +
         std::to_string(item_size_) + " bytes do not fit the " + std::to_string(data_.size()) +
         " bytes behind the header");
  }
  size_ = static_cast<std::size_t>(size);
  if (data_.size() != size_ * item_size_) {
    fail(std::to_string(data_.size() - size_ * item_size_) + " bytes follow the array");
  }
}

bool npy_array::is_real() const noexcept {
  const auto is = [&](std::initializer_list<std::size_t> sizes) {
    return std::find(sizes.begin(), sizes.end(), item_size_) != sizes.end();
  };
  switch (kind_) {
    case 'b':
      return is({1});
    case 'i':
    case 'u':
      return is({1, 2, 4, 8});
    case 'f':
      return is({2, 4, 8});
    default:
      return false;
  }
}

float npy_array::widen(std::uint16_t half) noexcept {
  const int exponent = half >> 10 & 0x1F;
  const int fraction = half & 0x3FF;
  float value = 0;
  if (exponent == 0) {
    value = std::ldexp(static_cast<float>(fraction), -24);
  } else if (exponent == 0x1F) {
    value = fraction == 0 ? std::numeric_limits<float>::infinity()
                          : std::numeric_limits<float>::quiet_NaN();
  } else {
    value = std::ldexp(static_cast<float>(fraction + 0x400), exponent - 25);
  }
  return (half & 0x8000) != 0 ? -value : value;
}

}  // namespace recokit::inline RECOKIT_ABI::detail

// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The header of a NumPy .npy array and its elements as C++ numbers.
#pragma once

#include "../core/little_endian.hpp"

#include <recokit/core/config.hpp>

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// An array in the bytes of an .npy file, versions 1 to 3.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
class npy_array {
  /// From position to value.
  template <class T>
  struct reader {
    const char* data;
    bool big_endian;
    T operator()(std::size_t i) const noexcept { return load<T>(data + i * sizeof(T), big_endian); }
  };

 public:
  /// @param name what to call the array in errors: the file, and the member of an archive
  /// @throws parse_error when the header is damaged or the elements are not all there
  npy_array(std::string_view bytes, const std::string& name);

  const std::vector<std::uint64_t>& shape() const noexcept { return shape_; }
  bool fortran_order() const noexcept { return fortran_order_; }
  std::size_t size() const noexcept { return size_; }
  /// For errors: "<f4".
  const std::string& dtype() const noexcept { return dtype_; }

  /// True for bool, integers and floats up to 64 bits.
  bool is_real() const noexcept;
  bool is_integer() const noexcept { return kind_ == 'i' || kind_ == 'u'; }

  /// Calls body(element) with a function from position to value, in the type of the array. The
  /// array must be real.
  template <class Body>
  void visit(const Body& body) const {
    switch (kind_) {
      case 'b':
        return body([this](std::size_t i) { return data_[i] != 0 ? 1 : 0; });
      case 'i':
        if (item_size_ == 1) return body(elements<std::int8_t>());
        if (item_size_ == 2) return body(elements<std::int16_t>());
        if (item_size_ == 4) return body(elements<std::int32_t>());
        return body(elements<std::int64_t>());
      case 'u':
        if (item_size_ == 1) return body(elements<std::uint8_t>());
        if (item_size_ == 2) return body(elements<std::uint16_t>());
        if (item_size_ == 4) return body(elements<std::uint32_t>());
        return body(elements<std::uint64_t>());
      default:
        if (item_size_ == 2) {
          return body([half = elements<std::uint16_t>()](std::size_t i) { return widen(half(i)); });
        }
        if (item_size_ == 4) return body(elements<float>());
        return body(elements<double>());
    }
  }

  /// All bytes of the elements, as in the file.
  std::string_view data() const noexcept { return data_; }

 private:
  template <class T>
  reader<T> elements() const noexcept {
    return {data_.data(), big_endian_};
  }
  static float widen(std::uint16_t half) noexcept;

  std::vector<std::uint64_t> shape_;
  std::string dtype_;
  char kind_ = 0;
  std::size_t item_size_ = 0;
  std::size_t size_ = 0;
  bool big_endian_ = false;
  bool fortran_order_ = false;
  std::string_view data_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail

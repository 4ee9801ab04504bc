// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The checks at the door that several public functions share.
#pragma once

#include <recokit/core/errors.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace recokit::inline RECOKIT_ABI::check {

/// @throws value_error unless 0 <= index < size
inline void index_in(std::string_view argument, std::int64_t index, std::int64_t size) {
  if (index < 0 || index >= size) {
    throw value_error(std::string(argument), std::to_string(index),
                      "must be in [0, " + std::to_string(size) + ")");
  }
}

/// @throws value_error unless low <= value <= high; NaN is outside every interval
template <class Number>
void in_range(std::string_view argument, Number value, Number low, Number high) {
  if (value >= low && value <= high) return;
  const auto text = [](Number x) {
    std::string s = std::to_string(x);
    if constexpr (std::floating_point<Number>) {
      if (!std::isfinite(x)) return std::string(std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf");
      while (s.back() == '0') s.pop_back();
      if (s.back() == '.') s.pop_back();
    }
    return s;
  };
  if (high == std::numeric_limits<Number>::max()) {
    throw value_error(std::string(argument), text(value), "must be at least " + text(low));
  }
  throw value_error(std::string(argument), text(value),
                    "must be in [" + text(low) + ", " + text(high) + "]");
}

/// @throws dimension_error unless the two sizes are equal
inline void equal(std::string argument, std::int64_t actual, std::string expected,
                  std::int64_t wanted, const std::string& fix = {}) {
  if (actual != wanted) {
    throw dimension_error(std::move(argument), actual, std::move(expected), wanted, fix);
  }
}

/// @throws dimension_error unless histories have a column for each item of a model
inline void histories(std::int64_t cols, std::int64_t items) {
  equal("histories.cols()", cols, "items()", items,
        "a history has a column for each item of the model");
}

/// rows × cols × size in bytes. @throws memory_error when the product overflows
inline std::uint64_t bytes(std::string_view what, std::uint64_t rows, std::uint64_t cols,
                           std::uint64_t size) {
  constexpr auto limit = std::numeric_limits<std::uint64_t>::max();
  if ((cols != 0 && rows > limit / cols) || (size != 0 && rows * cols > limit / size)) {
    throw memory_error(std::string(what), limit, limit);
  }
  return rows * cols * size;
}

/// Called with the size of a large result before it is allocated.
/// @throws memory_error when it exceeds the physical memory of the machine
inline void fits_memory(std::string_view what, std::uint64_t needed) {
#if defined(_SC_PHYS_PAGES)
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  const auto page = ::sysconf(_SC_PAGE_SIZE);
  if (pages > 0 && page > 0) {
    const auto installed = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
    if (needed > installed) throw memory_error(std::string(what), needed, installed);
  }
#else
  static_cast<void>(what);
  static_cast<void>(needed);
#endif
}

}  // namespace recokit::inline RECOKIT_ABI::check

// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Checks at the door that the metrics of columns share.
#pragma once

#include "../core/number_text.hpp"

#include <recokit/core/backend.hpp>
#include <recokit/core/check.hpp>
#include <recokit/metrics/columns.hpp>

#include <cmath>
#include <cstdint>
#include <span>
#include <string>

namespace recokit::inline RECOKIT_ABI::detail {

/// Samples that a loop takes into local buffers at once; small enough for the first-level cache.
inline constexpr std::int64_t column_chunk = 1024;
/// Samples of one parallel task. Part of the result's bits: it fixes the order of the sums.
inline constexpr std::int64_t column_grain = 64 * column_chunk;

inline std::string element_name(const char* column, std::int64_t index) {
  return std::string(column) + "[" + std::to_string(index) + "]";
}

/// @throws value_error when there is no sample
inline void check_some(std::int64_t size) {
  if (size == 0) throw value_error("truth.size()", "0", "must be at least 1");
}

/// @throws dimension_error unless `size` is the number of samples
inline void check_length(const char* argument, std::int64_t size, std::int64_t samples) {
  check::equal(std::string(argument) + ".size()", size, "truth.size()", samples,
               "pass one value a sample");
}

/// @throws dimension_error when weights are given and are not one a sample
inline void check_weights_length(const real_column& weights, std::int64_t samples) {
  if (weights.given()) check_length("weights", weights.size(), samples);
}

/// @throws value_error when a number of the chunk is NaN or infinite
template <class Number>
void check_finite(const char* column, std::int64_t begin, std::span<const Number> numbers) {
  bool fine = true;
  for (const Number x : numbers) fine &= std::isfinite(x);
  if (fine) return;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!std::isfinite(numbers[i])) {
      throw value_error(element_name(column, begin + static_cast<std::int64_t>(i)),
                        number_text(double{numbers[i]}), "must be finite");
    }
  }
}

/// Loads the weights [begin, begin + out.size()), or ones when none are given.
/// @throws value_error when one is negative, NaN or infinite
inline void load_weights(const real_column& weights, std::int64_t begin, std::span<double> out) {
  if (!weights.given()) {
    for (double& w : out) w = 1;
    return;
  }
  weights.load(begin, out);
  bool fine = true;
  for (const double w : out) fine &= w >= 0 && std::isfinite(w);
  if (fine) return;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!(out[i] >= 0 && std::isfinite(out[i]))) {
      throw value_error(element_name("weights", begin + static_cast<std::int64_t>(i)),
                        number_text(out[i]), "must be finite and at least 0");
    }
  }
}

/// @throws value_error when no sample has a weight
inline void check_total_weight(double total) {
  if (!(total > 0)) throw value_error("weights", "all 0", "at least one must be above 0");
  if (!std::isfinite(total)) {
    throw value_error("weights", "a sum of inf", "must be small enough to be summed");
  }
}

/// Calls pass(policy). A pass that finds fault with an element is run again on one thread, so that
/// the error names the first such element on any number of threads.
template <class Pass>
auto naming_the_first(const cpu& policy, const Pass& pass) {
  try {
    return pass(policy);
  } catch (const value_error&) {
    return pass(cpu{.threads = 1});
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail

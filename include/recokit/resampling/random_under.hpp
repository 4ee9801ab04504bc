// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Under-sampling at random.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/resample_function.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <cstdint>
#include <span>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::random_under {

struct params {
  sampling_strategy strategy{};  ///< rows to keep of each class
  bool replacement = false;      ///< draw each kept row from the whole class: rows may repeat
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{field("replacement", &params::replacement, "whether rows may repeat"),
                      field("seed", &params::seed, "of the draws")};
  }
};

/// select without rows: labels are all that is looked at.
selection select_rows(const class_table& classes, const params& params);

/// What select runs.
struct sampler {
  using params_type = params;
  static constexpr bool takes_nan = true;
  static constexpr bool has_cuda = false;

  template <class Rows>
  static selection run(const cpu&, const Rows&, std::span<const index_t>,
                       const class_table& classes, const params& params) {
    return select_rows(classes, params);
  }
};

/// Keeps a random part of each targeted class, every part of that size with the same probability.
/// Rows come by class, ascending in each. Which places of a class are kept depends on the seed,
/// its label, its size and its target alone, not on other classes.
///
/// @throws value_error and dimension_error as resample_function and under_targets say. Values may
/// be
///         NaN. O(rows · log rows)
inline constexpr resample_function<sampler> select{};

}  // namespace recokit::inline RECOKIT_ABI::random_under

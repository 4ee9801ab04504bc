// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Synthetic interactions with taste, popularity and activity like those of real catalogues.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/data/interactions.hpp>

#include <cstdint>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::synthetic {

struct params {
  std::int64_t users = 2000;
  std::int64_t items = 1000;
  double mean_interactions = 40;   ///< of a user, before the limits that generate() states
  int factors = 8;                 ///< dimensions of the latent taste
  double taste = 4;                ///< 0: popularity alone decides; larger: taste decides more
  double popularity_exponent = 1;  ///< of Zipf-Mandelbrot item popularity
  double activity_sigma = 0.8;     ///< sigma of the log-normal number of interactions of a user
  std::int64_t begin_time = 1'577'836'800;  ///< seconds since 1970 of the first day
  std::int64_t days = 365;                  ///< timestamps are spread over
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("users", &params::users, 1, 2'000'000'000, "rows"),
        field("items", &params::items, 1, 2'000'000'000, "columns"),
        field("mean_interactions", &params::mean_interactions, 1e-3, 1e9, "of a user, about"),
        field("factors", &params::factors, 1, 1024, "dimensions of the latent taste"),
        field("taste", &params::taste, 0, 100, "weight of taste against popularity"),
        field("popularity_exponent", &params::popularity_exponent, 0, 10, "of Zipf's law"),
        field("activity_sigma", &params::activity_sigma, 0, 10, "spread of users' activity"),
        field("begin_time", &params::begin_time, "first timestamp, seconds since 1970"),
        field("days", &params::days, 1, 1'000'000, "timestamps are spread over"),
        field("seed", &params::seed, "of the random numbers"),
    };
  }
};

/// Draws interactions from a model of taste, popularity and activity.
///
/// Users u and items i have tastes N(0, I) in `factors` dimensions; their affinity is x / √(1 + x²)
/// with x = u · i / √factors. Popularity is (rank + 10)^-popularity_exponent, ranks from 1 in a
/// random order of the item indices (Zipf-Mandelbrot). A user picks distinct items one after the
/// other, each with probability proportional to popularity · exp(taste · affinity) among the rest.
/// Their number is 1 plus a log-normal one, at least 1 and at most half of the items, so the total
/// is users · mean_interactions only about: by chance, and less where that limit cuts. Items that
/// nobody picked stay as empty columns. Values are ratings 1, 2 … 5 that rise with affinity, with
/// noise. A user comes at a random moment and picks until the last day; timestamps do not fall in
/// the order of picking.
///
/// Deterministic by seed for any number of threads. Time O(interactions · factors) in expectation
/// while picks are spread over many items; a user for whom they are not (a strong taste, half of
/// the catalogue) costs at most O(items · factors). Memory O(interactions + users + items ·
/// factors).
/// @throws value_error for params out of range, memory_error for sizes that do not fit
interactions generate(const params& params = {}, const cpu& policy = {});

}  // namespace recokit::inline RECOKIT_ABI::synthetic

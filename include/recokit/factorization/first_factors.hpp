// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The random factors that a fit begins with.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>

#include <cmath>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::detail {

/// Fills the first d columns of `rows`: entry (r, f) is draw(random), where `random` is the stream
/// of row r under the seed and purpose. The same bits for any number of threads.
template <class Scalar, class Draw>
void draw_factors(const cpu& policy, row_major_matrix<Scalar>& rows, Eigen::Index d,
                  std::uint64_t seed, random_purpose purpose, const Draw& draw) {
  parallel_for(policy, rows.rows(), 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      random_stream random(seed, purpose, static_cast<std::uint64_t>(r));
      for (Eigen::Index f = 0; f < d; ++f) rows(r, f) = static_cast<Scalar>(draw(random));
    }
  });
}

/// Normal with mean 0, and the standard deviation init_stddev of a whole row: the same length of
/// rows for any d.
template <class Scalar>
void normal_factors(const cpu& policy, row_major_matrix<Scalar>& rows, Eigen::Index d,
                    double init_stddev, std::uint64_t seed, random_purpose purpose) {
  const double stddev = init_stddev / std::sqrt(static_cast<double>(d));
  draw_factors(policy, rows, d, seed, purpose,
               [stddev](random_stream& random) { return stddev * random.normal(); });
}

/// Both sides, as params.factors, init_stddev and seed say.
template <class Scalar, class Params>
void normal_factors(const cpu& policy, row_major_matrix<Scalar>& users,
                    row_major_matrix<Scalar>& items, const Params& params) {
  normal_factors(policy, users, params.factors, params.init_stddev, params.seed,
                 random_purpose::user_factors);
  normal_factors(policy, items, params.factors, params.init_stddev, params.seed,
                 random_purpose::item_factors);
}

}  // namespace recokit::inline RECOKIT_ABI::detail

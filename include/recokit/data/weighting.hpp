// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Transforms of interaction values as explicit types: binary, log, tf-idf, BM25.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/data/interactions.hpp>

#include <string>
#include <variant>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace weighting {

/// Every interaction counts as 1; the result is pattern-only.
struct binary {};

/// 1 + alpha · log(1 + value / epsilon). Hu, Koren, Volinsky, ICDM'08, eq. 6. Needs value >= 0.
struct log {
  float alpha = 1;    ///< in [0, 1e9]
  float epsilon = 1;  ///< finite and greater than 0
};

/// tf · idf with tf = sqrt(value) and idf = log(users / users of the item) + 1. Needs value >= 0.
struct tf_idf {};

/// BM25 with users as documents and items as terms:
/// idf · value · (k1 + 1) / (value + k1 · (1 − b + b · length / mean length)), where length is the
/// sum of the user's values, its mean is over all users, n is the number of users of the item and
/// idf = log(1 + (users − n + 0.5) / (n + 0.5)). A value of 0 weighs 0. Needs value >= 0.
/// Robertson and Zaragoza, 2009.
struct bm25 {
  float k1 = 1.2f;  ///< in [0, 1e9]
  float b = 0.75f;  ///< in [0, 1]
};

}  // namespace weighting

using weighting_scheme =
    std::variant<weighting::binary, weighting::log, weighting::tf_idf, weighting::bm25>;

/// What a scheme learns from interactions (how rare items are, how long users' histories), so that
/// others can be weighed in the same way. An immutable value.
class fitted_weighting {
 public:
  /// binary, which learns nothing.
  fitted_weighting() = default;
  /// O(nonzeros), parallel. @throws value_error for a parameter out of range
  fitted_weighting(const weighting_scheme& scheme, const csr_view<>& interactions,
                   const cpu& policy = {});
  /// From what the accessors of another gave. @throws value_error for a parameter out of range
  fitted_weighting(const weighting_scheme& scheme, std::vector<double> idf, double mean_length);

  const weighting_scheme& scheme() const noexcept { return scheme_; }
  /// One an item, 0 for items that nobody had; empty for schemes that have none.
  const std::vector<double>& idf() const noexcept { return idf_; }
  /// Mean over users of the sum of their values; 0 for schemes that do not look at it.
  double mean_length() const noexcept { return mean_length_; }

  /// The same entries with transformed values; without values each counts as 1. The pattern is
  /// shared. O(nonzeros), parallel.
  /// @throws dimension_error when columns differ from the items learnt from, value_error for a
  /// value
  ///         out of range
  csr_matrix<> apply(const csr_matrix<>& interactions, const cpu& policy = {}) const;

 private:
  weighting_scheme scheme_;
  std::vector<double> idf_;
  double mean_length_ = 0;
};

/// The same interactions with transformed values; without values each counts as 1. The pattern,
/// ids and timestamps are shared with `data`. O(nonzeros), parallel.
/// @throws value_error for a parameter or a value out of range
interactions reweight(const interactions& data, const weighting_scheme& scheme,
                      const cpu& policy = {});

}  // namespace recokit::inline RECOKIT_ABI

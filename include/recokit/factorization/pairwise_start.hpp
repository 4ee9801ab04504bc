// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How the fits of pairwise models begin, and which of their observers look at the model.
#pragma once

#include <recokit/core/observer.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/first_factors.hpp>

#include <cmath>

namespace recokit::inline RECOKIT_ABI::detail {

/// False for observers of the library that never look at the model they are handed.
template <class Observer>
inline constexpr bool sees_model = true;
template <class Observer>
inline constexpr bool sees_model<const Observer> = sees_model<Observer>;
template <class Callback>
inline constexpr bool sees_model<progress<Callback>> = false;
template <class Model>
inline constexpr bool sees_model<warm_start<Model>> = false;
template <class Model>
inline constexpr bool sees_model<resume<Model>> = false;
template <>
inline constexpr bool sees_model<cancel_on> = false;

/// Random rows with a last column: ones for users, biases of 0 for items.
template <class Params>
void first_pair_factors(const cpu& policy, row_major_matrix<float>& users,
                        row_major_matrix<float>& items, const Params& params) {
  const Eigen::Index d = params.factors;
  const double stddev = params.init_stddev / std::sqrt(static_cast<double>(d));
  normal_factors(policy, users, d, stddev, params.seed, random_purpose::user_factors);
  normal_factors(policy, items, d, stddev, params.seed, random_purpose::item_factors);
  users.col(d).setOnes();
}

}  // namespace recokit::inline RECOKIT_ABI::detail

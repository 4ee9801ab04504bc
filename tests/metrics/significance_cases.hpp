// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Pairs of per-user values that the tests of significance.hpp share.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <initializer_list>
#include <limits>

namespace recokit_test {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

inline Eigen::VectorXd vector(std::initializer_list<double> values) {
  Eigen::VectorXd v(static_cast<Eigen::Index>(values.size()));
  Eigen::Index i = 0;
  for (const double x : values) v[i++] = x;
  return v;
}

/// Ten users, one zero difference; no exact ties, because of rounding.
inline const Eigen::VectorXd a =
    vector({0.61, 0.42, 0.85, 0.33, 0.5, 0.72, 0.15, 0.94, 0.38, 0.56});
inline const Eigen::VectorXd b = vector({0.55, 0.47, 0.7, 0.21, 0.5, 0.6, 0.18, 0.83, 0.31, 0.4});
/// Fifteen users, quarters: four zero differences and many ties.
inline const Eigen::VectorXd c =
    vector({0, .25, .5, 1, 1, 0, .75, .5, .25, 0, 1, .5, .25, .75, .5});
inline const Eigen::VectorXd d = vector({0, 0, .25, .5, 1, .25, .25, .5, 0, 0, .25, .75, 0, .5, 1});

inline bool close(double value, double expected, double tolerance = 1e-12) {
  return std::abs(value - expected) <= tolerance * std::fmax(1.0, std::abs(expected));
}

}  // namespace recokit_test

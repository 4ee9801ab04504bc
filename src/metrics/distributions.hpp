// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Normal, Student t and incomplete beta functions for the significance tests.
#pragma once

#include <recokit/core/config.hpp>

namespace recokit::inline RECOKIT_ABI::detail {

/// P(Z <= z) of a standard normal Z; small values keep their relative precision.
double normal_cdf(double z) noexcept;

/// The z with P(Z > z) = tail, for tail in (0, 1).
double normal_upper_quantile(double tail) noexcept;

/// The regularised incomplete beta function I_x(a, b); a, b > 0.
///
/// y is 1 − x, passed beside it because one of the two may be too small to be had from the other.
/// Relative error about 1e-13 as long as the smaller of a and b stays below some hundreds, and
/// growing with it beyond. Cost O(√max(a, b)). Continued fraction BFRAC of Didonato and Morris,
/// ACM TOMS 708 (1992).
double incomplete_beta(double a, double b, double x, double y) noexcept;

/// P(T > t) of Student's t with `degrees` > 0 degrees of freedom.
double student_t_upper_tail(double t, double degrees) noexcept;

/// The t with P(T > t) = tail, for tail in (0, 1/2].
double student_t_upper_quantile(double tail, double degrees) noexcept;

/// ln Γ(x) less Stirling's formula (x − 1/2) ln x − x + ln(2π)/2, for x > 0.
double stirling_error(double x) noexcept;

}  // namespace recokit::inline RECOKIT_ABI::detail

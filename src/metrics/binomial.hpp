// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Exact draws from the binomial distribution.
#pragma once

#include "distributions.hpp"

#include <recokit/core/random.hpp>

#include <cmath>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::detail {

/// Successes in `trials` >= 0 trials of probability p in [0, 1].
///
/// Cost O(1): inversion while the mean is below 10, else transformed rejection with squeeze (BTRS),
/// about 1.2 rounds. Hörmann: The generation of binomial random variates, J. Stat. Comput. Simul.
/// 46, 1993.
inline std::int64_t draw_binomial(random_stream& stream, std::int64_t trials, double p) noexcept {
  if (trials <= 0 || p <= 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - draw_binomial(stream, trials, 1 - p);
  const auto n = static_cast<double>(trials);
  const double q = 1 - p;
  const double odds = p / q;
  if (n * p < 10) {
    const double none = std::exp(n * std::log1p(-p));
    for (;;) {
      double u = stream.uniform();
      double mass = none;
      // Beyond 110 the mass is below 1e-60; only rounding leads there.
      for (std::int64_t k = 0; k <= trials && k <= 110; ++k) {
        if (u < mass) return k;
        u -= mass;
        mass *= odds * (n - static_cast<double>(k)) / (static_cast<double>(k) + 1);
      }
    }
  }
  const double spread = std::sqrt(n * p * q);
  const double b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double c = n * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * spread;
  const double mode = std::floor((n + 1) * p);
  for (;;) {
    const double u = stream.uniform() - 0.5;
    double v = 1 - stream.uniform();  // never 0
    const double us = 0.5 - std::abs(u);
    if (us <= 0) continue;
    const double k = std::floor((2 * a / us + b) * u + c);
    if (k < 0 || k > n) continue;
    if (us >= 0.07 && v <= squeeze) return static_cast<std::int64_t>(k);
    v = std::log(v * alpha / (a / (us * us) + b));
    // ln of pmf(k) / pmf(mode), the factorials by Stirling's formula.
    const double ratio = (mode + 0.5) * std::log((mode + 1) / (odds * (n - mode + 1))) +
                         (n + 1) * std::log((n - mode + 1) / (n - k + 1)) +
                         (k + 0.5) * std::log(odds * (n - k + 1) / (k + 1)) +
                         stirling_error(mode + 1) + stirling_error(n - mode + 1) -
                         stirling_error(k + 1) - stirling_error(n - k + 1);
    if (v <= ratio) return static_cast<std::int64_t>(k);
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail

// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The measures of neighbors/similarity.hpp as functions of what two vectors share: the same
/// lines on the CPU and the GPU, free of Eigen.
///
/// What `first` and `second` point to depends on the measure; see facts_of() in
/// src/neighbors/pair_measures.hpp. No measure returns NaN.
#pragma once

#include <recokit/core/host_device.hpp>
#include <recokit/core/rounded_product.hpp>
#include <recokit/kernels/pair_sums.hpp>

#include <cmath>
#include <cstdint>

namespace recokit::pair_measures {

/// a · b, rounded before it is added to anything.
RECOKIT_HOST_DEVICE inline double rounded(double a, double b) {
#if defined(__CUDA_ARCH__)
  return __dmul_rn(a, b);
#else
  return rounded_product(a, b);
#endif
}

/// What every measure ends with.
struct damping {
  std::int64_t significance = 0;  ///< above 0: pairs with n fewer weigh n / significance
  double amplification = 1;       ///< exponent of the similarity, its sign kept

  RECOKIT_HOST_DEVICE double operator()(double similarity, std::int64_t common) const {
    if (common < significance) {
      similarity *= static_cast<double>(common) / static_cast<double>(significance);
    }
    if (amplification != 1) {
      similarity = std::copysign(std::pow(std::fabs(similarity), amplification), similarity);
    }
    return similarity;
  }
};

RECOKIT_HOST_DEVICE inline double shrunk(double similarity, std::int64_t common, double shrinkage) {
  const auto n = static_cast<double>(common);
  return similarity * (n / (n + shrinkage));
}

/// Part over scale-free product: cosine, asymmetric cosine, conditional probability and lift.
template <class Sums>
struct product_measure {
  using sums_type = Sums;
  const double* first;
  const double* second;
  double scale;      ///< of the numerator
  double shrinkage;  ///< already scaled
  damping damp;

  RECOKIT_HOST_DEVICE double operator()(std::int64_t i, std::int64_t j, const Sums& sums) const {
    const double below = rounded(first[i], second[j]) + shrinkage;
    double above;
    if constexpr (Sums::needs_values) {
      above = sums.xy;
    } else {
      above = static_cast<double>(sums.common);
    }
    return damp(below > 0 ? scale * above / below : 0.0, sums.common);
  }
};

/// Tversky's ratio, and with it Jaccard (alpha = beta = 1) and Dice (1/2, half the shrinkage).
struct ratio_measure {
  using sums_type = pair_count;
  const double* first;
  const double* second;
  double alpha;
  double beta;
  double shrinkage;
  damping damp;

  RECOKIT_HOST_DEVICE double operator()(std::int64_t i, std::int64_t j,
                                        const pair_count& sums) const {
    const auto n = static_cast<double>(sums.common);
    // The two parts are added first, so that equal weights give the same bits from either side.
    const double rest = rounded(alpha, first[i] - n) + rounded(beta, second[j] - n);
    const double below = n + rest + shrinkage;
    return damp(below > 0 ? n / below : 0.0, sums.common);
  }
};

struct euclidean_measure {
  using sums_type = pair_dot;
  const double* first;
  const double* second;
  double shrinkage;
  damping damp;

  RECOKIT_HOST_DEVICE double operator()(std::int64_t i, std::int64_t j,
                                        const pair_dot& sums) const {
    const double squared = first[i] + second[j] - 2 * sums.xy;
    const double distance = std::sqrt(squared > 0 ? squared : 0.0);
    return damp(shrunk(1 / (1 + distance), sums.common, shrinkage), sums.common);
  }
};

/// Cosine over common entries; of values less their mean there when `centered`.
struct common_measure {
  using sums_type = pair_moments;
  bool centered;
  double shrinkage;
  damping damp;

  RECOKIT_HOST_DEVICE double operator()(std::int64_t, std::int64_t,
                                        const pair_moments& sums) const {
    const auto n = static_cast<double>(sums.common);
    double xx = sums.xx;
    double yy = sums.yy;
    double xy = sums.xy;
    if (centered) {
      xx -= sums.x * sums.x / n;
      yy -= sums.y * sums.y / n;
      xy -= sums.x * sums.y / n;
      // A variance that is rounding alone is none.
      if (xx <= 1e-12 * sums.xx || yy <= 1e-12 * sums.yy) return 0;
    }
    const double below = std::sqrt(xx) * std::sqrt(yy);
    if (!(below > 0)) return 0;
    const double cosine = xy / below;
    const double inside = cosine < -1 ? -1.0 : cosine > 1 ? 1.0 : cosine;
    return damp(shrunk(inside, sums.common, shrinkage), sums.common);
  }
};

/// Weight of the walks from one item to another over the users of both, whose last steps sums.xy
/// adds up; see walk_weights() in neighbors/three_step_walk.hpp.
struct walk_measure {
  using sums_type = pair_dot;
  const double* first;   ///< the step from each item to a user
  const double* second;  ///< what holds back walks to it
  bool backwards;        ///< from the second item of a pair to the first

  RECOKIT_HOST_DEVICE double operator()(std::int64_t i, std::int64_t j,
                                        const pair_dot& sums) const {
    return first[backwards ? j : i] * sums.xy * second[backwards ? i : j];
  }
};

}  // namespace recokit::pair_measures

// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The measures of neighbors/similarity.hpp as functions of what two vectors share.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/neighbors/similarity.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// What a measure takes from each of two vectors by itself; its meaning depends on the measure.
struct vector_facts {
  std::vector<double> as_first;
  std::vector<double> as_second;
};

/// Facts of the rows of `vectors`. O(nonzeros), parallel.
inline vector_facts facts_of(const cpu& policy, const csr_view<>& vectors,
                             const similarity_options& options) {
  const auto count = static_cast<std::size_t>(vectors.rows());
  vector_facts facts{std::vector<double>(count), std::vector<double>(count)};
  parallel_for(policy, vectors.rows(), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (auto v = static_cast<std::size_t>(begin); std::cmp_less(v, end); ++v) {
      const auto row = vectors.row(static_cast<std::int64_t>(v));
      const auto size = static_cast<double>(row.size());
      double squares = row.values.empty() ? size : 0;
      for (const float x : row.values) {
        squares += static_cast<double>(x) * static_cast<double>(x);
      }
      double& first = facts.as_first[v];
      double& second = facts.as_second[v];
      switch (options.measure) {
        case similarity_measure::cosine:
          first = second = std::sqrt(squares);
          break;
        case similarity_measure::asymmetric_cosine:
          first = std::pow(squares, options.alpha);
          second = std::pow(squares, 1 - options.alpha);
          break;
        case similarity_measure::conditional_probability:
          first = size;
          second = std::pow(size, options.beta);
          break;
        case similarity_measure::euclidean:
          first = second = squares;
          break;
        default:
          first = second = size;
      }
    }
  });
  return facts;
}

/// What every measure ends with.
class damping {
 public:
  explicit damping(const similarity_options& options)
      : significance_(options.significance),
        amplification_(options.amplification),
        is_plain_(options.significance == 0 && options.amplification == 1) {}

  double operator()(double similarity, std::int64_t common) const {
    if (is_plain_) return similarity;
    if (common < significance_) {
      similarity *= static_cast<double>(common) / static_cast<double>(significance_);
    }
    if (amplification_ != 1) {
      similarity = std::copysign(std::pow(std::abs(similarity), amplification_), similarity);
    }
    return similarity;
  }

 private:
  std::int64_t significance_;
  double amplification_;
  bool is_plain_;
};

/// Part over scale-free product: cosine, asymmetric cosine, conditional probability and lift.
template <class Sums>
struct product_measure {
  const double* first;
  const double* second;
  double scale;      // of the numerator
  double shrinkage;  // already scaled
  damping damp;

  double operator()(std::int64_t i, std::int64_t j, const Sums& sums) const {
    const double below = first[i] * second[j] + shrinkage;
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
  const double* first;
  const double* second;
  double alpha;
  double beta;
  double shrinkage;
  damping damp;

  double operator()(std::int64_t i, std::int64_t j, const kernels::pair_count& sums) const {
    const auto n = static_cast<double>(sums.common);
    // The two parts are added first, so that equal weights give the same bits from either side.
    const double below = n + (alpha * (first[i] - n) + beta * (second[j] - n)) + shrinkage;
    return damp(below > 0 ? n / below : 0.0, sums.common);
  }
};

inline double shrunk(double similarity, std::int64_t common, double shrinkage) {
  const auto n = static_cast<double>(common);
  return similarity * (n / (n + shrinkage));
}

struct euclidean_measure {
  const double* first;
  const double* second;
  double shrinkage;
  damping damp;

  double operator()(std::int64_t i, std::int64_t j, const kernels::pair_dot& sums) const {
    const double squared = std::max(0.0, first[i] + second[j] - 2 * sums.xy);
    return damp(shrunk(1 / (1 + std::sqrt(squared)), sums.common, shrinkage), sums.common);
  }
};

/// Cosine over common entries; of values less their mean there when `centered`.
struct common_measure {
  bool centered;
  double shrinkage;
  damping damp;

  double operator()(std::int64_t, std::int64_t, const kernels::pair_moments& sums) const {
    const auto n = static_cast<double>(sums.common);
    double xx = sums.xx, yy = sums.yy, xy = sums.xy;
    if (centered) {
      xx -= sums.x * sums.x / n;
      yy -= sums.y * sums.y / n;
      xy -= sums.x * sums.y / n;
      // A variance that is rounding alone is none.
      if (xx <= 1e-12 * sums.xx || yy <= 1e-12 * sums.yy) return 0;
    }
    const double below = std::sqrt(xx) * std::sqrt(yy);
    if (!(below > 0)) return 0;
    return damp(shrunk(std::clamp(xy / below, -1.0, 1.0), sums.common, shrinkage), sums.common);
  }
};

/// Calls with(measure, symmetry, sums): the measure of the options as a function of pairs, whether
/// it is symmetric, and an empty object of the sums that it wants.
/// @param first, second facts of the vectors that the first and the second index of a pair mean
/// @param population    how long a vector could be: N of lift
/// @param with_values   false when all values are 1
template <class With>
auto with_measure(const similarity_options& options, const vector_facts& first,
                  const vector_facts& second, double population, bool with_values,
                  const With& with) {
  using kernels::pair_count;
  using kernels::pair_dot;
  using kernels::pair_symmetry;
  const damping damp(options);
  const double* const x = first.as_first.data();
  const double* const y = second.as_second.data();
  const double lambda = options.shrinkage;
  const auto ratio = [&](double alpha, double beta, double shrinkage) {
    return with(ratio_measure{x, y, alpha, beta, shrinkage, damp},
                alpha == beta ? pair_symmetry::symmetric : pair_symmetry::none, pair_count{});
  };
  const auto product = [&](bool is_symmetric, bool of_values, double scale) {
    const auto symmetry = is_symmetric ? pair_symmetry::symmetric : pair_symmetry::none;
    return of_values ? with(product_measure<pair_dot>{x, y, scale, lambda * scale, damp}, symmetry,
                            pair_dot{})
                     : with(product_measure<pair_count>{x, y, scale, lambda * scale, damp},
                            symmetry, pair_count{});
  };
  switch (options.measure) {
    case similarity_measure::adjusted_cosine:
    case similarity_measure::pearson:
      return with(common_measure{options.measure == similarity_measure::pearson, lambda, damp},
                  pair_symmetry::symmetric, kernels::pair_moments{});
    case similarity_measure::jaccard:
      return ratio(1, 1, lambda);
    case similarity_measure::tversky:
      return ratio(options.alpha, options.beta, lambda);
    case similarity_measure::dice:
      return ratio(0.5, 0.5, lambda / 2);
    case similarity_measure::asymmetric_cosine:
      return product(options.alpha == 0.5, with_values, 1);
    case similarity_measure::conditional_probability:
      return product(false, false, 1);
    case similarity_measure::lift:
      return product(true, false, population);
    case similarity_measure::euclidean:
      return with(euclidean_measure{x, y, lambda, damp}, pair_symmetry::symmetric, pair_dot{});
    default:
      return product(true, with_values, 1);
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail

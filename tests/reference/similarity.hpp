// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The measures of neighbors/similarity.hpp by loops over dense columns, as their comments
/// state them.
#pragma once

#include "random_matrix.hpp"

#include <recokit/neighbors/similarity.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace recokit_test {

/// A matrix written out, with what is stored told apart from what is not.
struct dense_entries {
  Eigen::MatrixXd value;
  Eigen::MatrixXi stored;

  explicit dense_entries(const recokit::csr_view<>& matrix)
      : value(dense(matrix)), stored(Eigen::MatrixXi::Zero(matrix.rows(), matrix.cols())) {
    for (recokit::index_t r = 0; r < matrix.rows(); ++r) {
      for (const auto c : matrix.row(r).indices) stored(r, c) = 1;
    }
  }
};

/// NaN when columns i and j of the matrix are no neighbours. tf_idf and bm25 are for the caller.
inline double naive_similarity(const dense_entries& x, const recokit::similarity_options& o, int i,
                               int j) {
  using recokit::similarity_measure;
  const auto rows = static_cast<int>(x.value.rows());
  double n = 0, size_i = 0, size_j = 0, dot = 0, squares_i = 0, squares_j = 0, squared_distance = 0;
  std::vector<double> a, b;  // over common entries
  for (int r = 0; r < rows; ++r) {
    double mean = 0;
    if (o.measure == similarity_measure::adjusted_cosine && x.stored.row(r).sum() > 0) {
      mean = x.value.row(r).sum() / x.stored.row(r).sum();
    }
    size_i += x.stored(r, i);
    size_j += x.stored(r, j);
    dot += x.value(r, i) * x.value(r, j);
    squares_i += x.value(r, i) * x.value(r, i);
    squares_j += x.value(r, j) * x.value(r, j);
    squared_distance += std::pow(x.value(r, i) - x.value(r, j), 2);
    if (x.stored(r, i) != 0 && x.stored(r, j) != 0) {
      ++n;
      a.push_back(x.value(r, i) - mean);
      b.push_back(x.value(r, j) - mean);
    }
  }
  if (n < o.minimum_support) return std::numeric_limits<double>::quiet_NaN();
  const double lambda = o.shrinkage;
  const auto ratio = [](double above, double below) { return below > 0 ? above / below : 0.0; };
  const auto cosine_of = [&](std::vector<double> p, std::vector<double> q, bool centered) {
    if (centered) {
      double mean_p = 0, mean_q = 0;
      for (std::size_t e = 0; e < p.size(); ++e) {
        mean_p += p[e] / n;
        mean_q += q[e] / n;
      }
      for (auto& e : p) e -= mean_p;
      for (auto& e : q) e -= mean_q;
    }
    double pq = 0, pp = 0, qq = 0;
    for (std::size_t e = 0; e < p.size(); ++e) {
      pq += p[e] * q[e];
      pp += p[e] * p[e];
      qq += q[e] * q[e];
    }
    if (pp < 1e-9 || qq < 1e-9) return 0.0;
    return pq / std::sqrt(pp * qq) * n / (n + lambda);
  };
  double s = 0;
  switch (o.measure) {
    case similarity_measure::cosine:
      s = ratio(dot, std::sqrt(squares_i * squares_j) + lambda);
      break;
    case similarity_measure::adjusted_cosine:
      s = cosine_of(a, b, false);
      break;
    case similarity_measure::pearson:
      s = cosine_of(a, b, true);
      break;
    case similarity_measure::jaccard:
      s = ratio(n, size_i + size_j - n + lambda);
      break;
    case similarity_measure::tversky:
      s = ratio(n, n + o.alpha * (size_i - n) + o.beta * (size_j - n) + lambda);
      break;
    case similarity_measure::dice:
      s = ratio(2 * n, size_i + size_j + lambda);
      break;
    case similarity_measure::asymmetric_cosine:
      s = ratio(dot, std::pow(squares_i, o.alpha) * std::pow(squares_j, 1 - o.alpha) + lambda);
      break;
    case similarity_measure::conditional_probability:
      s = ratio(n, size_i * std::pow(size_j, o.beta) + lambda);
      break;
    case similarity_measure::lift:
      s = ratio(n, size_i * size_j / rows + lambda);
      break;
    case similarity_measure::euclidean:
      s = 1 / (1 + std::sqrt(squared_distance)) * n / (n + lambda);
      break;
  }
  if (n < o.significance) s *= n / o.significance;
  return std::copysign(std::pow(std::abs(s), o.amplification), s);
}

/// All measures, plain and with every option that changes them.
inline std::vector<recokit::similarity_options> all_similarities() {
  std::vector<recokit::similarity_options> all;
  for (std::size_t m = 0; m < recokit::enum_names(recokit::similarity_measure{}).size(); ++m) {
    recokit::similarity_options o;
    o.measure = static_cast<recokit::similarity_measure>(m);
    all.push_back(o);
    o.alpha = 0.3;
    o.beta = 0.8;
    o.shrinkage = 2.5;
    o.significance = 4;
    o.amplification = 1.5;
    o.minimum_support = 2;
    all.push_back(o);
  }
  return all;
}

/// `params` with these options.
template <class Params>
Params with_similarity(const recokit::similarity_options& o, Params params = {}) {
  params.weighting = o.weighting;
  params.measure = o.measure;
  params.alpha = o.alpha;
  params.beta = o.beta;
  params.shrinkage = o.shrinkage;
  params.significance = o.significance;
  params.amplification = o.amplification;
  params.minimum_support = o.minimum_support;
  return params;
}

/// Matrices that measures get wrong: ordinary, with negative values, all rows equal, one item, no
/// interactions.
inline std::vector<recokit::csr_matrix<>> odd_matrices() {
  std::vector<recokit::csr_matrix<>> all{random_matrix(40, 24, 0.25, 31),
                                         random_matrix(40, 24, 0.25, 32, 1)};
  const auto& ordinary = all.front().view();
  std::vector<float> values(ordinary.values().begin(), ordinary.values().end());
  for (auto& value : values) value -= 3;  // 0 among them
  all.emplace_back(
      ordinary.rows(), ordinary.cols(),
      std::vector<recokit::offset_t>(ordinary.offsets().begin(), ordinary.offsets().end()),
      std::vector<recokit::index_t>(ordinary.indices().begin(), ordinary.indices().end()), values);
  all.emplace_back(3, 3, std::vector<recokit::offset_t>{0, 3, 6, 9},
                   std::vector<recokit::index_t>{0, 1, 2, 0, 1, 2, 0, 1, 2},
                   std::vector<float>{1, 4, 2, 1, 4, 2, 1, 4, 2});
  all.push_back(random_matrix(7, 1, 1.0, 33));
  all.emplace_back(4, 5, std::vector<recokit::offset_t>{0, 0, 0, 0, 0},
                   std::vector<recokit::index_t>{}, std::vector<float>{});
  return all;
}

}  // namespace recokit_test
